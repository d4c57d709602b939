// Numbers as the page's language writes them: the same digits and separators as in its tables.

const numerals = data.numerals;

function written(text) {
  return text.replace(/\d/g, digit => numerals.digits[Number(digit)]);
}

// Rounded as the tables are: halves away from zero, of the number as it is written and not of its binary form.
function roundHalfUp(value, places) {
  const power = Math.pow(10, Math.abs(places));
  const shifted = Number((places < 0 ? Math.abs(value) / power : Math.abs(value) * power).toPrecision(12));
  const whole = Math.round(shifted);
  return Math.sign(value) * (places < 0 ? whole * power : whole / power);
}

function formatted(value, places, signed) {
  if (value === null || value === undefined || !isFinite(value)) { return "–"; }
  const shown = Math.abs(roundHalfUp(value, places)).toFixed(places);
  const [whole, part] = shown.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, numerals.thousands);
  const text = written(grouped + (part ? numerals.point + part : ""));
  const zero = Number(shown) === 0;
  const sign = zero ? "" : value < 0 ? numerals.minus : signed ? "+" : "";
  // In a line written from right to left, a sign would otherwise move to the other side of its number.
  return sign && rightToLeft ? "\u2066" + sign + text + "\u2069" : sign + text;
}

// Two significant digits: as many as the report's tables show of a figure of a model.
function rough(value, signed) {
  if (value === null || value === undefined || !isFinite(value)) { return "–"; }
  const rounded = value ? roundHalfUp(value, 1 - Math.floor(Math.log10(Math.abs(value)))) : 0;
  const places = rounded ? Math.min(6, 1 - Math.floor(Math.log10(Math.abs(rounded)))) : 0;
  return formatted(rounded, Math.max(0, places), signed);
}

// A change as a share; one of more than ten times as a multiple.
function percent(share, signed) {
  if (signed && share >= 10) {
    const text = (1 + share > 1000 ? "> ×" + formatted(1000, 0) : "×" + rough(1 + share));
    return rightToLeft ? "\u2066" + text + "\u2069" : text;
  }
  const text = formatted(100 * share, Math.abs(share) >= 0.1 ? 0 : 1, signed);
  return text + numerals.percent;
}

// The largest of 1, 2 or 5 times a power of ten not above a positive value.
function roundBelow(value) {
  const power = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
  return power * (value >= 5 * power ? 5 : value >= 2 * power ? 2 : 1);
}
