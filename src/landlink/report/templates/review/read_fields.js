// What was read from the text: the number with its unit, the places and projects, and the time after the date of issue.
var ZEROS = [0x660, 0x6f0, 0x966, 0xff10];
function digitsOf(words) {
  return Array.from(words).map(function (sign) {
    var code = sign.codePointAt(0), zero = ZEROS.find(function (first) { return code >= first && code <= first + 9; });
    return zero === undefined ? sign : String(code - zero);
  }).join("");
}
// Numbers in digits within a clause, each with its span; one that can be read in two ways is there twice.
function numbersIn(clause) {
  var plain = digitsOf(textOf(clause.start, clause.end)).replace(/\u066b/g, ".").replace(/\u066c/g, ","), found = [];
  Array.from(plain.matchAll(/\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?/g)).forEach(function (match) {
    var at = clause.start + lengthOf(plain.slice(0, match.index)), span = { start: at, end: at + match[0].length };
    [match[0].replace(/[,\u00a0\u202f ]/g, ""), match[0].replace(/[.\u00a0\u202f ]/g, "").replace(",", ".")].forEach(function (text) {
      if (!isNaN(Number(text))) { found.push({ value: Number(text), span: span }); }
    });
  });
  return found;
}
function alike(value, number) {
  return [1, 1e2, 1e3, 1e4, 1e6, 1e7, 1e8, 1e9, 1e12, 0.01].some(function (scale) { return Math.abs(value - number * scale) <= 1e-9 * Math.max(Math.abs(value), 1e-12); });
}
// The longest stretch of a clause without digits: where a number that is spelled out may stand.
function spelledOut(clause) {
  var best = null, at = clause.start;
  numbersIn(clause).map(function (item) { return item.span; }).concat([{ start: clause.end, end: clause.end }]).forEach(function (span) {
    var free = trimmed(at, Math.max(at, span.start));
    if (free && (!best || free.end - free.start > best.end - best.start)) { best = free; }
    at = Math.max(at, span.end);
  });
  return best;
}
function spanOf(clause, value) {
  var old = clause.quantity, found = numbersIn(clause).find(function (item) { return alike(value, item.value); });
  if (old && old.value === value) { return { start: old.start, end: old.end }; }
  return found ? found.span : spelledOut(clause);
}

function quantityField(clause) {
  var old = clause.quantity || {};
  var side = choice([["", "–"]].concat(data.quantity_directions), old.direction, { "aria-label": words.direction, "data-field": "quantity-direction" });
  var number = line(old.value, { inputmode: "decimal", dir: "ltr", "aria-label": words.value, "data-field": "quantity", class: "short" });
  var unit = line(old.unit, { dir: "ltr", "aria-label": words.unit, placeholder: words.unit, "data-field": "quantity-unit", class: "short" });
  var per = choice([["", "–"]].concat(data.rates.map(function (rate) { return [rate, "/ " + rate]; })), old.per, { "aria-label": words.per, "data-field": "quantity-per", class: "short" });
  var from = line(old.baseline, { inputmode: "decimal", dir: "ltr", "aria-label": words.baseline, placeholder: words.baseline, "data-field": "quantity-baseline", class: "short" });
  function read() {
    if (!number.value.trim()) { if (clause.quantity) { put(clause.id, "quantity", null); } return; }
    var value = numberOf(number.value), before = from.value.trim() ? numberOf(from.value) : null;
    if (isNaN(value) || (before !== null && isNaN(before))) { say(words.bad_number + ": " + (isNaN(value) ? number.value : from.value)); return; }
    var span = spanOf(clause, value);
    if (!span) { say(words.not_stated + ": " + number.value); return; }
    var made = { value: value, unit: unit.value.trim() || null, start: span.start, end: span.end };
    if (per.value) { made.per = per.value; }
    if (side.value) { made.direction = side.value; }
    if (before !== null) { made.baseline = before; }
    put(clause.id, "quantity", made);
  }
  [side, number, unit, per, from].forEach(function (control) { control.addEventListener("change", read); });
  return el("div", { class: "group", role: "group", "aria-label": words.quantity }, [el("span", {}, words.quantity), el("div", { class: "row" }, [side, number, unit, per, from])]);
}

function listField(clause, field, known) {
  return labelled(words[field], line((valueOf(clause, field) || []).join(", "), {
    dir: "auto", "data-field": field, onchange: function (event) {
      var items = Array.from(new Set(event.target.value.split(/[,;]+/).map(function (item) { return item.trim(); }).filter(Boolean)));
      var wrong = known ? items.filter(function (item) { return known.indexOf(item) < 0; }) : [];
      if (wrong.length) { say(words.bad_project + ": " + wrong.join(", ")); return; }
      put(clause.id, field, items.length || !known ? items : null);
    }
  }));
}
function dueAfterField(clause) {
  return labelled(words.due_after + " (P3Y, P6M, P2W, P30D)", line(clause.due_after, {
    dir: "ltr", "data-field": "due_after", onchange: function (event) {
      var text = event.target.value.trim().toUpperCase();
      if (text && !/^P\d{1,4}[YMWD]$/.test(text)) { say(words.bad_duration + ": " + text); return; }
      put(clause.id, "due_after", text || null);
    }
  }));
}
