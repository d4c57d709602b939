// How things are drawn: colours of the page, widths of lines, sides of parallel lines.

const WIDEST = 14, THINNEST = 0.8;
// Changes under this share of the largest are not drawn.
const SMALLEST = 0.004;
let colours = {};

function readColours() {
  const style = getComputedStyle(root);
  const names = ["paper", "ink", "soft", "line", "water", "land", "border", "quiet", "halo", "accent", "blue", "vermilion",
    "orange", "yellow", "green", "purple", "sky", "navy", "grey"];
  colours = Object.fromEntries(names.map(name => [name, style.getPropertyValue("--" + name).trim()]));
  colours.font = style.fontFamily;
}

function modeColour(mode) {
  return colours[data.modes[mode].class.replace("c-", "")] || colours.grey;
}

let largest = 0;
function measure() {
  largest = most("link");
}

function widthOf(amount) {
  return largest > 0 ? THINNEST + (WIDEST - THINNEST) * Math.abs(amount) / largest : THINNEST;
}

// Links with the same ends on the same way, such as a road and a railway without shapes: none may hide another.
const bundles = kinds.link.id.map(() => []);
(() => {
  const found = new Map();
  kinds.link.id.forEach((_, item) => {
    const ends = kinds.link.nodes.map(nodes => nodes[item]).sort((one, other) => one - other);
    const key = JSON.stringify([ends, kinds.link.lines[item]]);
    if (!found.has(key)) { found.set(key, []); }
    found.get(key).push(item);
    bundles[item] = found.get(key);
  });
})();

// How far to the right of its way a line is drawn, pixels. Increases keep to the right and decreases to the left, so
// that neither hides the other; links on the same way lie side by side, the largest first. Others stay on their way: a thin
// line is drawn over a wide one.
function offsetOf(item, amount, width) {
  const beside = bundles[item].map(each => [each, value("link", each)])
    .filter(([each, other]) => isChosen("link", each) && !isQuiet(other) && (!isDifference() || (other > 0) === (amount > 0)))
    .sort(([one, first], [other, second]) => Math.abs(second) - Math.abs(first) || one - other);
  const widths = beside.map(([, other]) => widthOf(other)), place = beside.findIndex(([each]) => each === item);
  const inner = widths.slice(0, place).reduce((sum, each) => sum + each, 0);
  const all = widths.reduce((sum, each) => sum + each, 0);
  if (isDifference()) { return (amount > 0 ? 1 : -1) * (inner + width / 2); }
  return inner + (width - all) / 2;
}

function lineColour(item, amount) {
  if (isDifference()) { return amount > 0 ? colours.blue : colours.vermilion; }
  return modeColour(kinds.link.mode[item]);
}

// A link that carries nothing, or hardly changes, is drawn as a part of the network.
function isQuiet(amount) {
  return Math.abs(amount) <= (isDifference() ? SMALLEST * largest : 0);
}

// Width of the line of a link, and how far to its right it is drawn, pixels.
function strokeOf(item) {
  const amount = value("link", item);
  if (isQuiet(amount)) { return { amount, width: isChanged("link", item) ? 4 : 1, offset: 0 }; }
  const width = widthOf(amount);
  return { amount, width, offset: offsetOf(item, amount, width) };
}

function flowStyle(feature) {
  const item = feature.get("item");
  if (!isChosen("link", item)) { return null; }
  const marked = isChanged("link", item), { amount, width, offset } = strokeOf(item);
  const stroke = (color, more) => new ol.Stroke({ color, width: width + more, offset });
  if (isQuiet(amount)) { return new ol.Style({ stroke: stroke(marked ? colours.halo : colours.quiet, 0), zIndex: -1 }); }
  // The widest are drawn first, so that thin lines on the same way stay visible.
  const zIndex = Math.round(1000 * (1 - Math.abs(amount) / (largest || 1)));
  const halo = marked ? [new ol.Style({ stroke: stroke(colours.halo, 7), zIndex: 0 })] : [];
  // A light seam parts a line from a wider one under it.
  const seam = new ol.Style({
    stroke: new ol.Stroke({ color: colours.land, width: width + 1.5, offset, lineCap: "butt" }), zIndex,
  });
  return [...halo, seam, new ol.Style({ stroke: stroke(lineColour(item, amount), 0), zIndex })];
}

