// On a narrow screen a long section shows its finding, and the rest when it is opened. Without scripts all of it shows.
(function () {
  "use strict";
  var narrow = window.matchMedia("(max-width: 640px)");
  var main = document.querySelector("main[data-more]");
  if (!main || !narrow.matches) { return; }
  var long = 700;
  var folds = [];
  Array.prototype.slice.call(main.querySelectorAll(":scope > section"), 1).forEach(function (section) {
    // A map keeps its place: it measures itself where it stands.
    if (section.offsetHeight < long || section.querySelector(".flow-map")) { return; }
    var fold = document.createElement("details");
    fold.className = "fold";
    fold.appendChild(document.createElement("summary")).textContent = main.getAttribute("data-more");
    Array.prototype.slice.call(section.children).forEach(function (child) {
      if (child.tagName !== "H2" && !child.classList.contains("finding")) { fold.appendChild(child); }
    });
    section.appendChild(fold);
    folds.push(fold);
  });
  function openAll() { folds.forEach(function (fold) { fold.open = true; }); }
  function openTarget() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    var fold = target.closest(".fold") || target.querySelector(":scope > .fold");
    if (fold) { fold.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", openAll);
  narrow.addEventListener("change", function () { if (!narrow.matches) { openAll(); } });
  openTarget();
})();

// One button opens or folds every folded part: for printing and for searching the page. Without scripts it stays hidden.
(function () {
  "use strict";
  var button = document.querySelector(".unfold");
  if (!button) { return; }
  var parts = Array.prototype.slice.call(document.querySelectorAll("details"));
  var open = false;
  button.hidden = parts.length === 0;
  button.addEventListener("click", function () {
    open = !open;
    parts.forEach(function (part) { part.open = open; });
    button.textContent = button.getAttribute(open ? "data-fold" : "data-unfold");
    button.setAttribute("aria-expanded", String(open));
  });
})();
