// What the register's check would refuse in a unit or an indicator, by the same rules, so that it is said at the field.
function atomOf(word) {
  var low = word.toLowerCase(), known = data.units.atoms;
  var form = [word, word.replace(/s$/, ""), low, low.replace(/s$/, "")].find(function (name) { return Object.hasOwn(known, name); });
  if (form !== undefined) { return known[form]; }
  if (data.units.currencies.indexOf(word) < 0) { return null; }
  var own = {};
  own[word] = 1;
  return [own, 1];
}
// Powers and size of a unit; the first unknown word otherwise.
function parsedUnit(text) {
  var powers = {}, factor = 1, unknown = null;
  text.trim().split(/\s*\bper\b\s*/).forEach(function (side, divisor) {
    side.split("/").forEach(function (part, position) {
      var sign = (divisor ? -1 : 1) * (position ? -1 : 1);
      part.trim().split(/[\s·-]+/).forEach(function (word) {
        var scale = data.units.scales[word], atom = scale ? [{}, scale] : atomOf(word);
        if (!atom) { unknown = unknown || word; return; }
        Object.keys(atom[0]).forEach(function (name) { powers[name] = (powers[name] || 0) + sign * atom[0][name]; });
        factor *= Math.pow(atom[1], sign);
      });
    });
  });
  return unknown === null ? { powers: powers, factor: factor } : { unknown: unknown };
}
function sameUnit(one, other) {
  var names = Object.keys(Object.assign({}, one.powers, other.powers));
  return names.every(function (name) { return (one.powers[name] || 0) === (other.powers[name] || 0); }) &&
    Math.abs(one.factor - other.factor) <= 1e-12 * Math.abs(one.factor);
}

// An indicator by its name, which may hold another currency in place of USD.
function declared(name) {
  var forms = data.indicators.forms;
  if (Object.hasOwn(forms, name)) { return { form: forms[name], unit: forms[name].unit }; }
  return name.split(/[._]/).reduce(function (found, word) {
    if (found) { return found; }
    var code = [word, word.slice(1)].find(function (part) { return data.units.currencies.indexOf(part.toUpperCase()) >= 0; });
    var usd = code && name.replace(word, word.replace(code, "usd"));
    return usd && Object.hasOwn(forms, usd) ? { form: forms[usd], unit: forms[usd].unit.replace("USD", code.toUpperCase()) } : null;
  }, null);
}
function sidesOf(text) {
  return text.split(/\/(?![^\[]*\])/).map(function (side) {
    return side.split(/\+(?![^\[]*\])/).map(function (term) { return term.trim(); });
  });
}
function termProblem(term) {
  var match = /^([^[\]]+?)\s*(?:\[(.*)\])?$/.exec(term), known = match && declared(match[1]);
  if (!known) { return words.bad_indicator + ": " + term; }
  var given = match[2] && match[2].trim() ? match[2].split(",").map(function (part) { return part.trim(); }) : [];
  var bounds = known.form.arguments, crossings = data.indicators.crossings;
  if (given.length < bounds[0] || given.length > bounds[1] || !given.every(Boolean)) { return words.bad_arguments + ": " + known.form.form; }
  if (crossings && /^crossing\./.test(match[1]) && crossings.indexOf(given[0]) < 0) { return words.bad_place + ": " + given[0]; }
  return "";
}
function unitOfTerm(term) { return declared(term.replace(/\s*\[.*$/, "")).unit; }

// What is wrong with an expression, or its unit.
function judged(text) {
  var sides = sidesOf(text), terms = [].concat.apply([], sides);
  var problem = sides.length > 2 ? words.bad_indicator + ": " + text : terms.map(termProblem).find(Boolean);
  if (problem) { return { problem: problem }; }
  var units = sides.map(function (side) { return unitOfTerm(side[0]); });
  var mixed = sides.some(function (side) { return side.some(function (term) { return !sameUnit(parsedUnit(unitOfTerm(term)), parsedUnit(unitOfTerm(side[0]))); }); });
  if (mixed) { return { problem: words.mixed_units + ": " + text }; }
  if (units.length === 1) { return { unit: units[0] }; }
  return { unit: sameUnit(parsedUnit(units[0]), parsedUnit(units[1])) ? "" : (units[0] || "1") + (units[1] ? " per " + units[1] : "") };
}

function indicatorProblem(clause) {
  var text = valueOf(clause, "indicator");
  return text && valueOf(clause, "measurable") !== "not_computed" ? judged(text).problem || "" : "";
}
function unitProblem(clause) {
  var target = valueOf(clause, "target"), indicator = valueOf(clause, "indicator");
  if (!target || !target.unit) { return ""; }
  var found = indicator && valueOf(clause, "measurable") !== "not_computed" ? judged(indicator) : {}, given = parsedUnit(target.unit);
  var wanted = found.unit === undefined ? "" : " (" + words.unit_of_indicator + ": " + (found.unit || words.no_unit) + ")";
  if (given.unknown !== undefined) { return words.bad_unit + ": " + given.unknown + wanted; }
  return wanted && target.value != null && !sameUnit(given, parsedUnit(found.unit)) ? words.other_unit + ": " + target.unit + wanted : "";
}
function problemsOf(clause) { return [indicatorProblem(clause), unitProblem(clause)].filter(Boolean); }

// Tell at a field what is wrong with its value.
function flagged(control, problem, id) {
  if (!problem) { return null; }
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", id);
  return el("span", { class: "wrong", id: id, dir: "auto" }, problem);
}
