// One clause: a line in the list, and everything about it once it is chosen.
function drawCard(clause) {
  var now = clause.id === current;
  var card = el("article", {
    id: "c-" + clause.id, class: "card is-" + clause.status + (now ? " current" : ""), tabindex: "0", "data-id": clause.id,
    "aria-labelledby": "h-" + clause.id, "aria-expanded": String(now)
  }, [heading(clause), quotation(clause)].concat(now ? details(clause) : []));
  card.addEventListener("focusin", function () { choose(clause.id, false); });
  card.addEventListener("click", function () { choose(clause.id, false); });
  return card;
}

function heading(clause) {
  var topics = Object.fromEntries(data.topics), strengths = Object.fromEntries(data.strengths);
  return el("h3", { id: "h-" + clause.id }, [
    el("span", { class: "id" }, clause.id),
    clause.strength === null ? null : el("span", { class: "chip s" + clause.strength }, strengths[clause.strength]),
    measurability(clause) ? el("span", { class: "chip", dir: "ltr" }, measurability(clause)) : null,
    disputes(clause).length ? el("span", { class: "chip flag" }, "⚑ " + words.disputed) : null
  ].concat(clause.topics.map(function (topic) { return el("span", { class: "chip" }, topics[topic] || topic); }), [
    el("span", { class: "status" }, words["st_" + clause.status])
  ]));
}
function measurability(clause) {
  var target = valueOf(clause, "target") || (clause.suggested.target && clause.suggested.target.value);
  if (target) { return shown(target); }
  return clause.quantity ? quantityText(clause.quantity) : "";
}

function quotation(clause) {
  var own = clause.quote === null ? null : el("span", { "data-at": clause.start }, textOf(clause.start, clause.end));
  return el("div", {}, [
    el("blockquote", { lang: data.source.language, dir: data.source.direction }, own || el("span", { "data-at": clause.start, class: "withheld" }, textOf(clause.start, clause.end))),
    drawGloss(clause),
    clause.head ? el("p", { class: "soft", dir: "auto" }, words.f_inherited_strength + ": " + clause.head) : null
  ]);
}

// The gloss in the language of the page where there is one, else as the register's author wrote it.
function drawGloss(clause) {
  var language = document.documentElement.lang, own = (clause.glosses || {})[language];
  return own || clause.gloss ? el("p", { class: "gloss", dir: "auto", lang: own ? language : null }, own || clause.gloss) : null;
}

function details(clause) {
  return [
    clause.flags.length ? el("p", { class: "flags" }, clause.flags.map(function (flag) { return el("span", { class: "chip flag" }, "⚑ " + words["f_" + flag]); })) : null,
    drawDisputes(clause), drawSuggestions(clause), drawForm(clause), drawActs(clause), drawLog(clause), drawRules(clause)
  ];
}

function drawDisputes(clause) {
  var fields = Array.from(new Set(disputes(clause).map(function (opinion) { return opinion.field; })));
  if (!fields.length) { return null; }
  return el("fieldset", { class: "disputes" }, [el("legend", {}, words.tier_disputed)].concat(fields.map(function (field) {
    return el("div", { class: "row", role: "group", "aria-label": fieldName(field) }, [el("b", {}, fieldName(field))].concat(
      disputes(clause).filter(function (opinion) { return opinion.field === field; }).map(function (opinion) {
        return button([el("bdi", { dir: way(opinion.value) }, spoken(field, opinion.value)), " ", el("span", { class: "soft" }, el("bdi", {}, [opinion.by, opinion.when].filter(Boolean).join(", ")))], function () {
          var who = reviewer();
          if (who) { settle(clause.id, opinion, who); }
        }, { "data-settle": field });
      })
    ));
  })));
}
function fieldName(field) { return words[field] || field; }
// Signs before numbers keep their side in a text from right to left.
function way(value) { return value !== null && typeof value === "object" && !isTranslations(value) ? "ltr" : "auto"; }
function spoken(field, value) {
  if (field === "clause") { return words[value] || value; }
  if (field === "status") { return words["st_" + value] || value; }
  if (field === "strength" && value !== null) { return Object.fromEntries(data.strengths)[value]; }
  return shown(value) || words.no_value;
}

