// The tools around the map: what is shown, filters that are the legend too, windows, full screen.

function titled(scenario) {
  const { head, label } = data.scenarios[scenario];
  const name = head === label ? label : head + ": " + label;
  // Among names written from right to left, a letter would otherwise leave the name that it stands for.
  return rightToLeft ? "\u2067" + name + "\u2069" : name;
}

function resultChoice(name) {
  const chooser = part(name);
  chooser.append(...data.scenarios.map((_, scenario) => make("option", { value: scenario }, titled(scenario))));
  chooser.value = String(state[name]);
  chooser.addEventListener("change", () => { state[name] = Number(chooser.value); changed("results"); });
}

function drawShow() {
  const names = { first: data.scenarios[state.first].head, second: data.scenarios[state.second].head, difference: words.difference };
  const full = { first: titled(state.first), second: titled(state.second), difference: titled(state.second) + " " + numerals.minus + " " + titled(state.first) };
  part("show").querySelectorAll("label").forEach(choice => {
    const input = choice.querySelector("input");
    input.checked = input.value === state.show;
    choice.querySelector("span").textContent = names[input.value];
    choice.title = full[input.value];
  });
  part("shown").textContent = full[state.show];
}

function startShow() {
  if (last === 0) { part("results").hidden = true; return; }
  part("first").closest("label").hidden = part("second").closest("label").hidden = last < 2;
  resultChoice("first");
  resultChoice("second");
  part("show").addEventListener("change", event => { state.show = event.target.value; changed("results"); });
}

function startCommodities() {
  const chooser = part("commodity");
  if (!data.commodities.length) { chooser.closest("label").hidden = true; return; }
  chooser.append(make("option", { value: -1 }, words.all), ...data.commodities.map((name, place) => make("option", { value: place }, name)));
  chooser.addEventListener("change", () => { state.commodity = Number(chooser.value); changed("filter"); });
}

// Emissions are not known by commodity: its choice rests while they are drawn.
function startDrawn() {
  const chooser = part("drawn");
  if (!emitted.link) { chooser.closest("label").hidden = true; return; }
  chooser.append(...["tonnes", "co2e"].map(name => make("option", { value: name }, words[name])));
  chooser.addEventListener("change", () => {
    state.drawn = chooser.value;
    part("commodity").disabled = drawsEmissions();
    changed("filter");
  });
}

function startModes() {
  part("modes").append(...data.modes.map((mode, place) => {
    const box = make("input", { type: "checkbox", value: place, checked: true });
    box.addEventListener("change", () => {
      if (box.checked) { state.modes.add(place); } else { state.modes.delete(place); }
      changed("filter");
    });
    return make("label", {}, box, make("span", { class: "line " + mode.class }), mode.name);
  }));
}

function sample(amount, colour) {
  const bar = make("span", { class: "sample" });
  bar.style.height = Math.max(1, widthOf(amount)) + "px";
  bar.style.background = colour;
  return bar;
}

// A round amount in the unit in which the tables write it.
function inLargerUnit(amount) {
  const large = data.scales.find(([start]) => Math.abs(amount) >= start) || [0, 1, data.units["kt/year"]];
  const shown = amount / large[1], places = Math.max(0, -Math.floor(Math.log10(Math.abs(shown)) + 1e-9));
  return formatted(shown, places, isDifference()) + "\u00a0" + large[2];
}

// Round amounts near the largest, a quarter and a sixteenth of it, as lines of their widths.
function drawLegend() {
  const legend = part("legend");
  if (!(largest > 0)) { legend.replaceChildren(); return; }
  const top = roundBelow(largest), amounts = [top, roundBelow(top / 4), roundBelow(top / 16)];
  const entries = amounts.flatMap(amount => isDifference()
    ? [[amount, colours.blue], [-amount, colours.vermilion]]
    : [[amount, colours.grey]]);
  const marks = [["zone", "zone-mark"], ["crossing", "crossing-mark"]].filter(([kind]) => kinds[kind].id.length);
  const isMarked = data.scenarios.some(scenario => scenario.links.length + scenario.crossings.length);
  legend.replaceChildren(
    ...entries.map(([amount, colour]) => make("li", {}, sample(amount, colour), inLargerUnit(amount))),
    ...marks.map(([kind, mark]) => make("li", {}, make("span", { class: mark }), words[kind])),
    ...(isMarked ? [make("li", {}, make("span", { class: "changed-mark" }), words.changed)] : []),
  );
}

function drawScale() {
  const resolution = map.getView().getResolution();
  if (!resolution) { return; }
  const km = roundBelow(120 * resolution / 1000), bar = part("scale");
  bar.style.width = km * 1000 / resolution + "px";
  bar.textContent = formatted(km, km < 1 ? 1 : 0) + "\u00a0" + data.units.km;
}

function fitWindow(name, duration) {
  const [west, south, east, north] = data.windows[name].map(step => step * STEP);
  map.getView().fit([west, south, east, north], { padding: isNarrow() ? [16, 16, 16, 16] : [24, 120, 24, 64], duration });
}

function zoomBy(steps) {
  const view = map.getView();
  view.animate({ zoom: view.getZoom() + steps, duration: duration() });
}

function duration() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;
}

function isFull() {
  return document.fullscreenElement === root || root.classList.contains("full");
}

function toggleFull() {
  if (document.fullscreenElement === root) { document.exitFullscreen(); return; }
  if (root.classList.contains("full")) { root.classList.remove("full"); drawFull(); return; }
  const fill = () => { root.classList.add("full"); drawFull(); };
  // Some telephones let no part of a page fill the screen; there the map fills the window.
  if (root.requestFullscreen) { root.requestFullscreen().catch(fill); } else { fill(); }
}

function drawFull() {
  const name = isFull() ? words.leave_full : words.full, button = part("full");
  button.setAttribute("aria-label", name);
  button.setAttribute("title", name);
  button.setAttribute("aria-pressed", String(isFull()));
  map.updateSize();
}

function startButtons() {
  const acts = { "zoom-in": () => zoomBy(1), "zoom-out": () => zoomBy(-1), full: toggleFull };
  ["changed", "region", "whole"].forEach(name => {
    // A pop-up would cover a part of what is asked for.
    acts[name] = () => { if (state.selected && !isNarrow()) { select(null); } fitWindow(name, duration()); };
    part(name).hidden = !data.windows[name];
  });
  Object.entries(acts).forEach(([name, act]) => part(name).addEventListener("click", act));
  document.addEventListener("fullscreenchange", drawFull);
  document.querySelectorAll("[data-map-show]").forEach(button => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const [first, second] = button.dataset.mapShow.split(" ").map(Number);
      Object.assign(state, { first, second, show: "difference" });
      part("first").value = String(first);
      part("second").value = String(second);
      changed("results");
      root.scrollIntoView({ block: "start" });
      canvas.focus({ preventScroll: true });
    });
  });
}
