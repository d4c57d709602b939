// The fields of a clause, as they count; each change is a decision of the reviewer.
function labelled(label, control) { return el("label", {}, [el("span", {}, label), control]); }
function choice(options, value, attributes) {
  var box = el("select", attributes, options.map(function (option) { return el("option", { value: option[0] }, option[1]); }));
  box.value = value === null || value === undefined ? "" : String(value);
  return box;
}
function line(value, attributes) {
  return el("input", Object.assign({ type: "text", dir: "auto", value: value === null || value === undefined ? "" : String(value) }, attributes));
}
function numberOf(text) {
  var plain = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) { plain = plain.replace(/,/g, ""); }
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

// Set a field by the name of the reviewer; without a name nothing changes.
function put(id, field, value) {
  var who = reviewer();
  if (!who) { return; }
  say("");
  change(id, function (clause) { setValue(clause, field, value, who); });
  var wrong = problemsOf(clauseOf(id))[0];
  if (wrong) { say(words.unsaved + " – " + wrong); }
}

function drawForm(clause) {
  var id = clause.id;
  function on(act) { return function (event) { act(event.target.value.trim()); }; }
  return el("div", { class: "fields" }, [
    labelled(words.strength, choice([["", "–"]].concat(data.strengths), clause.strength, {
      "data-field": "strength", onchange: on(function (text) { put(id, "strength", text ? Number(text) : null); })
    })),
    topicsField(clause),
    partiesField(clause),
    labelled(words.measurable, choice([["", "–"]].concat(data.measurable), valueOf(clause, "measurable"), {
      "data-field": "measurable", onchange: on(function (text) { put(id, "measurable", text || null); })
    })),
    listField(clause, "places", null),
    data.register.projects.length ? listField(clause, "projects", data.register.projects.map(function (project) { return project.id; })) : null,
    quantityField(clause),
    indicatorPicker(valueOf(clause, "indicator") || "", indicatorProblem(clause), function (text) { put(id, "indicator", text || null); }),
    targetField(clause),
    baselineField(clause),
    labelled(words.deadline, el("input", {
      type: "date", "data-field": "deadline", value: valueOf(clause, "deadline") || "", onchange: on(function (text) { put(id, "deadline", text || null); })
    })),
    dueAfterField(clause),
    clause.quote === null ? labelled(words.gloss, line(clause.gloss, { "data-field": "gloss", onchange: on(function (text) { if (text) { put(id, "gloss", text); } }) })) : null
  ].concat(Object.keys(clause.glosses || {}).sort().map(function (code) { return translationField(clause, code); }), [
    el("label", { class: "wide" }, [el("span", {}, words.note), el("textarea", {
      rows: "2", dir: "auto", "data-field": "note", onchange: on(function (text) { put(id, "note", text || null); })
    }, clause.note || "")])
  ]));
}

// The gloss in another language; without text it is removed.
function translationField(clause, code) {
  var label = words.glosses + ": " + languageName(code);
  return labelled(label, line(clause.glosses[code], { lang: code, "data-field": "glosses-" + code, onchange: function (event) {
    var all = copied(clause.glosses), text = event.target.value.trim();
    if (text) { all[code] = text; } else { delete all[code]; }
    put(clause.id, "glosses", all);
  } }));
}

function topicsField(clause) {
  var names = Object.fromEntries(data.topics);
  var add = choice([["", "+ " + words.topic]].concat(data.topics.filter(function (topic) { return clause.topics.indexOf(topic[0]) < 0; })), "", {
    "aria-label": words.topic, "data-field": "topics", onchange: function (event) { put(clause.id, "topics", clause.topics.concat([event.target.value])); }
  });
  return el("div", { class: "group" }, [el("span", {}, words.topic), el("div", { class: "row" }, clause.topics.map(function (topic) {
    var label = names[topic] || topic;
    return button(label + " ×", function () { put(clause.id, "topics", clause.topics.filter(function (other) { return other !== topic; })); }, { class: "chip", "aria-label": words.remove + ": " + label });
  }).concat([add]))]);
}