function drawSuggestions(clause) {
  var fields = Object.keys(clause.suggested).filter(function (field) {
    var item = clause.suggested[field], own = clause[field];
    return item.value !== null && (own === null || (Array.isArray(own) && !own.length));
  });
  if (!fields.length) { return null; }
  return el("fieldset", {}, [el("legend", {}, words.suggested)].concat(fields.map(function (field) {
    var item = clause.suggested[field];
    return el("label", { class: "suggestion" }, [
      el("input", { type: "checkbox", "data-suggestion": field, checked: Boolean(item.accepted_by), onchange: function (event) { tick(clause.id, field, event.target); } }),
      el("span", {}, [el("b", {}, fieldName(field)), ": ", el("code", { dir: "ltr" }, shown(item.value)), " ",
        el("span", { class: "soft", dir: "auto" }, (item.why || "") + (item.rule ? " [" + item.rule + "]" : "")),
        item.accepted_by ? el("span", { class: "soft by" }, [words.by + " ", el("bdi", {}, item.accepted_by)]) : null])
    ]);
  })));
}
function tick(id, field, box) {
  var who = reviewer();
  if (!who) { box.checked = !box.checked; return; }
  change(id, function (clause) {
    clause.suggested[field].accepted_by = box.checked ? who : null;
    decide(clause, field, box.checked ? shown(clause.suggested[field].value) : null, who);
  });
}

function drawActs(clause) {
  return el("p", { class: "acts" }, [
    button(words.accept, function () { act("accept"); }, { "data-do": "accept" }),
    button(words.accept_all, function () { act("acceptAll"); }, { "data-do": "accept-all" }),
    button(words.reject, function () { act("reject"); }, { "data-do": "reject" }),
    clause.status === "draft" ? null : button(words.to_draft, function () { act("draft"); }, { "data-do": "draft" }),
    button(words.split, function () { act("split"); }, { "data-do": "split" }),
    neighbour(clause.id) ? button(words.merge, function () { act("merge"); }, { "data-do": "merge" }) : null,
    clause.accepted_by ? el("span", { class: "soft" }, [words.by + " ", el("bdi", {}, clause.accepted_by)]) : null,
    splitting === clause.id ? splitter(clause) : null
  ]);
}
// Splitting by keyboard: the cursor in the words says where. A field that is read only would have no cursor to move.
function splitter(clause) {
  var area = el("textarea", {
    "aria-readonly": "true", rows: "4", dir: "auto", "data-split": clause.id, onbeforeinput: function (event) { event.preventDefault(); }
  }, textOf(clause.start, clause.end));
  return el("span", { class: "splitter" }, [
    el("label", {}, [el("span", {}, words.split_how), area]),
    button(words.split_here, function () { splitAt(clause.id, clause.start + lengthOf(area.value.slice(0, area.selectionStart))); }, { "data-do": "split-here" })
  ]);
}

function drawLog(clause) {
  var log = clause.decisions || [];
  if (!log.length) { return null; }
  return el("details", { class: "log" }, [el("summary", {}, words.decisions + " (" + counted(log.length) + ")"), el("ul", {}, log.slice().reverse().map(function (item) {
    return el("li", {}, [el("b", {}, fieldName(item.field)), ": ", el("bdi", {}, spoken(item.field, item.field === "strength" && item.value ? Number(item.value) : item.value)), " – ", el("bdi", {}, item.by), item.when ? ", " + item.when : ""]);
  }))]);
}
function drawRules(clause) {
  var rules = Object.keys(clause.rules).sort();
  if (!rules.length) { return null; }
  return el("details", {}, [el("summary", {}, words.rules), el("ul", {}, rules.map(function (field) {
    return el("li", {}, [el("code", {}, field), ": ", clause.rules[field]]);
  }))]);
}
