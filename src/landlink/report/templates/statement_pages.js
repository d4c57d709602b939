// Filters of the pages on statements. Without scripts, everything is shown.
(function () {
  "use strict";
  var form = document.getElementById("filters");
  var items = Array.prototype.slice.call(document.querySelectorAll("[data-kind]"));
  var count = document.getElementById("count"), none = document.getElementById("none");
  var plain = function (text) { return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(); };
  var texts = items.map(function (item) { return plain(item.textContent); });
  var has = function (list, value) { return !value || list.split(" ").indexOf(value) >= 0; };

  function value(name) { var box = form.elements[name]; return box ? box.value : ""; }
  function apply() {
    var words = plain(value("search")).split(/\s+/).filter(Boolean), shown = 0;
    var overdue = form.elements.overdue && form.elements.overdue.checked;
    items.forEach(function (item, at) {
      var fits = has(item.dataset.kind, value("kind")) && has(item.dataset.topics, value("topic")) &&
        has(item.dataset.parties, value("party")) && (!overdue || item.dataset.kind === "overdue") &&
        words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = shown.toLocaleString(document.documentElement.lang === "ar" ? "ar-EG" : document.documentElement.lang);
    none.hidden = shown > 0;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
})();
