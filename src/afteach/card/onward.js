// The way from a card to the next: the next question of the notebook, and after the last one the next notebook.
import { el } from "./dom.js";
import { word } from "./saying.js";

// A second click of a double click is none on the button that has come in the place of the first.
const TOO_SOON = 700;

export function onwardFrom(form, asked) {
  let since = 0;
  const button = el("button", { type: "button", class: "af-main", hidden: true, onclick: go });

  function nextCard() {
    const page = form.closest(".jp-Notebook") ?? document;
    const after = (one) => form.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...page.querySelectorAll("form.af-card")].find(after);
  }

  function go() {
    if (Date.now() - since < TOO_SOON) return;
    const next = nextCard();
    if (next) enter(next);
    else location.assign(beside(asked.next, location.pathname));
  }

  return {
    button,
    // Whether there is a way on, once `isDone`.
    redraw(isDone) {
      const next = isDone && nextCard();
      const show = Boolean(isDone && (next || (asked.next && beside(asked.next, location.pathname))));
      if (show && button.hidden) since = Date.now();
      button.hidden = !show;
      if (show) button.textContent = next ? word("next_question") : word("next_notebook", { name: asked.next });
      return show;
    },
  };
}

// Go to a card, which knows where one begins.
export function enter(card) {
  card.dispatchEvent(new Event("af-enter"));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
}

// Where a notebook lies that stands beside this one, in JupyterLab and Notebook 7; empty elsewhere.
export function beside(name, path) {
  const found = /^(.*\/(?:tree|notebooks)\/(?:.*\/)?)[^/]+\.ipynb$/.exec(path);
  return found && name ? `${found[1]}${encodeURIComponent(name)}.ipynb` : "";
}
