// What the buttons and keys do.
function act(what) {
  var id = current, who = id && reviewer();
  if (!who) { return; }
  say("");
  if (what === "accept" || what === "acceptAll") {
    if (disputes(clauseOf(id)).length) { say(words.settle_first); return; }
    change(id, function (clause) { if (what === "acceptAll") { acceptSuggestions(clause, who); } setStatus(clause, "accepted", who); });
  } else if (what === "reject" || what === "draft") {
    change(id, function (clause) { setStatus(clause, what === "reject" ? "rejected" : "draft", who); });
  } else if (what === "merge") { mergeWithNext(id, who); } else if (what === "split") { split(id); }
}
function split(id) {
  var clause = clauseOf(id), chosen = selected();
  var places = chosen && [chosen.start, chosen.end].filter(function (place) { return place > clause.start && place < clause.end; });
  if (places && places.length && chosen.end > chosen.start) { splitAt(id, places[0]); return; }
  splitting = id;
  drawNow();
  var area = document.querySelector("[data-split]");
  area.focus();
  area.setSelectionRange(0, 0);
}
function splitAt(id, place) {
  var who = reviewer();
  if (!who) { return; }
  splitting = null;
  if (!splitClause(id, place, who)) { say(words.split_how); }
}
function add(span) {
  var who = reviewer();
  if (!who) { return; }
  if (!span || span.start === span.end) { say(words.select_first); return; }
  var id = addClause(span, who);
  if (id) { drawNow(); choose(id, true); } else { say(words.select_first); }
}
function sortAnew() { tiers = {}; opened = {}; drawList(); }

// Drawn once the focus has moved on, which a change of a field precedes.
var waiting = null;
function drawSoon() { if (!waiting) { waiting = setTimeout(drawNow, 0); } }
function drawNow() {
  clearTimeout(waiting);
  waiting = null;
  if (current && !clauseOf(current)) { current = null; }
  draw();
}

listeners.push(drawSoon);
all("#filters select").forEach(function (box) { box.addEventListener("change", sortAnew); });
byId("search").addEventListener("input", sortAnew);
byId("filters").addEventListener("submit", function (event) { event.preventDefault(); });
byId("save").addEventListener("click", save);
byId("download").addEventListener("click", download);
byId("undo").addEventListener("click", undo);
byId("redo").addEventListener("click", redo);
// The click would clear the selection.
byId("add").addEventListener("mousedown", function (event) { event.preventDefault(); });
byId("add").addEventListener("click", function () { add(selected()); });
byId("list").addEventListener("mousedown", function (event) { if (event.target.closest("[data-do=split]")) { event.preventDefault(); } });
document.querySelector("#source .text").addEventListener("click", function (event) {
  var mark = event.target.closest("mark"), chosen = window.getSelection();
  if (!mark || !chosen.isCollapsed) { return; }
  event.preventDefault();
  choose(mark.dataset.ids.split(" ")[0], true);
});
window.addEventListener("beforeunload", function (event) { if (dirty) { event.preventDefault(); } });
document.addEventListener("keydown", function (event) {
  var at = event.target, typing = /^(SELECT|TEXTAREA)$/.test(at.tagName) || (at.tagName === "INPUT" && at.type !== "checkbox");
  var chord = event.ctrlKey || event.metaKey;
  if (chord && !event.altKey && !typing && /^[zy]$/i.test(event.key)) {
    event.preventDefault();
    if (event.key.toLowerCase() === "y" || event.shiftKey) { redo(); } else { undo(); }
    return;
  }
  if (typing || chord || event.altKey || !byId("keys-on").checked) { return; }
  // A key can come before what the last one changed is drawn, which would take a field away from who writes in it.
  if (waiting) { drawNow(); }
  var keys = {
    j: function () { step(1); }, k: function () { step(-1); }, s: save, u: undo, U: redo, n: function () { add(selected()); },
    a: function () { act("accept"); }, A: function () { act("acceptAll"); }, r: function () { act("reject"); },
    x: function () { act("split"); }, m: function () { act("merge"); },
    e: function () { var field = document.querySelector(".card.current [data-field=indicator]"); if (field) { field.focus(); } }
  };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

byId("tools").hidden = false;
recover();
draw();
