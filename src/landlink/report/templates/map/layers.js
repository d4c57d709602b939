// The layers of the map, from the land up.

const STEP = 100;  // metres of one step of the data's coordinates

function decoded(flat) {
  const points = [];
  let x = 0, y = 0;
  for (let place = 0; place < flat.length; place += 2) {
    x += flat[place];
    y += flat[place + 1];
    points.push([x * STEP, y * STEP]);
  }
  return points;
}

// Lines point north-east, so that what keeps to the right of one does so on the next one too.
function directed(line) {
  const [x, y] = line[0], [toX, toY] = line[line.length - 1];
  return 0.9 * (toX - x) + 0.43 * (toY - y) < 0 ? line.slice().reverse() : line;
}

function lineOf(item) {
  const lines = kinds.link.lines[item].map(decoded).filter(line => line.length > 1).map(directed);
  if (!lines.length) { return null; }
  return lines.length === 1 ? new ol.LineString(lines[0]) : new ol.MultiLineString(lines);
}

function pointOf(kind, item) {
  const [x, y] = [kinds[kind].at[0][item], kinds[kind].at[1][item]];
  return x === null || y === null ? null : new ol.Point([x * STEP, y * STEP]);
}

const shapes = {};
function feature(kind, item, more) {
  const geometry = kind === "link" ? lineOf(item) : pointOf(kind, item);
  if (!geometry) { return null; }
  const made = new ol.Feature(Object.assign({ geometry, kind, item }, more));
  shapes[kind + "/" + item] = made;
  return made;
}

function features(kind, more) {
  return kinds[kind].id.map((_, item) => feature(kind, item, more ? more(item) : {})).filter(Boolean);
}

function layer(found, style, options) {
  return new ol.VectorLayer(Object.assign({ source: new ol.VectorSource({ features: found }), style }, options));
}

const POINT_STYLES = { country: countryStyle, node: townStyle, zone: zoneStyle, crossing: crossingStyle };
function pointStyle(point, resolution) {
  return POINT_STYLES[point.get("kind") || point.get("of")](point, resolution);
}

function landFeatures() {
  return data.land.map(country => new ol.Feature({
    geometry: new ol.MultiPolygon(country.rings.map(ring => [decoded(ring)])),
  }));
}

function countryFeatures() {
  return data.land.filter(country => country.at).map(country => new ol.Feature({
    geometry: new ol.Point(country.at.map(step => step * STEP)), of: "country", text: country.name, own: country.own,
  }));
}

// The node of a zone names its place; a node with a zone is not marked twice.
function zoneNames(item) {
  const [x, y] = [kinds.zone.at[0][item], kinds.zone.at[1][item]];
  const node = kinds.node.id.findIndex((_, place) => kinds.node.at[0][place] === x && kinds.node.at[1][place] === y);
  if (node >= 0) { zoned.add(node); }
  const own = node >= 0 && !kinds.zone.gateway[item] && kinds.node.label[node] !== kinds.node.id[node];
  return { text: own ? kinds.node.label[node] : kinds.zone.label[item], people: node >= 0 ? kinds.node.people[node] : 3e5 };
}
const zoned = new Set();

const chosenSource = new ol.VectorSource();
function buildLayers() {
  const zones = features("zone", zoneNames);
  const towns = features("node", item => ({ text: kinds.node.label[item], people: kinds.node.people[item] }))
    .filter(node => kinds.node.town[node.get("item")] && !zoned.has(node.get("item")));
  return [
    layer(landFeatures(), landStyle, { updateWhileAnimating: true, updateWhileInteracting: true }),
    layer(features("link"), flowStyle, { className: "flows-layer" }),
    new ol.VectorLayer({ source: chosenSource, style: selectedStyle }),
    layer(features("terminal"), terminalStyle),
    // One layer for all that has a name, so that the more important name wins wherever two would touch.
    layer([...countryFeatures(), ...towns, ...zones, ...features("crossing")], pointStyle, { declutter: true }),
  ];
}
