// What this browser kept and offers. It gives nothing back by itself: hub users and library computers share a browser.
import { el } from "./dom.js";
import { word } from "./saying.js";
import { copyWords } from "./words.js";

const MOST_OFFERED = 5;

// Cards load this file separately, so what they share hangs on the page: whose copies stand on one of its cards, and which
// of them stood there still when that card went.
globalThis[Symbol.for("afteach")] ??= { offered: new Set() };
const shared = globalThis[Symbol.for("afteach")];
shared.left ??= new Map();

// `focusOn` says where to go on once nothing more is offered.
export function offersIn(node, scope, focusOn) {
  const standing = new Set();

  // Each act is told how to say that it is done; until then the offer stands.
  function add(words, ...acts) {
    const box = el("div", { class: "af-offered" }, el("p", {}, words));
    const done = () => {
      const stood = box.contains(document.activeElement);
      box.remove();
      node.hidden = !node.childElementCount;
      if (stood) (node.querySelector("button") ?? focusOn()).focus();
    };
    for (const [name, act, main] of acts) {
      const onclick = () => act(done);
      box.append(el("button", { type: "button", class: main ? "af-main" : false, onclick }, name));
    }
    node.append(box);
    node.hidden = false;
  }

  return {
    // Copies of answers, on a server that has none; once on a page. Until each is chosen they go on from card to card.
    copies(copies, { isEmpty, restore, deleted }) {
      const left = shared.left.get(scope);
      if (!left && (shared.offered.has(scope) || !isEmpty)) return;
      shared.left.delete(scope);
      const list = copies.list().filter(({ key }) => !left || left.has(key));
      if (list.length) shared.offered.add(scope);
      for (const { key, lines, last: day } of list.slice(0, MOST_OFFERED)) {
        standing.add(key);
        const chosen = (act) => (done) =>
          act(() => {
            standing.delete(key);
            done();
          });
        add(
          copyWords(lines.length, day),
          [word("bring_back"), chosen((done) => restore(lines, done)), true],
          [word("not_mine"), chosen((done) => done())],
          [
            word("delete_copy"),
            chosen((done) => {
              copies.remove(key);
              done();
              deleted();
            }),
          ],
        );
      }
    },
    // Drafts of other pages. Of one `fits` says that it can be shown here, and `isKept` that its answer is saved; `show`
    // gives what it took the place of, which is offered in its stead.
    drafts(drafts, { fits, isKept, show }) {
      const offer = (key, draft) =>
        add(
          word("draft_offered"),
          [
            word("show_draft"),
            (done) => {
              done();
              const before = show(key, draft);
              if (before) offer(key, before);
            },
          ],
          [word("not_mine"), (done) => done()],
          [
            word("delete_draft"),
            (done) => {
              drafts.remove(key);
              done();
            },
          ],
        );
      const found = drafts.others().filter(({ draft }) => fits(draft));
      for (const { key } of found.filter(({ draft }) => isKept(draft))) drafts.remove(key);
      for (const { key, draft } of found.filter(({ draft }) => !isKept(draft)).slice(0, MOST_OFFERED))
        offer(key, draft);
    },
    // One copy at a time is on its way.
    wait(on) {
      for (const button of node.querySelectorAll(".af-main")) button.setAttribute("aria-disabled", String(on));
    },
    close() {
      if (standing.size) shared.left.set(scope, standing);
    },
  };
}
