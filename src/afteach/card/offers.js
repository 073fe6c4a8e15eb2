// What this browser kept and offers. It gives nothing back by itself: hub users and library computers share a browser.
import { el } from "./dom.js";
import { word } from "./saying.js";
import { copyWords } from "./words.js";

const MOST_OFFERED = 5;

// Cards load this file separately, so what they share hangs on the page.
globalThis[Symbol.for("afteach")] ??= { offered: new Set() };
const shared = globalThis[Symbol.for("afteach")];

// `focusOn` says where to go on once nothing more is offered.
export function offersIn(node, focusOn) {
  const redraw = () => (node.hidden = !node.childElementCount);

  function add(words, ...acts) {
    const box = el("div", { class: "af-offered" }, el("p", {}, words));
    for (const [name, act, main] of acts) {
      const done = () => {
        box.remove();
        redraw();
        act();
        (node.querySelector("button") ?? focusOn()).focus();
      };
      box.append(el("button", { type: "button", class: main ? "af-main" : false, onclick: done }, name));
    }
    node.append(box);
    redraw();
  }

  return {
    redraw,
    clear() {
      for (const box of node.querySelectorAll(".af-offered")) box.remove();
      redraw();
    },
    // Copies of answers, on a server that has none; once on a page.
    copies(copies, scope, { restore, deleted }) {
      if (shared.offered.has(scope)) return;
      const list = copies.list().slice(0, MOST_OFFERED);
      if (list.length) shared.offered.add(scope);
      for (const { key, lines, last: day } of list) {
        add(
          copyWords(lines.length, day),
          [word("bring_back"), () => restore(lines), true],
          [word("not_mine"), () => {}],
          [
            word("delete_copy"),
            () => {
              copies.remove(key);
              deleted();
            },
          ],
        );
      }
    },
    // Drafts of other pages; `isKept` says of one that its answer is saved.
    drafts(drafts, { isKept, show }) {
      for (const { key, draft } of drafts.others().slice(0, MOST_OFFERED)) {
        if (isKept(draft)) {
          drafts.remove(key);
          continue;
        }
        add(
          word("draft_offered"),
          [word("show_draft"), () => show(key, draft)],
          [word("not_mine"), () => {}],
          [word("delete_draft"), () => drafts.remove(key)],
        );
      }
    },
  };
}
