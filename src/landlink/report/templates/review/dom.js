// Elements; whatever comes from the text or the register becomes text, never markup.
function all(query, within) { return Array.from((within || document).querySelectorAll(query)); }
function byId(id) { return document.getElementById(id); }
function el(name, attributes, children) {
  var made = document.createElement(name);
  Object.keys(attributes || {}).forEach(function (key) {
    var value = attributes[key];
    if (key.slice(0, 2) === "on") { made.addEventListener(key.slice(2), value); } else if (value === true) { made.setAttribute(key, ""); } else if (value !== null && value !== undefined && value !== false) { made.setAttribute(key, value); }
  });
  [].concat(children === undefined ? [] : children).forEach(function (child) {
    if (child !== null && child !== undefined && child !== "") { made.append(child); }
  });
  return made;
}
function button(label, act, attributes) { return el("button", Object.assign({ type: "button", onclick: act }, attributes), label); }
function counted(number) { return number.toLocaleString(document.documentElement.lang); }
function say(text, good) {
  byId("message").textContent = text;
  byId("message").className = good ? "good" : "";
}
function reviewer() {
  var who = byId("name").value.trim();
  if (!who) { say(words.name_needed); byId("name").focus(); }
  return who;
}
