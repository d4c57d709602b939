// Splitting, merging and adding clauses.
var WITHHELD = state.clauses.length > 0 && state.clauses.every(function (clause) { return clause.quote === null; });

function freeId(wanted) {
  var letters = "bcdefghijklmnopqrstuvwxyz", taken = state.clauses.map(function (clause) { return clause.id; });
  for (var n = 0; ; n += 1) {
    var name = n < letters.length ? wanted + letters[n] : wanted + "-" + n;
    if (taken.indexOf(name) < 0) { return name; }
  }
}
function newId() {
  var taken = state.clauses.map(function (clause) { return clause.id; }), n = taken.length;
  do { n += 1; } while (taken.indexOf("C" + String(n).padStart(2, "0")) >= 0);
  return "C" + String(n).padStart(2, "0");
}
function inOrder(clauses) {
  return clauses.slice().sort(function (one, other) { return one.start - other.start || one.end - other.end; });
}
function respan(clause, span) {
  clause.start = span.start;
  clause.end = span.end;
  if (clause.quote !== null) { clause.quote = textOf(span.start, span.end); }
  clause.status = "draft";
  clause.accepted_by = null;
}
// The first digits of a year, in any script that writes decimals, in some words.
function holdsYear(words, date) { return digitsOf(words).indexOf(date.slice(0, 4)) >= 0; }
// What a part loses: numbers that stand in the other part.
function withoutNumbers(clause) {
  ["quantity", "target", "baseline", "baseline_words"].forEach(function (field) { clause[field] = null; delete clause.rules[field]; });
  ["target", "baseline"].forEach(function (field) { delete clause.suggested[field]; });
}

function splitClause(id, at, who) {
  var clause = clauseOf(id), first = trimmed(clause.start, at), second = trimmed(at, clause.end);
  if (!first || !second) { return null; }
  var parts = [copied(clause), copied(clause)];
  parts[1].id = freeId(id);
  [first, second].forEach(function (span, number) {
    var part = parts[number], words = textOf(span.start, span.end);
    respan(part, span);
    delete part.disagreements;
    var quantity = clause.quantity, own = quantity ? quantity.start >= span.start && quantity.end <= span.end : number === 0;
    if (!own) { withoutNumbers(part); }
    if (part.deadline && !holdsYear(words, part.deadline)) { part.deadline = null; delete part.rules.deadline; }
    if (number === 1) { part.outcomes = []; }
    decide(part, "span", words, who);
  });
  commit({ clauses: inOrder(state.clauses.filter(function (item) { return item.id !== id; }).concat(parts)) });
  return parts[1].id;
}

function neighbour(id) {
  var ordered = inOrder(state.clauses), at = ordered.findIndex(function (clause) { return clause.id === id; });
  return ordered[at + 1] || null;
}
function mergeWithNext(id, who) {
  var clause = clauseOf(id), other = neighbour(id);
  if (!other) { return; }
  var whole = copied(clause), span = { start: Math.min(clause.start, other.start), end: Math.max(clause.end, other.end) };
  ["topics", "parties", "projects", "places", "flags"].forEach(function (field) {
    whole[field] = clause[field].concat(other[field].filter(function (item) { return clause[field].indexOf(item) < 0; }));
  });
  ["quantity", "target", "baseline", "baseline_words", "deadline", "due_after", "measurable", "indicator", "head"].forEach(function (field) {
    var held = clause.suggested[field] && clause.suggested[field].accepted_by;
    if (whole[field] === null && !held) { whole[field] = other[field]; if (other.rules[field]) { whole.rules[field] = other.rules[field]; } }
  });
  Object.keys(other.suggested).forEach(function (field) {
    var item = whole[field], free = item === null || (Array.isArray(item) && !item.length);
    if (!whole.suggested[field] && free) { whole.suggested[field] = copied(other.suggested[field]); }
  });
  // An accepted suggestion gives way to a value that was read.
  Object.keys(whole.suggested).forEach(function (field) {
    var item = whole[field];
    if (item !== null && !(Array.isArray(item) && !item.length)) { whole.suggested[field].accepted_by = null; }
  });
  ["note", "gloss"].forEach(function (field) {
    whole[field] = [clause[field], other[field]].filter(Boolean).join("\n") || null;
  });
  var texts = [clause.glosses || {}, other.glosses || {}], codes = Object.keys(Object.assign({}, texts[0], texts[1])).sort();
  if (codes.length) { whole.glosses = {}; }
  codes.forEach(function (code) { whole.glosses[code] = texts.map(function (item) { return item[code]; }).filter(Boolean).join("\n"); });
  whole.strength = Math.max(clause.strength || 0, other.strength || 0);
  whole.outcomes = clause.outcomes.concat(other.outcomes);
  whole.decisions = (clause.decisions || []).concat(other.decisions || []);
  whole.disagreements = disputes(clause).concat(disputes(other));
  if (!whole.disagreements.length) { delete whole.disagreements; }
  respan(whole, span);
  decide(whole, "span", textOf(span.start, span.end), who);
  commit({ clauses: inOrder(state.clauses.filter(function (item) { return item !== clause && item !== other; }).concat([whole])) });
}

function sentenceAt(start) {
  var before = state.clauses.filter(function (clause) { return clause.start <= start && clause.end > start && clause.sentence !== null; });
  return before.length ? before[0].sentence : null;
}
function addClause(given, who) {
  var span = trimmed(given.start, given.end);
  if (!span) { return null; }
  var clause = {
    id: newId(), sentence: sentenceAt(span.start), start: span.start, end: span.end,
    quote: WITHHELD ? null : textOf(span.start, span.end), gloss: WITHHELD ? words.to_paraphrase : null, strength: null, topics: [], parties: [],
    projects: [], places: [], quantity: null, baseline_words: null, target: null, baseline: null, deadline: null, due_after: null,
    measurable: null, indicator: null, note: null, head: null, flags: [], rules: {}, suggested: {}, status: "draft", accepted_by: null, outcomes: []
  };
  decide(clause, "clause", "present", who);
  commit({
    clauses: inOrder(state.clauses.concat([clause])),
    unclassified: state.unclassified.filter(function (item) { return item.end <= span.start || item.start >= span.end; })
  });
  return clause.id;
}
// The words of a removed clause that no other clause has are listed as a sentence without one: no text is lost.
function loosened(gone, rest) {
  var at = gone.start, found = [];
  rest.concat(state.unclassified, [{ start: gone.end, end: gone.end }]).sort(function (one, other) { return one.start - other.start; }).forEach(function (item) {
    var span = trimmed(at, Math.min(item.start, gone.end));
    // A conjunction between two clauses is no sentence.
    if (span && span.end - span.start > 3 && /[\p{L}\p{N}]/u.test(textOf(span.start, span.end))) { found.push(span); }
    at = Math.max(at, item.end);
  });
  return found.map(function (span) {
    return { start: span.start, end: span.end, language: data.source.language, quote: WITHHELD ? null : textOf(span.start, span.end), flags: [] };
  });
}
function removeClause(id) {
  var gone = clauseOf(id), rest = state.clauses.filter(function (clause) { return clause.id !== id; });
  commit({ clauses: rest, unclassified: inOrder(state.unclassified.concat(loosened(gone, rest))) });
}
