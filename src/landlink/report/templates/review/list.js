// The list: what is disputed, what is firm and measurable, what is firm, and the rest; sentences in order of weight.
var TIERS = ["disputed", "first", "firm", "rest"], FEW = 12;
var current = null, splitting = null, opened = {}, tiers = {};

function isMeasurable(clause) {
  if (valueOf(clause, "measurable") === "not_measurable") { return false; }
  return Boolean(clause.quantity || clause.deadline || clause.due_after || clause.target || clause.indicator || clause.suggested.target || clause.suggested.indicator);
}
function isFirm(clause) { return clause.strength !== null && clause.strength >= data.hard_from; }
// A clause keeps its place while it is worked on; filters and a new order sort anew.
function tierOf(clause) {
  if (!tiers[clause.id]) {
    var sort = isFirm(clause) ? (isMeasurable(clause) ? "first" : "firm") : "rest";
    tiers[clause.id] = disputes(clause).length ? "disputed" : sort;
  }
  return tiers[clause.id];
}
function weight(clause) {
  var facts = [clause.quantity, clause.deadline || clause.due_after, valueOf(clause, "indicator") || clause.suggested.indicator, clause.suggested.target || clause.target];
  return (clause.strength || 0) + facts.filter(Boolean).length * 2;
}

function wanted() {
  var found = { words: byId("search").value.trim().toLowerCase() };
  ["strength", "topic", "status", "flag"].forEach(function (key) { found[key] = byId("by-" + key).value; });
  return found;
}
function fits(clause, wish) {
  return (!wish.strength || (wish.strength === "hard" ? isFirm(clause) : String(clause.strength) === wish.strength)) &&
    (!wish.topic || clause.topics.indexOf(wish.topic) >= 0) && (!wish.status || clause.status === wish.status) &&
    (!wish.flag || (wish.flag === "disputed" ? disputes(clause).length > 0 : clause.flags.indexOf(wish.flag) >= 0)) &&
    (!wish.words || [clause.id, textOf(clause.start, clause.end), clause.gloss || "", Object.values(clause.glosses || {}).join(" "), clause.note || ""].join(" ").toLowerCase().indexOf(wish.words) >= 0);
}

function drawList() {
  var wish = wanted(), chosen = Object.values(wish).some(Boolean), found = state.clauses.filter(function (clause) { return fits(clause, wish); });
  var groups = byId("order").value === "text" ? [["all", found]] : TIERS.map(function (tier) {
    return [tier, found.filter(function (clause) { return tierOf(clause) === tier; })];
  });
  groups = groups.filter(function (group) { return group[1].length; });
  var first = groups.length ? groups[0][0] : "";
  byId("list").replaceChildren.apply(byId("list"), groups.map(function (group) {
    var tier = group[0];
    var open = opened[tier] !== undefined ? opened[tier] : chosen || tier === first || tier === "first" || state.clauses.length <= FEW;
    return drawTier(tier, group[1], open);
  }));
  byId("count").textContent = counted(found.length) + " / " + counted(state.clauses.length);
  drawMisses();
}

// A folded group is filled when it is opened.
function drawTier(tier, clauses, open) {
  var left = clauses.filter(function (clause) { return clause.status === "draft"; }).length;
  var box = el("details", { class: "tier", "data-tier": tier, open: open }, el("summary", {}, [
    el("strong", {}, tier === "all" ? words.register : words["tier_" + tier]), " ", counted(clauses.length), el("span", { class: "soft" }, " · " + words.undecided + ": " + counted(left))
  ]));
  function fill() { if (!box.querySelector("section")) { bySentence(clauses, tier === "all").forEach(function (group) { box.append(drawSentence(group)); }); } }
  if (open) { fill(); }
  box.addEventListener("toggle", function () { opened[tier] = box.open; if (box.open) { fill(); } });
  box.fill = fill;
  return box;
}
function bySentence(clauses, inTextOrder) {
  var groups = [], index = {};
  clauses.forEach(function (clause) {
    var key = clause.sentence === null ? "at" + clause.start : clause.sentence;
    if (!index[key]) { index[key] = { sentence: clause.sentence, weight: 0, clauses: [] }; groups.push(index[key]); }
    index[key].clauses.push(clause);
    index[key].weight = Math.max(index[key].weight, weight(clause));
  });
  return inTextOrder ? groups : groups.sort(function (one, other) { return other.weight - one.weight || one.clauses[0].start - other.clauses[0].start; });
}
function drawSentence(group) {
  var several = group.clauses.length > 1 && group.sentence !== null;
  return el("section", { class: several ? "sentence" : "" }, [
    several ? el("h4", {}, words.sentence + " " + counted(group.sentence + 1) + " · " + counted(group.clauses.length)) : null
  ].concat(group.clauses.map(drawCard)));
}

function drawMisses() {
  var list = byId("misses");
  byId("misses-count").textContent = counted(state.unclassified.length);
  list.replaceChildren.apply(list, state.unclassified.map(function (item) {
    return el("li", {}, [el("span", { "data-at": item.start }, textOf(item.start, item.end)), " ", button(words.add_sentence, function () { add(item); }, { "data-do": "add-sentence" })]);
  }));
}

// Draw all anew without losing the place of who works on it.
function draw() {
  var at = document.activeElement, field = at && at.dataset && (at.dataset.field || at.dataset.do || at.dataset.suggestion || at.dataset.settle), id = at && at.closest && at.closest(".card") && at.closest(".card").dataset.id;
  var logs = document.querySelector(".card.current details.log[open]"), top = window.scrollY;
  drawList();
  drawSource();
  if (logs) { var log = document.querySelector(".card.current details.log"); if (log) { log.open = true; } }
  if (id) {
    var card = byId("c-" + id) || byId("c-" + current);
    var control = card && field && Array.from(card.querySelectorAll("[data-field],[data-do],[data-suggestion],[data-settle]")).find(function (one) {
      return [one.dataset.field, one.dataset.do, one.dataset.suggestion, one.dataset.settle].indexOf(field) >= 0;
    });
    if (card) { (control || card).focus({ preventScroll: true }); }
  }
  window.scrollTo({ top: top, behavior: "instant" });
  byId("undo").disabled = !past.length;
  byId("redo").disabled = !future.length;
}

// Choose a clause: its card opens, and the one before closes.
function choose(id, focus) {
  if (!clauseOf(id)) { return; }
  if (current !== id) {
    var before = current && byId("c-" + current);
    current = id;
    splitting = null;
    if (before) { before.replaceWith(drawCard(clauseOf(before.dataset.id))); }
    reveal(id);
    var card = byId("c-" + id);
    if (card) {
      var held = card.contains(document.activeElement);
      card.replaceWith(drawCard(clauseOf(id)));
      if (held) { byId("c-" + id).focus({ preventScroll: true }); }
    }
    paintMarks();
    showInSource();
  }
  if (focus) {
    reveal(id);
    var own = byId("c-" + id);
    if (own) { own.focus({ preventScroll: true }); own.scrollIntoView({ block: "nearest", behavior: "instant" }); }
  }
}
function reveal(id) {
  all(".tier").forEach(function (box) {
    if (!box.open && byId("order").value !== "text" && tierOf(clauseOf(id)) === box.dataset.tier) { box.fill(); box.open = true; opened[box.dataset.tier] = true; }
  });
}
function step(by) {
  var list = all(".tier").flatMap(function (box) {
    box.fill();
    return all("article", box).map(function (card) { return card.dataset.id; });
  });
  var at = list.indexOf(current), next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
  if (next) { choose(next, true); }
}
