// Elements of the page.

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  Object.entries(attributes || {}).forEach(([key, text]) => {
    if (text !== null && text !== undefined && text !== false) { element.setAttribute(key, text === true ? "" : text); }
  });
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

function part(name) {
  return root.querySelector("[data-part='" + name + "']");
}

function isNarrow() {
  return window.matchMedia("(max-width: 640px)").matches;
}