function label(text, priority, options) {
  return new ol.Text(Object.assign({
    text,
    font: "12px " + colours.font,
    fill: new ol.Fill({ color: colours.ink }),
    stroke: new ol.Stroke({ color: colours.land, width: 3 }),
    textAlign: "left",
    offsetX: 7,
    padding: [1, 2, 1, 2],
    declutterMode: "declutter",
  }, options));
}

function crossingStyle(feature) {
  const item = feature.get("item");
  const marked = isChanged("crossing", item);
  const amount = value("crossing", item);
  if (!isChosen("crossing", item) || (!amount && !marked)) { return null; }
  const share = Math.abs(amount) / (largest || 1);
  const zIndex = (marked ? 700 : 300) + Math.round(300 * Math.min(1, share));
  return new ol.Style({
    image: new ol.Circle({
      radius: marked ? 5 : 3.5,
      fill: new ol.Fill({ color: marked ? colours.halo : colours.paper }),
      stroke: new ol.Stroke({ color: colours.ink, width: marked ? 2 : 1.2 }),
      declutterMode: "none",
    }),
    text: label(kinds.crossing.name[item].split(" / ")[0], zIndex, { font: "italic 12px " + colours.font }),
    zIndex,
  });
}

function zoneStyle(feature) {
  const item = feature.get("item"), gateway = kinds.zone.gateway[item];
  const fill = new ol.Fill({ color: gateway ? colours.paper : colours.ink });
  const stroke = new ol.Stroke({ color: gateway ? colours.ink : colours.land, width: 1.3 });
  return new ol.Style({
    image: gateway
      ? new ol.RegularShape({ points: 4, radius: 5, angle: Math.PI / 4, fill, stroke, declutterMode: "none" })
      : new ol.Circle({ radius: 3.2, fill, stroke, declutterMode: "none" }),
    text: label(feature.get("text"), 0, { font: (feature.get("people") >= 3e5 ? "600 13px " : "12px ") + colours.font }),
    zIndex: 350 + Math.round(60 * Math.log10(Math.max(feature.get("people"), 1e4) / 1e4)),
  });
}

// Metres to a pixel from which towns without a zone, and terminals, are shown.
function townStyle(feature, resolution) {
  const people = feature.get("people");
  if (resolution > (people > 1e5 ? 2500 : people > 2e4 ? 1200 : 500)) { return null; }
  return new ol.Style({
    image: new ol.Circle({ radius: 2, fill: new ol.Fill({ color: colours.soft }), declutterMode: "none" }),
    text: label(feature.get("text"), 0, { font: "11px " + colours.font }),
    zIndex: Math.round(20 * Math.log10(Math.max(people, 1e3) / 1e3)),
  });
}

function terminalStyle(feature, resolution) {
  if (resolution > 800) { return null; }
  return new ol.Style({
    image: new ol.RegularShape({
      points: 4, radius: 5, angle: 0,
      fill: new ol.Fill({ color: colours.land }), stroke: new ol.Stroke({ color: colours.soft, width: 1.5 }),
    }),
  });
}

function landStyle() {
  return new ol.Style({
    fill: new ol.Fill({ color: colours.land }), stroke: new ol.Stroke({ color: colours.border, width: 1 }),
  });
}

function countryStyle(feature) {
  const own = feature.get("own");
  return new ol.Style({
    text: label(feature.get("text"), 0, {
      font: (own ? "14px " : "12px ") + colours.font, textAlign: "center", offsetX: 0,
      fill: new ol.Fill({ color: colours.soft }),
    }),
    zIndex: own ? 420 : 200,
  });
}

function selectedStyle(feature) {
  if (feature.getGeometry().getType() === "Point") {
    return new ol.Style({ image: new ol.Circle({ radius: 10, stroke: new ol.Stroke({ color: colours.accent, width: 3 }) }) });
  }
  const { width, offset } = strokeOf(feature.get("item"));
  return [
    new ol.Style({ stroke: new ol.Stroke({ color: colours.ink, width: width + 5, offset }) }),
    new ol.Style({ stroke: new ol.Stroke({ color: colours.halo, width: width + 1, offset }) }),
  ];
}
