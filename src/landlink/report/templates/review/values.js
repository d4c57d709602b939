// Values in words, as in the tables for an office: in the log of decisions, beside opinions, on the card.
var SIGNS = { at_least: "≥", at_most: "≤", more_than: ">", less_than: "<", equal: "=", increase: "↑", decrease: "↓" };
var DURATIONS = { Y: "year", M: "month", W: "week", D: "day" };

function numberText(value) { return value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 12 }); }
function withUnit(value, unit) {
  if (unit === "percent") { return (value / 100).toLocaleString(document.documentElement.lang, { style: "percent", maximumFractionDigits: 4 }); }
  return [numberText(value), unit || ""].join(" ").trim();
}
function durationText(text) {
  var match = /^P(\d+)([YMWD])$/.exec(text);
  return match ? Number(match[1]).toLocaleString(document.documentElement.lang, { style: "unit", unit: DURATIONS[match[2]], unitDisplay: "long" }) : text;
}
function quantityText(quantity) {
  if (quantity.unit === "times" && !quantity.per) { return numberText(quantity.value) + " × " + words.baseline_word; }
  return withUnit(quantity.value, [quantity.unit, quantity.per].filter(Boolean).join("/"));
}
function targetText(target) {
  var number = "";
  if (target.value != null) { number = withUnit(target.value, target.unit); } else if (target.times_baseline != null) {
    number = numberText(target.times_baseline) + " × " + words.baseline_word;
  } else if (target.plus_baseline != null) {
    number = words.baseline_word + (target.plus_baseline < 0 ? " − " : " + ") + withUnit(Math.abs(target.plus_baseline), target.unit);
  }
  return (SIGNS[target.direction] + " " + number).trim();
}
// Texts by the code of their language.
function isTranslations(value) { return Object.keys(value).every(function (code) { return /^[a-z]{2}$/.test(code); }); }
function languageName(code) { return new Intl.DisplayNames([document.documentElement.lang, "en"], { type: "language" }).of(code); }
function shown(value) {
  if (value === null || value === undefined || value === "") { return ""; }
  if (Array.isArray(value)) { return value.join(", "); }
  if (typeof value === "number") { return numberText(value); }
  if (typeof value !== "object") { return durationText(String(value)); }
  if (isTranslations(value)) { return Object.keys(value).sort().map(function (code) { return code + ": " + value[code]; }).join("; "); }
  if (value.start !== undefined) { return quantityText(value); }
  if (value.direction && SIGNS[value.direction]) { return targetText(value); }
  var given = value.observed || value.scenario || (value.value == null ? "" : numberText(value.value));
  return [given, value.year ? "(" + value.year + ")" : ""].join(" ").trim();
}
