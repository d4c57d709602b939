// Finding indicators by their names, the names of places and plain words of what they measure: the best match first.
var MOST_SHOWN = 40, entries = null;

function folded(text) { return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, ""); }
function tokens(text) { return folded(text).split(/[^\p{L}\p{N}%]+/u).filter(Boolean); }
function argumentsOf(name) { return (/\[(.*)\]/.exec(name) || ["", ""])[1].split(/[,[\]]+/).filter(Boolean); }

// What an indicator is for, in words: its places, and the way across a border.
function inWords(name) {
  var known = data.indicators, given = argumentsOf(name), sides = known.sides[given[0]];
  return given.map(function (part) {
    if (sides && (part === "ab" || part === "ba")) {
      return (part === "ab" ? sides : sides.slice().reverse()).map(function (code) { return known.places[code] ? known.places[code][0] : code; }).join(" → ");
    }
    return known.places[part] ? known.places[part][0] : part;
  }).join(", ");
}
function entryOf(name) {
  var form = data.indicators.forms[name.split(/\s*\[/)[0]], given = argumentsOf(name), places = data.indicators.places;
  var named = given.map(function (part) { return places[part] ? places[part][1] : ""; }).join(" ");
  return {
    name: name, unit: form.unit, meaning: form.meaning, general: name === form.form,
    strong: tokens(name.replace(/_/g, " ") + " " + named), plain: tokens(form.plain + " " + form.unit), weak: tokens(form.meaning)
  };
}
// What the reader suggested or a person chose for clauses of this register is there too, as sums of indicators.
function chosenNames() {
  var names = state.clauses.flatMap(function (clause) {
    return [clause.indicator, clause.suggested.indicator && clause.suggested.indicator.value].filter(Boolean);
  });
  return Array.from(new Set(names)).filter(function (name) { return data.indicators.names.indexOf(name) < 0 && judged(name).unit !== undefined; });
}
function sumEntry(text) {
  var parts = sidesOf(text).flat().map(entryOf);
  function joined(key) { return parts.flatMap(function (part) { return part[key]; }); }
  return { name: text, unit: judged(text).unit, meaning: parts[0].meaning, general: false, strong: joined("strong"), plain: joined("plain"), weak: joined("weak") };
}
function allEntries() {
  if (!entries) { entries = data.indicators.names.map(entryOf); }
  return entries.concat(chosenNames().filter(function (name) { return sidesOf(name).flat().every(function (term) { return data.indicators.forms[term.split(/\s*\[/)[0]]; }); }).map(sumEntry));
}

function matchOf(list, part) {
  return list.indexOf(part) >= 0 ? 3 : list.some(function (token) { return part.length > 1 && token.indexOf(part) === 0; }) ? 2 :
    part.length > 3 && list.some(function (token) { return token.indexOf(part) > 0; }) ? 1 : 0;
}
function scoreOf(entry, text, parts) {
  var score = 0;
  for (var i = 0; i < parts.length; i += 1) {
    var best = Math.max(matchOf(entry.strong, parts[i]) * 4, matchOf(entry.plain, parts[i]) * 3, matchOf(entry.weak, parts[i]));
    if (!best) { return 0; }
    score += best;
  }
  var name = entry.name.toLowerCase();
  // Whoever types a name means it.
  score += text && name.indexOf(text) === 0 ? 100 : text.length > 2 && name.indexOf(text) > 0 ? 20 : 0;
  return score - (entry.general ? 0.5 : 0);
}
function matching(given) {
  var text = given.trim().toLowerCase(), parts = tokens(given.replace(/_/g, " "));
  var scored = allEntries().map(function (entry, at) { return { entry: entry, at: at, score: parts.length ? scoreOf(entry, text, parts) : 1 }; });
  return scored.filter(function (one) { return one.score > 0; })
    .sort(function (one, other) { return other.score - one.score || one.at - other.at; })
    .slice(0, MOST_SHOWN).map(function (one) { return one.entry; });
}
