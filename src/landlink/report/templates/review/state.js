// What is being reviewed, its changes, and the way back. A clause is never changed in place: each change makes a new
// one, so that the past is a list of older states.
var state = { clauses: data.register.clauses, parties: data.register.parties, unclassified: data.register.unclassified };
var past = [], future = [], listeners = [];
var MOST_STEPS = 200;

function clauseOf(id) { return state.clauses.find(function (clause) { return clause.id === id; }); }
function copied(value) { return JSON.parse(JSON.stringify(value)); }
function today() {
  var now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

function enter(next) {
  state = next;
  listeners.forEach(function (listener) { listener(); });
}
function commit(next) {
  past.push(state);
  if (past.length > MOST_STEPS) { past.shift(); }
  future = [];
  enter(Object.assign({}, state, next));
}
function undo() { if (past.length) { future.push(state); enter(past.pop()); } }
function redo() { if (future.length) { past.push(state); enter(future.pop()); } }

// Change one clause by a function that gets a copy of it.
function change(id, edit) {
  commit({ clauses: state.clauses.map(function (clause) {
    if (clause.id !== id) { return clause; }
    var own = copied(clause);
    edit(own);
    return own;
  }) });
}

// Who decided what, and when; a further change of the same field by the same person on the same day replaces the last.
function decide(clause, field, value, who) {
  var log = clause.decisions || [], last = log[log.length - 1], now = today();
  if (last && last.field === field && last.by === who && last.when === now) { log.pop(); }
  log.push({ field: field, value: value || null, by: who, when: now });
  clause.decisions = log;
}

// The value that counts: the one read, or else a suggestion that somebody has accepted.
function valueOf(clause, field) {
  var own = clause[field], item = clause.suggested[field];
  if (own !== null && own !== undefined && !(Array.isArray(own) && !own.length)) { return own; }
  return item && item.accepted_by ? item.value : null;
}
function isInferred(field) { return data.suggested.indexOf(field) >= 0 && field !== "parties"; }

// What a person types is no reading of the text, so it stands under suggested, accepted by that person.
function setValue(clause, field, value, who) {
  delete clause.rules[field];
  if (isInferred(field)) {
    clause[field] = Array.isArray(clause[field]) ? [] : null;
    if (value === null) { delete clause.suggested[field]; } else { clause.suggested[field] = { value: value, rule: "reviewer", why: null, accepted_by: who }; }
  } else {
    clause[field] = value;
    if (field === "parties") { delete clause.suggested.parties; }
    if (value !== null && ["note", "gloss", "glosses"].indexOf(field) < 0) { clause.rules[field] = "reviewer"; }
  }
  if (field === "glosses" && !Object.keys(value || {}).length) { delete clause.glosses; }
  decide(clause, field, field === "strength" && value !== null ? String(value) : shown(value), who);
}

function disputes(clause) { return clause.disagreements || []; }
function setStatus(clause, status, who) {
  clause.status = status;
  clause.accepted_by = status === "accepted" ? who : null;
  decide(clause, "status", status, who);
}
function acceptSuggestions(clause, who) {
  Object.keys(clause.suggested).forEach(function (field) {
    var item = clause.suggested[field], own = clause[field];
    var free = own === null || own === undefined || (Array.isArray(own) && !own.length);
    if (item.value !== null && free) { item.accepted_by = item.accepted_by || who; }
  });
}

// One of the opinions is taken over; nobody disputes the field any more.
function settle(id, opinion, who) {
  if (opinion.field === "clause" && opinion.value === "absent") { return removeClause(id); }
  change(id, function (clause) {
    clause.disagreements = disputes(clause).filter(function (item) { return item.field !== opinion.field; });
    if (!clause.disagreements.length) { delete clause.disagreements; }
    if (opinion.field === "status") {
      // What is disputed otherwise is settled first.
      setStatus(clause, opinion.value === "accepted" && clause.disagreements ? "draft" : opinion.value, who);
    } else if (opinion.field === "clause") { decide(clause, "clause", "present", who); } else { setValue(clause, opinion.field, opinion.value, who); }
  });
}

function addParties(codes) {
  var missing = codes.filter(function (code) { return state.parties.indexOf(code) < 0; });
  return missing.length ? state.parties.concat(missing) : state.parties;
}
