// Choosing an indicator: a field with a list that is searched by words, with the unit of each.
var pickers = 0;

function indicatorPicker(value, problem, onchoice) {
  var id = "picker-" + (pickers += 1), at = -1, open = false, last = value;
  var list = el("ul", { id: id, role: "listbox", class: "choices", hidden: true, "aria-label": words.indicator });
  var input = el("input", {
    type: "text", dir: "ltr", spellcheck: "false", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": id,
    "aria-autocomplete": "list", value: value, "data-field": "indicator"
  });
  var unit = el("span", { class: "soft unit", dir: "ltr" });

  function tellUnit() {
    var text = input.value.trim();
    unit.textContent = (text && judged(text).unit) || "";
  }
  function close() {
    open = false;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function mark() {
    all("li", list).forEach(function (line, number) { line.setAttribute("aria-selected", String(number === at)); });
    if (at >= 0) { input.setAttribute("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({ block: "nearest" }); }
  }
  function choose(text) {
    input.value = text;
    close();
    tellUnit();
    if (text.trim() !== last) { last = text.trim(); onchoice(last); }
  }
  function draw() {
    var found = matching(input.value);
    at = -1;
    list.replaceChildren.apply(list, found.length ? found.map(function (item, number) {
      return el("li", { id: id + "-" + number, role: "option", title: item.meaning, onmousedown: function (event) { event.preventDefault(); choose(item.name); } }, [
        el("code", { dir: "ltr" }, item.name), " ", el("span", { class: "soft", dir: "ltr" }, item.unit),
        item.general ? null : el("span", { class: "soft places", dir: "auto" }, inWords(item.name))
      ]);
    }) : [el("li", { class: "soft", role: "presentation" }, words.no_match + " " + words.measurable + ": “" + words.m_not_computed + "”?")]);
    open = true;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
  input.addEventListener("input", function () { draw(); tellUnit(); });
  input.addEventListener("blur", function () { choose(input.value); });
  input.addEventListener("keydown", function (event) {
    var options = all("[role=option]", list);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) { draw(); options = all("[role=option]", list); }
      if (options.length) { at = (at + (event.key === "ArrowDown" ? 1 : options.length) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length; mark(); }
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(open && at >= 0 ? options[at].querySelector("code").textContent : input.value);
    } else if (event.key === "Escape" && open) { event.stopPropagation(); close(); }
  });
  tellUnit();
  var wrong = flagged(input, problem, id + "-wrong");
  return el("div", { class: "picker" }, [el("label", {}, [el("span", {}, words.indicator), input]), unit, list, wrong]);
}
