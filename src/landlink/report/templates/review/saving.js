// Saving: to the server that served the page, or as a download.
function download() {
  var link = el("a", { href: URL.createObjectURL(new Blob([registerText()], { type: "text/yaml;charset=utf-8" })), download: data.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  if (!data.served) { dirty = false; say(""); }
}

// A problem of a clause leads to it.
function problemLine(text, id) {
  if (!id || !clauseOf(id)) { return el("li", { dir: "auto" }, text); }
  return el("li", { dir: "auto" }, el("a", { href: "#c-" + id, onclick: function (event) { event.preventDefault(); choose(id, true); } }, text));
}
function tellProblems(problems, ids) {
  var box = byId("problems");
  box.hidden = !problems.length;
  box.replaceChildren.apply(box, problems.length ? [el("p", {}, el("strong", {}, words.not_saved)), el("ul", {}, problems.map(function (text, at) {
    return problemLine(text, ids && ids[at]);
  }))] : []);
  if (problems.length) { box.focus(); }
}

function upload() {
  var sent = state;
  return fetch("register", {
    method: "PUT", headers: { "Content-Type": "application/yaml", "If-Match": '"' + data.served.etag + '"' }, body: registerText()
  }).then(function (answer) {
    return answer.json().catch(function () { return {}; }).then(function (told) {
      if (answer.ok) {
        data.served.etag = told.etag;
        data.version = told.version;
        if (state === sent) { dirty = false; forget(); notice("", []); say(words.saved, true); } else { keep(); }
        tellProblems([]);
      } else if (answer.status === 412) { tellProblems([words.changed_on_disk]); } else { tellProblems(told.problems || [String(answer.status)], told.clauses); }
    });
  }, function () { tellProblems([words.unreachable]); });
}
function save() { if (data.served) { upload(); } else { download(); } }
