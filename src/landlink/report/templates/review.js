// Reviewing by keyboard and by mouse. The register stays a plain object; saving writes it as YAML.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var register = data.register, words = data.words;
  var byId = {}, current = null, dirty = false;
  register.clauses.forEach(function (clause) { byId[clause.id] = clause; });
  var all = function (query, within) { return Array.prototype.slice.call((within || document).querySelectorAll(query)); };
  var cards = all(".card"), marks = all("mark");
  var name = document.getElementById("name"), message = document.getElementById("message");

  function say(text) { message.textContent = text; }
  function touched() { dirty = true; say(words.unsaved); }
  function visible() { return cards.filter(function (card) { return !card.hidden; }); }
  function marksOf(id) { return marks.filter(function (mark) { return mark.dataset.ids.split(" ").indexOf(id) >= 0; }); }

  function select(card, focus) {
    if (!card) { return; }
    if (current) { current.classList.remove("current"); }
    current = card;
    card.classList.add("current");
    marks.forEach(function (mark) { mark.classList.remove("current"); });
    var own = marksOf(card.dataset.id);
    own.forEach(function (mark) { mark.classList.add("current"); });
    if (focus) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest", behavior: "instant" }); }
    if (own.length) {
      var box = document.getElementById("source"), top = own[0].getBoundingClientRect().top - box.getBoundingClientRect().top;
      if (top < 20 || top > box.clientHeight - 140) { box.scrollTop += top - box.clientHeight / 3; }
    }
  }

  function step(by) {
    var list = visible(), at = list.indexOf(current);
    select(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))], true);
  }

  function reviewer() {
    var who = name.value.trim();
    if (!who) { say(words.name_needed); name.focus(); }
    return who;
  }

  function show(card) {
    var clause = byId[card.dataset.id];
    ["draft", "accepted", "rejected"].forEach(function (status) {
      [card].concat(marksOf(clause.id)).forEach(function (part) { part.classList.toggle("is-" + status, clause.status === status); });
    });
    card.querySelector(".status").textContent = words[clause.status];
    card.querySelector(".whole-by").textContent = clause.accepted_by ? words.by + " " + clause.accepted_by : "";
    all(".suggestion", card).forEach(function (line) {
      var box = line.querySelector("input"), item = clause.suggested[box.dataset.field];
      box.checked = Boolean(item && item.accepted_by);
      line.querySelector(".by").textContent = item && item.accepted_by ? words.by + " " + item.accepted_by : "";
    });
  }

  function accept(card, withSuggestions) {
    var who = reviewer();
    if (!who) { return; }
    var clause = byId[card.dataset.id];
    clause.status = "accepted";
    clause.accepted_by = who;
    if (withSuggestions) {
      Object.keys(clause.suggested).forEach(function (field) { clause.suggested[field].accepted_by = clause.suggested[field].accepted_by || who; });
    }
    show(card); touched(); apply();
  }

  function reject(card) {
    var clause = byId[card.dataset.id];
    clause.status = "rejected";
    clause.accepted_by = null;
    show(card); touched(); apply();
  }

  function tick(card, box) {
    var item = byId[card.dataset.id].suggested[box.dataset.field];
    var who = box.checked ? reviewer() : null;
    item.accepted_by = who || null;
    show(card); touched();
  }

  // What a person types is no reading of the text, so it stands under suggested, accepted by that person.
  function indicator(card, input) {
    var clause = byId[card.dataset.id], text = input.value.trim();
    var who = text ? reviewer() : "";
    clause.indicator = null;
    delete clause.rules.indicator;
    if (text) { clause.suggested.indicator = { value: text, rule: "reviewer", why: null, accepted_by: who || null }; } else { delete clause.suggested.indicator; }
    var shown = card.querySelector("[data-value=indicator]");
    if (shown) { shown.textContent = text; }
    show(card); touched();
  }

  function apply() {
    var wanted = {};
    ["strength", "topic", "status", "flag"].forEach(function (key) { wanted[key] = document.getElementById("by-" + key).value; });
    cards.forEach(function (card) {
      var clause = byId[card.dataset.id], level = clause.strength;
      card.hidden = !((!wanted.strength || (wanted.strength === "hard" ? level !== null && level >= 2 : String(level) === wanted.strength)) &&
        (!wanted.topic || clause.topics.indexOf(wanted.topic) >= 0) && (!wanted.status || clause.status === wanted.status) &&
        (!wanted.flag || clause.flags.indexOf(wanted.flag) >= 0));
    });
    document.getElementById("count").textContent = visible().length.toLocaleString(document.documentElement.lang);
  }

  // YAML in block style; texts in the quotation marks of JSON, which YAML reads alike.
  function scalar(value) { return value === null || value === undefined ? "null" : typeof value === "string" ? JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, function (sign) { return "\\u" + ("000" + sign.charCodeAt(0).toString(16)).slice(-4); }) : String(value); }
  function plainList(value) { return Array.isArray(value) && value.every(function (item) { return item === null || typeof item !== "object"; }); }
  function yaml(value, indent) {
    if (Array.isArray(value)) {
      return value.map(function (item) {
        return indent + "- " + yaml(item, indent + "  ").replace(/^ +/, "");
      }).join("");
    }
    return Object.keys(value).map(function (key) {
      var item = value[key], head = indent + JSON.stringify(key) + ":";
      if (plainList(item)) { return head + " [" + item.map(scalar).join(", ") + "]\n"; }
      if (item === null || typeof item !== "object") { return head + " " + scalar(item) + "\n"; }
      return Object.keys(item).length ? head + "\n" + yaml(item, indent + "  ") : head + " {}\n";
    }).join("");
  }

  function save() {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml(register, "")], { type: "text/yaml;charset=utf-8" }));
    link.download = data.name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    dirty = false;
    say("");
  }

  cards.forEach(function (card) {
    card.addEventListener("focusin", function () { select(card, false); });
    card.addEventListener("click", function () { select(card, false); });
    card.querySelector("[data-do=accept]").addEventListener("click", function () { accept(card, false); });
    card.querySelector("[data-do=reject]").addEventListener("click", function () { reject(card); });
    card.querySelector(".indicator input").addEventListener("change", function (event) { indicator(card, event.target); });
    all(".suggestion input", card).forEach(function (box) { box.addEventListener("change", function () { tick(card, box); }); });
  });
  marks.forEach(function (mark) {
    mark.addEventListener("click", function (event) {
      event.preventDefault();
      select(document.getElementById("c-" + mark.dataset.ids.split(" ")[0]), true);
    });
  });
  all("#filters select").forEach(function (box) { box.addEventListener("change", apply); });
  document.getElementById("filters").addEventListener("submit", function (event) { event.preventDefault(); });
  document.getElementById("save").addEventListener("click", save);
  window.addEventListener("beforeunload", function (event) { if (dirty) { event.preventDefault(); } });
  document.addEventListener("keydown", function (event) {
    var at = event.target, typing = /^(SELECT|TEXTAREA)$/.test(at.tagName) || (at.tagName === "INPUT" && at.type === "text");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("keys-on").checked) { return; }
    var act = {
      j: function () { step(1); }, k: function () { step(-1); }, s: save,
      a: function () { if (current) { accept(current, false); } }, A: function () { if (current) { accept(current, true); } },
      r: function () { if (current) { reject(current); } },
      e: function () { if (current) { current.querySelector(".indicator input").focus(); } }
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
