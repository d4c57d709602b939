// The pop-up of an item: its facts, and its figures in all results side by side.

const panel = part("details");

function columns() {
  return data.scenarios.map((_, scenario) => scenario);
}

function head() {
  const heads = columns().map(scenario =>
    make("th", { scope: "col", class: "n", title: data.scenarios[scenario].label }, data.scenarios[scenario].head));
  if (last > 0) { heads.push(make("th", { scope: "col", class: "n" }, changeHead())); }
  return make("thead", {}, make("tr", {}, make("td", {}), ...heads));
}

function changeHead() {
  const [first, second] = [data.scenarios[state.first].head, data.scenarios[state.second].head];
  return (first + second).length > 8 ? words.change : second + " " + numerals.minus + " " + first;
}

// The change from the first to the second result, with its share of the first.
function changeOf(values) {
  const [before, after] = [values[state.first], values[state.second]];
  if (before === null && after === null) { return "–"; }
  const change = (after || 0) - (before || 0);
  if (!change) { return formatted(0, 0); }
  if (before && Math.abs(change) < 5e-4 * Math.abs(before)) { return words.tiny; }
  const share = before ? " (" + percent(change / before, true) + ")" : "";
  return rough(change, true) + share;
}

function figureRow(title, unit, values, undetermined) {
  const cells = columns().map(scenario => {
    const mark = undetermined(scenario) && values[scenario] !== null ? "≈" : "";
    return make("td", { class: "n" }, mark + rough(values[scenario]));
  });
  if (last > 0) { cells.push(make("td", { class: "n change" }, changeOf(values))); }
  const name = make("th", { scope: "row" }, title, unit ? make("span", { class: "under" }, unit) : null);
  return make("tr", {}, name, ...cells);
}

// From which side to which a figure counts, as an arrow in the direction of reading.
function wayOf(figure, kind, item) {
  const [from, to] = figure.way > 0 ? [0, 1] : [1, 0];
  return kind.sides[from][item] + (rightToLeft ? " ← " : " → ") + kind.sides[to][item];
}

function groupRow(title) {
  return make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: last + 2 + (last > 0) }, title));
}

function unitOf(figure) {
  return figure.unit === "%" ? numerals.percent.trim() : data.units[figure.unit];
}

// Figures by direction stand under a common head, which names what they are and their unit once.
function headOf(figure) {
  if (!figure.way) { return ""; }
  return [figure.group, words[figure.title]].filter(Boolean).join(": ") + " (" + unitOf(figure) + ")";
}

function figureRows(name, item) {
  const kind = kinds[name], rows = [];
  const undetermined = scenario => kind.open.length > 0 && kind.open[scenario].includes(item);
  let group = "";
  kind.figures.forEach(figure => {
    const values = columns().map(scenario => figure.of[scenario][item]);
    if (values.every(value => value === null)) { return; }
    if (headOf(figure) !== group && figure.way) { rows.push(groupRow(headOf(figure))); }
    group = headOf(figure);
    const isFlow = figure.unit === "kt/year" || figure.unit === "vehicles/day";
    const title = figure.way ? wayOf(figure, kind, item) : words[figure.title];
    rows.push(figureRow(title, figure.way ? "" : unitOf(figure), values, isFlow ? undetermined : () => false));
  });
  return rows;
}

// The figures of the commodity that the map shows, before those of all commodities.
function chosenRows(name, item) {
  if (state.commodity < 0 || !kinds[name].goods.length) { return []; }
  const values = columns().map(scenario => commodityValue(name, item, scenario, state.commodity));
  return [
    figureRow(data.commodities[state.commodity], data.units["kt/year"], values, () => false),
    groupRow(words.all),
  ];
}

const MOST_GOODS = 5;
function commodityRows(name, item) {
  if (!kinds[name].goods.length) { return []; }
  const found = data.commodities.map((title, commodity) => ({
    title, values: columns().map(scenario => commodityValue(name, item, scenario, commodity)),
  })).filter(each => Math.max(...each.values) > 0);
  found.sort((one, other) => Math.max(...other.values) - Math.max(...one.values));
  const rows = found.slice(0, MOST_GOODS).map(each => figureRow(each.title, "", each.values, () => false));
  return rows.length ? [groupRow(words.goods + " (" + data.units["kt/year"] + ")"), ...rows] : [];
}

function factList(name, item) {
  const facts = kinds[name].facts.map(fact => [words[fact.title], fact.of[item]]).filter(([, text]) => text);
  return make("dl", {}, ...facts.map(([title, text]) => make("div", {}, make("dt", {}, title), make("dd", {}, text))));
}

// What a place is joined to, as buttons: the way from item to item without a pointer.
function neighbours(name, item) {
  if (name !== "node") { return null; }
  const [from, to] = kinds.link.nodes;
  const found = kinds.link.id.map((_, link) => link).filter(link => from[link] === item || to[link] === item);
  found.sort((one, other) => Math.abs(value("link", other)) - Math.abs(value("link", one)));
  const items = found.map(link => {
    const mode = data.modes[kinds.link.mode[link]].name;
    const open = make("button", { type: "button", class: "as-link" }, kinds.link.name[link] + ", " + mode);
    open.addEventListener("click", () => select({ kind: "link", item: link }));
    return make("li", {}, open);
  });
  return items.length ? make("div", {}, make("p", { class: "soft" }, words.links_here), make("ul", { class: "plain" }, ...items)) : null;
}

function legendOfResults() {
  if (!last || data.scenarios.every(scenario => scenario.head === scenario.label)) { return null; }
  return make("p", { class: "soft" }, data.scenarios.map(scenario => scenario.head + ": " + scenario.label).join("; "));
}

function drawDetails() {
  const chosen = state.selected;
  panel.hidden = !chosen;
  if (!chosen) { return; }
  const { kind, item } = chosen, rows = [...chosenRows(kind, item), ...figureRows(kind, item), ...commodityRows(kind, item)];
  const close = make("button", { type: "button", class: "close", "aria-label": words.close, title: words.close }, "×");
  close.addEventListener("click", () => select(null));
  const caption = make("caption", { class: "unseen" }, kinds[kind].name[item]);
  const isOpen = kinds[kind].open.some(items => items.includes(item));
  panel.setAttribute("aria-labelledby", "map-details-name");
  panel.replaceChildren(
    make("div", { class: "details-head" },
      make("div", {},
        make("p", { class: "soft" }, words[kind]),
        make("h3", { id: "map-details-name" }, kinds[kind].name[item])),
      close),
    make("div", { class: "details-body", tabindex: 0, role: "group", "aria-labelledby": "map-details-name" }, ...[
      factList(kind, item),
      rows.length ? make("table", {}, caption, head(), make("tbody", {}, ...rows)) : null,
      rows.length ? legendOfResults() : null,
      isOpen ? make("p", { class: "soft" }, words.open_note) : null,
      neighbours(kind, item),
    ].filter(Boolean)),
  );
}
