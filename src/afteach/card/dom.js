// Elements, and text from the bank and from answers: set as text, never as HTML.
import { word } from "./saying.js";

// Where the focus is, keys are the card's own: JupyterLab would cut cells with x and d d. It asks the element that has
// the focus before its parents, so the mark stands on each.
const SIGNS = { right: "✓", wrong: "×" };
const HELD = { bdi: { dir: "ltr" } };
const OWN_KEYS = "data-lm-suppress-shortcuts";

export function ownKeys(node) {
  node.setAttribute(OWN_KEYS, "true");
}

// What a copy of a keystroke needs to be the same keystroke.
const keystroke = ({ key, code, keyCode, ctrlKey, metaKey, shiftKey }) => ({
  key,
  code,
  keyCode,
  ctrlKey,
  metaKey,
  shiftKey,
});

// What listens further out than a form, and not for shortcuts, is not to hear its keys either. Saving is the notebook's own.
export function keepKeys(form, root) {
  for (const name of ["keydown", "keyup", "keypress"]) {
    form.addEventListener(name, (event) => {
      event.stopPropagation();
      if (name !== "keydown" || !(event.ctrlKey || event.metaKey) || event.altKey || event.keyCode !== 83) return;
      event.preventDefault();
      root.dispatchEvent(new KeyboardEvent("keydown", { ...keystroke(event), bubbles: true, cancelable: true }));
    });
  }
}

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (["FORM", "INPUT", "SELECT", "TEXTAREA", "BUTTON"].includes(node.tagName) || "tabindex" in attributes) {
    ownKeys(node);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// `code` and *emphasis* are all the marks that the bank knows. A range, and a number with its sign, are held together: a
// line that runs from right to left would turn them around.
export function marked(text) {
  return String(text)
    .split(/(`[^`]+`|\*[^*\s][^*]*\*|\d(?:[\d.,]{0,20}\d)?(?:(?:\s?[–−]\s?\d(?:[\d.,]{0,20}\d)?)+(?:\s%)?|\s%))/)
    .map((part, i) => {
      if (i % 2 === 0) return { tag: "", text: part };
      if (/^`[^`]+`$/.test(part)) return { tag: "code", text: part.slice(1, -1) };
      return /^\d/.test(part) ? { tag: "bdi", text: part } : { tag: "em", text: part.slice(1, -1) };
    })
    .filter((part) => part.text);
}

// What is for screen readers alone.
export const unseen = (text) => el("span", { class: "af-unseen" }, text);

// A sign on what was chosen, and its word for whoever does not see it; with no mark it is taken off.
export function markOn(row, sign, mark) {
  if (mark) row.dataset.mark = mark;
  else delete row.dataset.mark;
  sign.replaceChildren(
    ...(mark ? [el("span", { "aria-hidden": "true" }, SIGNS[mark]), unseen(word(`mark_${mark}`))] : []),
  );
}

export function rich(node, text) {
  node.replaceChildren(...marked(text).map((part) => (part.tag ? el(part.tag, HELD[part.tag], part.text) : part.text)));
  return node;
}
