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
