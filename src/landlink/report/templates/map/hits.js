// What lies at a place of the screen. Found from the shapes themselves, not by reading back what was drawn: some
// browsers do not let pages do that.

const POINTS = { crossing: crossingStyle, zone: zoneStyle, terminal: terminalStyle, node: townStyle };

// The nearest point of the first kind that has one near enough: a crossing before the town it lies in.
function pointAt(pixel, tolerance) {
  const resolution = map.getView().getResolution();
  for (const [kind, style] of Object.entries(POINTS)) {
    let best = null;
    kinds[kind].id.forEach((_, item) => {
      const shape = shapes[kind + "/" + item];
      if (!shape || (kind === "node" && !kinds.node.town[item])) { return; }
      const [x, y] = map.getPixelFromCoordinate(shape.getGeometry().getCoordinates());
      const distance = Math.hypot(x - pixel[0], y - pixel[1]);
      if (distance <= tolerance + 4 && (!best || distance < best.distance) && style(shape, resolution)) {
        best = { kind, item, distance };
      }
    });
    if (best) { return best; }
  }
  return null;
}

// How far a place lies to the right of a line on the screen, and how far along it is off; the nearest stretch counts.
function distanceTo(line, pixel) {
  let best = [Infinity, 0];
  for (let place = 1; place < line.length; place += 1) {
    const [x, y] = line[place - 1], [dx, dy] = [line[place][0] - x, line[place][1] - y];
    const length = Math.hypot(dx, dy);
    if (!length) { continue; }
    const along = Math.min(1, Math.max(0, ((pixel[0] - x) * dx + (pixel[1] - y) * dy) / (length * length)));
    const [fromX, fromY] = [pixel[0] - x - along * dx, pixel[1] - y - along * dy];
    const distance = Math.hypot(fromX, fromY);
    if (distance < best[0]) { best = [distance, (dx * fromY - dy * fromX) / length]; }
  }
  return best;
}

// The link whose drawn line is nearest; of lines over one another, the thinnest, which lies on top.
function linkAt(pixel, tolerance) {
  const reach = (tolerance + WIDEST) * map.getView().getResolution();
  const [x, y] = map.getCoordinateFromPixel(pixel);
  let best = null;
  kinds.link.id.forEach((_, item) => {
    const shape = shapes["link/" + item];
    if (!shape || !isChosen("link", item)) { return; }
    const geometry = shape.getGeometry(), [west, south, east, north] = geometry.getExtent();
    if (x < west - reach || x > east + reach || y < south - reach || y > north + reach) { return; }
    const lines = geometry.getType() === "LineString" ? [geometry.getCoordinates()] : geometry.getCoordinates();
    const { width, offset } = strokeOf(item);
    lines.forEach(line => {
      const [distance, right] = distanceTo(line.map(point => map.getPixelFromCoordinate(point)), pixel);
      // Beyond its ends a line is as far as its end is.
      const off = Math.abs(Math.abs(right) < distance - 0.5 ? distance : right - offset) - width / 2;
      const found = { kind: "link", item, off: Math.max(0, off), width };
      if (off <= tolerance && (!best || found.off < best.off || (found.off === best.off && width < best.width))) { best = found; }
    });
  });
  return best;
}

function itemAt(pixel, tolerance) {
  const found = pointAt(pixel, tolerance) || linkAt(pixel, tolerance);
  return found && { kind: found.kind, item: found.item };
}
