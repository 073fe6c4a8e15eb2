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
    if (!next) return open(asked.next);
    next.dispatchEvent(new Event("af-enter"));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    next.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  }

  return {
    button,
    // Whether there is a way on, once `isDone`.
    redraw(isDone) {
      const next = isDone && nextCard();
      const show = Boolean(isDone && (next || (asked.next && placeOf(asked.next))));
      if (show && button.hidden) since = Date.now();
      button.hidden = !show;
      if (show) button.textContent = next ? word("next_question") : word("next_notebook", { name: asked.next });
      return show;
    },
  };
}

// Where JupyterLab and Notebook 7 show a notebook that lies beside this one; null elsewhere.
function placeOf(name) {
  const found = /^(.*\/(?:tree|notebooks)\/(?:.*\/)?)[^/]+\.ipynb$/.exec(location.pathname);
  return found && `${found[1]}${encodeURIComponent(name)}.ipynb`;
}

function open(name) {
  location.assign(placeOf(name));
}
