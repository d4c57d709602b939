// The search box: suggestions by any name that a thing has in any language of the study.

const field = part("search"), list = part("suggestions");
const MOST_SUGGESTIONS = 12;
const KINDS = ["zone", "crossing", "node", "terminal"];

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function placeOf(kind, item) {
  return kinds[kind].at[0][item] + "/" + kinds[kind].at[1][item];
}

// What can be found: each thing with a place, by its names and its identifier.
function indexOf(kind) {
  return kinds[kind].id.map((id, item) => ({
    kind, item, shown: kinds[kind].name[item],
    names: [kinds[kind].name[item], ...kinds[kind].also[item].split("|"), id].filter(Boolean).map(plain),
    people: kind === "node" ? kinds.node.people[item] : 0,
  })).filter(entry => kinds[kind].at[0][entry.item] !== null);
}

// A node that is a zone or a crossing of the same name is found as that, which has more to show.
const index = KINDS.flatMap(indexOf);
const known = new Set(index.filter(entry => entry.kind !== "node")
  .flatMap(entry => entry.names.map(name => placeOf(entry.kind, entry.item) + name)));
const entries = index.filter(entry => entry.kind !== "node" || !known.has(placeOf("node", entry.item) + entry.names[0]));

// 0: begins with what was typed; 1: a word of it does; 2: holds it; 3: does not.
function rankOf(name, wish) {
  const at = name.indexOf(wish);
  if (at <= 0) { return at === 0 ? 0 : 3; }
  return /[\s(/–-]/.test(name.charAt(at - 1)) ? 1 : 2;
}

function found(text) {
  const wish = plain(text.trim());
  if (!wish) { return []; }
  return entries.map(entry => ({ entry, rank: Math.min(...entry.names.map(name => rankOf(name, wish))) }))
    .filter(each => each.rank < 3)
    .sort((one, other) => one.rank - other.rank
      || KINDS.indexOf(one.entry.kind) - KINDS.indexOf(other.entry.kind)
      || other.entry.people - one.entry.people)
    .slice(0, MOST_SUGGESTIONS)
    .map(each => each.entry);
}

let suggestions = [], active = -1;

function optionOf(entry, place) {
  const option = make("li", { role: "option", id: "map-suggestion-" + place, "aria-selected": String(place === active) },
    make("span", {}, entry.shown), make("span", { class: "soft" }, words[entry.kind]));
  option.addEventListener("pointerdown", event => { event.preventDefault(); choose(entry); });
  return option;
}

function drawSuggestions() {
  const isOpen = field.value.trim() !== "";
  const nothing = make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, words.nothing);
  list.replaceChildren(...(suggestions.length ? suggestions.map(optionOf) : [nothing]));
  show(isOpen);
  if (active >= 0) { field.setAttribute("aria-activedescendant", "map-suggestion-" + active); } else { field.removeAttribute("aria-activedescendant"); }
}

function show(isOpen) {
  list.hidden = !isOpen;
  field.setAttribute("aria-expanded", String(isOpen));
}

function choose(entry) {
  field.value = entry.shown;
  suggestions = [];
  show(false);
  field.removeAttribute("aria-activedescendant");
  select({ kind: entry.kind, item: entry.item });
  goTo(entry.kind, entry.item);
}

function startSearch() {
  field.addEventListener("input", () => {
    suggestions = found(field.value);
    active = -1;
    drawSuggestions();
  });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!suggestions.length) { return; }
      const count = suggestions.length, by = event.key === "ArrowDown" ? 1 : -1;
      active = active < 0 && by < 0 ? count - 1 : (active + by + count) % count;
      drawSuggestions();
    } else if (event.key === "Enter" && suggestions.length) {
      event.preventDefault();
      choose(suggestions[Math.max(active, 0)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      suggestions = [];
      field.value = "";
      drawSuggestions();
    }
  });
}
