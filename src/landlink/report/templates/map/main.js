// Puts the map together and shows it in place of the drawings, which stay for paper and for pages without scripts.

const canvas = part("canvas"), tip = part("tip");
const projection = new ol.Projection({
  code: "landlink:plane", units: "m", extent: data.edge.map(step => step * STEP), getPointResolution: resolution => resolution,
});
let map = null;

function select(item) {
  const before = state.selected;
  state.selected = item;
  chosenSource.clear();
  const shape = item && shapes[item.kind + "/" + item.item];
  if (shape) { chosenSource.addFeature(shape); }
  drawDetails();
  if (item) { panel.focus({ preventScroll: !isNarrow() }); } else if (before) { canvas.focus({ preventScroll: true }); }
}

// Room at the sides of what is shown: the pop-up covers one of them.
function roomAround() {
  const covered = panel.hidden || isNarrow() ? 60 : panel.offsetWidth + 40;
  return rightToLeft ? [60, 60, 60, covered] : [60, covered, 60, 60];
}

// Show a place, with the roads around it.
function goTo(kind, item) {
  const shape = shapes[kind + "/" + item];
  if (!shape) { return; }
  const view = map.getView(), extent = shape.getGeometry().getExtent();
  view.fit(extent, { maxZoom: Math.max(view.getZoom(), view.getZoomForResolution(350)), padding: roomAround(), duration: duration() });
}

function redraw(what) {
  measure();
  map.getLayers().forEach(each => each.changed());
  if (what === "results") { drawShow(); }
  drawDetails();
  drawLegend();
}

function showTip(event) {
  const found = event.dragging ? null : itemAt(event.pixel, 4);
  canvas.style.cursor = found ? "pointer" : "";
  tip.hidden = !found;
  if (!found) { return; }
  const amount = isDrawn(found.kind) ? rough(value(found.kind, found.item), isDifference()) + " " + data.units["kt/year"] : "";
  const mode = found.kind === "link" ? data.modes[kinds.link.mode[found.item]].name : words[found.kind];
  tip.replaceChildren(make("strong", {}, kinds[found.kind].name[found.item]), make("span", {}, mode + (amount ? ", " + amount : "")));
  const [x, y] = event.pixel, [width, height] = map.getSize();
  tip.style.left = Math.min(x + 12, Math.max(0, width - tip.offsetWidth - 4)) + "px";
  tip.style.top = (y + 16 + tip.offsetHeight > height ? y - tip.offsetHeight - 8 : y + 16) + "px";
}

function startPointer() {
  // A press with a mouse makes the map ready for its wheel; a page that is scrolled past it stays a page.
  canvas.addEventListener("pointerdown", event => {
    if (event.pointerType === "mouse") { canvas.focus({ preventScroll: true }); }
  }, true);
  map.on("click", event => select(itemAt(event.pixel, event.originalEvent.pointerType === "touch" ? 12 : 5)));
  map.on("pointermove", showTip);
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
}

function startKeys() {
  canvas.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.target !== canvas) { return; }
    const [width, height] = map.getSize();
    event.preventDefault();
    select(itemAt([width / 2, height / 2], 24));
  });
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape") { return; }
    if (state.selected) { select(null); } else if (root.classList.contains("full")) { toggleFull(); }
  });
}

function start() {
  root.hidden = false;
  readColours();
  measure();
  const size = Math.max(data.edge[2] - data.edge[0], data.edge[3] - data.edge[1]) * STEP;
  map = new ol.Map({
    target: canvas,
    layers: buildLayers(),
    controls: [],
    interactions: ol.interactions({ onFocusOnly: true, altShiftDragRotate: false, pinchRotate: false }),
    view: new ol.View({
      projection, extent: projection.getExtent(), constrainOnlyCenter: true, showFullExtent: true,
      minResolution: 15, maxResolution: size / 280, enableRotation: false,
      center: [(data.edge[0] + data.edge[2]) * STEP / 2, (data.edge[1] + data.edge[3]) * STEP / 2], resolution: size / 800,
    }),
  });
  startShow();
  startCommodities();
  startDrawn();
  startModes();
  startSearch();
  startButtons();
  startPointer();
  startKeys();
  map.getView().on("change:resolution", drawScale);
  listeners.push(redraw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); redraw(); });
  document.documentElement.classList.add("with-map");
  const opened = new ResizeObserver(() => {
    if (!canvas.offsetWidth) { return; }
    // A map that was folded away has no size to fit a window to before it is first seen.
    map.updateSize();
    fitWindow(data.windows.changed ? "changed" : "region", 0);
    drawScale();
    opened.disconnect();
  });
  opened.observe(canvas);
  drawShow();
  drawLegend();
  drawFull();
  root.landlink = { map, state, shapes, items: kinds };
}

start();
