// The text with its clauses marked; a piece where clauses overlap belongs to each of them.
var ENDS = /\n/;

function drawSource() {
  var box = document.querySelector("#source .text"), named = {}, line = el("p"), lines = [];
  var cuts = [0, chars.length];
  state.clauses.forEach(function (clause) { cuts.push(clause.start, clause.end); });
  cuts = Array.from(new Set(cuts)).sort(function (one, other) { return one - other; });
  var waiting = inOrder(state.clauses), inside = [], next = 0;
  for (var i = 0; i + 1 < cuts.length; i += 1) {
    var at = cuts[i];
    inside = inside.filter(function (clause) { return clause.end > at; });
    while (next < waiting.length && waiting[next].start <= at) { inside.push(waiting[next]); next += 1; }
    textOf(at, cuts[i + 1]).split(ENDS).forEach(function (part, number) {
      if (number) { lines.push(line); line = el("p"); at += 1; }
      if (part) { line.append(piece(part, at, inside, named)); at += lengthOf(part); }
    });
  }
  lines.push(line);
  box.replaceChildren.apply(box, lines.filter(function (one) { return one.textContent.trim(); }));
  paintMarks();
}
function piece(part, at, inside, named) {
  var run = el("span", { "data-at": at }, part);
  if (!inside.length) { return run; }
  var numbers = inside.filter(function (clause) { return !named[clause.id]; }).map(function (clause) {
    named[clause.id] = true;
    return el("a", { href: "#c-" + clause.id, class: "number" }, clause.id);
  });
  return el("mark", { "data-ids": inside.map(function (clause) { return clause.id; }).join(" ") }, numbers.concat([run]));
}
function paintMarks() {
  all("#source mark").forEach(function (mark) {
    var inside = mark.dataset.ids.split(" ").map(clauseOf).filter(Boolean);
    var level = Math.max.apply(null, inside.map(function (clause) { return clause.strength || 0; }).concat([0]));
    var now = mark.dataset.ids.split(" ").indexOf(current) >= 0;
    mark.className = "s" + level + " is-" + (inside.length ? inside[0].status : "draft") + (now ? " current" : "");
  });
}
function showInSource() {
  var own = document.querySelector("#source mark.current"), box = byId("source");
  if (!own || box.scrollHeight <= box.clientHeight) { return; }
  var top = own.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (top < 20 || top > box.clientHeight - 140) { box.scrollTop += top - box.clientHeight / 3; }
}
