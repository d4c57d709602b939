// Work in progress is kept in this browser by the hash of the text, and found again after a reload.
var KEY = "landlink-review:" + data.register.source.sha256, WHO = "landlink-reviewer";
var keeps = true, dirty = false;

function stored() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch (error) { return null; }
}
function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ base: data.version, when: new Date().toISOString(), state: state }));
  } catch (error) {
    if (keeps) { keeps = false; notice(words.no_drafts, []); }
  }
}
function forget() { try { localStorage.removeItem(KEY); } catch (error) { keeps = false; } }
function notice(text, buttons) {
  var box = byId("draft");
  box.replaceChildren.apply(box, [el("span", {}, text)].concat(buttons));
  box.hidden = !text;
}
function discard() {
  forget();
  enter({ clauses: data.register.clauses, parties: data.register.parties, unclassified: data.register.unclassified });
  past = [];
  future = [];
  dirty = false;
  forget();
  notice("", []);
  say("");
}
function localTime(iso) { return new Date(iso).toLocaleString(document.documentElement.lang); }
function isState(value) { return value && ["clauses", "parties", "unclassified"].every(function (key) { return Array.isArray(value[key]); }); }

function recover() {
  var draft = stored();
  try { byId("name").value = localStorage.getItem(WHO) || ""; } catch (error) { keeps = false; }
  if (!draft || !isState(draft.state)) { return; }
  var drop = button(words.discard, discard, { id: "discard" });
  if (draft.base === data.version) {
    state = draft.state;
    dirty = true;
    say(words.unsaved);
    notice(words.draft_found + " " + localTime(draft.when) + ".", [drop]);
  } else {
    notice(words.draft_other + " " + localTime(draft.when) + ".", [
      button(words.recover, function () { commit(draft.state); notice(words.draft_found + " " + localTime(draft.when) + ".", [drop]); }, { id: "recover" }), drop
    ]);
  }
}
listeners.push(function () { dirty = true; say(words.unsaved); keep(); });
byId("name").addEventListener("change", function (event) { try { localStorage.setItem(WHO, event.target.value.trim()); } catch (error) { keeps = false; } });