function partiesField(clause) {
  var value = valueOf(clause, "parties") || [];
  return labelled(words.parties, line(value.join(", "), {
    dir: "ltr", list: "countries", "data-field": "parties", onchange: function (event) {
      var codes = event.target.value.toUpperCase().split(/[\s,;]+/).filter(Boolean);
      var wrong = codes.filter(function (code) { return state.parties.indexOf(code) < 0 && !data.countries[code]; });
      if (wrong.length) { say(words.bad_party + ": " + wrong.join(", ")); return; }
      var who = reviewer();
      if (!who) { return; }
      say("");
      commit({ parties: addParties(codes), clauses: state.clauses.map(function (item) {
        if (item.id !== clause.id) { return item; }
        var own = copied(item);
        setValue(own, "parties", Array.from(new Set(codes)), who);
        return own;
      }) });
    }
  }));
}

// A target is a side, a kind of number, the number and its unit, or a trend alone; without a side it is none.
function targetField(clause) {
  var target = valueOf(clause, "target") || {};
  var kind = target.times_baseline != null ? "times_baseline" : target.plus_baseline != null ? "plus_baseline" : "value";
  var side = choice([["", "–"]].concat(data.directions), target.direction, { "aria-label": words.direction, "data-field": "direction" });
  var kinds = choice([["value", words.number], ["times_baseline", words.times], ["plus_baseline", words.change]], kind, { "aria-label": words.kind, "data-field": "kind" });
  var number = line(target[kind], { inputmode: "decimal", dir: "ltr", "aria-label": words.value, "data-field": "target", class: "short" });
  var unit = line(target.unit, { dir: "ltr", "aria-label": words.unit, placeholder: words.unit, "data-field": "unit", class: "short" });
  function read() {
    if (data.trends.indexOf(side.value) >= 0) { put(clause.id, "target", { direction: side.value }); return; }
    if (!number.value.trim()) { if (valueOf(clause, "target")) { put(clause.id, "target", null); } return; }
    var value = numberOf(number.value);
    if (isNaN(value)) { say(words.bad_number + ": " + number.value); return; }
    if (!side.value) { say(words.direction_needed); return; }
    var made = { direction: side.value };
    made[kinds.value] = value;
    if (unit.value.trim() && kinds.value !== "times_baseline") { made.unit = unit.value.trim(); }
    if (target.tolerance != null) { made.tolerance = target.tolerance; }
    put(clause.id, "target", made);
  }
  [side, kinds, number, unit].forEach(function (control) { control.addEventListener("change", read); });
  return el("div", { class: "group", role: "group", "aria-label": words.target }, [
    el("span", {}, words.target), el("div", { class: "row" }, [side, kinds, number, unit]), flagged(unit, unitProblem(clause), "wrong-unit")
  ]);
}

function baselineField(clause) {
  var baseline = valueOf(clause, "baseline") || {};
  var kind = baseline.observed ? "observed" : baseline.scenario ? "scenario" : "value";
  var kinds = choice([["value", words.number], ["observed", words.observed], ["scenario", words.scenario]], kind, { "aria-label": words.kind, "data-field": "baseline-kind" });
  var given = line(baseline[kind], { dir: "ltr", "aria-label": words.baseline, "data-field": "baseline" });
  var year = line(baseline.year, { inputmode: "numeric", dir: "ltr", "aria-label": words.year, placeholder: words.year, "data-field": "baseline-year", class: "short" });
  function read() {
    var text = given.value.trim();
    if (!text) { if (valueOf(clause, "baseline")) { put(clause.id, "baseline", null); } return; }
    var made = {}, when = year.value.trim();
    made[kinds.value] = kinds.value === "value" ? numberOf(text) : text;
    if (kinds.value === "value" && isNaN(made.value)) { say(words.bad_number + ": " + text); return; }
    if (when && !/^\d{4}$/.test(when)) { say(words.bad_number + ": " + when); return; }
    if (when) { made.year = Number(when); }
    put(clause.id, "baseline", made);
  }
  [kinds, given, year].forEach(function (control) { control.addEventListener("change", read); });
  return el("div", { class: "group", role: "group", "aria-label": words.baseline }, [
    el("span", {}, words.baseline + (clause.baseline_words ? " (" + clause.baseline_words + ")" : "")), el("div", { class: "row" }, [kinds, given, year])
  ]);
}
