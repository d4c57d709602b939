// What is shown: two results or the difference between them, modes, a commodity, and the item selected.

const kinds = data.kinds;
const last = data.scenarios.length - 1;
const against = data.scenarios[data.subject].baseline;
const state = {
  first: against === null ? data.subject : against,
  second: data.subject,
  show: "second",
  modes: new Set(data.modes.keys()),
  commodity: -1,
  drawn: "tonnes",
  selected: null,
};
const listeners = [];

function changed(what) {
  listeners.forEach(listener => listener(what));
}

// Values by commodity are stored as positions and values; a map of them is made when one is first asked for.
const byCommodity = new Map();
function commodityValue(kind, item, scenario, commodity) {
  const goods = kinds[kind].goods;
  if (!goods.length) { return null; }
  const key = kind + "/" + scenario + "/" + commodity;
  if (!byCommodity.has(key)) {
    const [items, values] = goods[scenario][commodity];
    byCommodity.set(key, new Map(items.map((name, place) => [name, values[place]])));
  }
  const value = byCommodity.get(key).get(item);
  return value === undefined ? 0 : value;
}

// Thousand tonnes a year of an item in a result, of all commodities or of the one chosen; null where it has none.
function tonnes(kind, item, scenario) {
  const figures = kinds[kind].figures;
  if (!figures.length) { return null; }
  if (state.commodity >= 0 && kinds[kind].goods.length) { return commodityValue(kind, item, scenario, state.commodity); }
  return figures[0].of[scenario][item];
}

function isDifference() {
  return state.show === "difference";
}

// Emissions of vehicles on links and of those that wait at crossings, where results tell them.
const emitted = Object.fromEntries(Object.entries(kinds).map(([kind, items]) => [kind, items.figures.find(each => each.title === "co2e")]));

function drawsEmissions() {
  return state.drawn === "co2e";
}

// Thousand tonnes a year of what is drawn, freight or emissions; null where an item has none.
function amount(kind, item, scenario) {
  if (!drawsEmissions()) { return tonnes(kind, item, scenario); }
  return emitted[kind] ? emitted[kind].of[scenario][item] : null;
}

function isDrawn(kind) {
  return drawsEmissions() ? Boolean(emitted[kind]) : kinds[kind].figures.length > 0;
}

// What is drawn: amounts, or their change from the first result to the second.
function value(kind, item) {
  if (isDifference()) { return (amount(kind, item, state.second) || 0) - (amount(kind, item, state.first) || 0); }
  return amount(kind, item, state[state.show]) || 0;
}

// The largest value, which sets the scale: the same for both results, so that widths can be compared.
function most(kind) {
  let found = 0;
  kinds[kind].id.forEach((_, item) => {
    const values = isDifference()
      ? [value(kind, item)]
      : [amount(kind, item, state.first), amount(kind, item, state.second)];
    values.forEach(each => { found = Math.max(found, Math.abs(each || 0)); });
  });
  return found;
}

// Links and crossings follow the choice of modes.
function isChosen(kind, item) {
  if (kind === "link") { return state.modes.has(kinds.link.mode[item]); }
  if (kind === "crossing") {
    const families = new Set([...state.modes].map(mode => data.modes[mode].family));
    return kinds.crossing.families[item].some(family => families.has(family));
  }
  return true;
}

// Results whose measures the marks of change stand for: the one shown, or both of a difference.
function isChanged(kind, item) {
  const shown = isDifference() ? [state.first, state.second] : [state[state.show]];
  return shown.some(scenario => changedSets[kind][scenario].has(item));
}
const changedSets = {
  link: data.scenarios.map(scenario => new Set(scenario.links)),
  crossing: data.scenarios.map(scenario => new Set(scenario.crossings)),
};
