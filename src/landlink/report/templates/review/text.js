// The text by characters as the register counts them: a sign outside the basic plane is one, not two.
var chars = Array.from(data.text);

function textOf(start, end) { return chars.slice(start, end).join(""); }
function lengthOf(words) { return Array.from(words).length; }

// The span without blanks at its ends; null if nothing is left.
function trimmed(start, end) {
  while (start < end && !chars[start].trim()) { start += 1; }
  while (end > start && !chars[end - 1].trim()) { end -= 1; }
  return start < end ? { start: start, end: end } : null;
}

// Where a point of the page lies in the text; null outside of it.
function placeOf(node, offset) {
  if (node.nodeType !== Node.TEXT_NODE) {
    var next = node.childNodes[offset];
    var first = next && next.nodeType === Node.ELEMENT_NODE && (next.matches("[data-at]") ? next : next.querySelector("[data-at]"));
    if (first) { return Number(first.dataset.at); }
    var parts = node.querySelectorAll ? node.querySelectorAll("[data-at]") : [];
    var last = node.dataset && node.dataset.at ? node : parts[parts.length - 1];
    if (!last) { return null; }
    return Number(last.dataset.at) + (offset ? lengthOf(last.textContent) : 0);
  }
  var holder = node.parentElement.closest("[data-at]");
  return holder ? Number(holder.dataset.at) + lengthOf(node.data.slice(0, offset)) : null;
}

// The span that is selected on the page; null if there is none in the text.
function selected() {
  var chosen = window.getSelection();
  if (!chosen.rangeCount) { return null; }
  var range = chosen.getRangeAt(0);
  var start = placeOf(range.startContainer, range.startOffset), end = placeOf(range.endContainer, range.endOffset);
  return start === null || end === null || end < start ? null : { start: start, end: end };
}
