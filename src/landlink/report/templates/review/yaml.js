// The register as YAML in block style; texts in the quotation marks of JSON, which YAML reads alike.
function scalar(value) {
  if (value === null || value === undefined) { return "null"; }
  if (typeof value !== "string") { return String(value); }
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, function (sign) {
    return "\\u" + ("000" + sign.charCodeAt(0).toString(16)).slice(-4);
  });
}
function isPlainList(value) {
  return Array.isArray(value) && value.every(function (item) { return item === null || typeof item !== "object"; });
}
function yaml(value, indent) {
  if (Array.isArray(value)) {
    return value.map(function (item) { return indent + "- " + yaml(item, indent + "  ").replace(/^ +/, ""); }).join("");
  }
  return Object.keys(value).map(function (key) {
    var item = value[key], head = indent + JSON.stringify(key) + ":";
    if (isPlainList(item)) { return head + " [" + item.map(scalar).join(", ") + "]\n"; }
    if (item === null || typeof item !== "object") { return head + " " + scalar(item) + "\n"; }
    return Object.keys(item).length ? head + "\n" + yaml(item, indent + "  ") : head + " {}\n";
  }).join("");
}
function registerText() { return yaml(Object.assign({}, data.register, state), ""); }
