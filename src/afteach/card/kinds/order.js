// Lines to move; lines that nobody has moved are no answer.
import { el, rich } from "../dom.js";
import { ids, kinds } from "../kinds.js";
import { word } from "../saying.js";

function orderList(asked, changed, say) {
  const texts = new Map(asked.choices);
  const list = el("ol", { class: "af-order" });
  let moved = false;
  let order = asked.choices.map(([id]) => id);
  const move = (id, step, from) => {
    const at = order.indexOf(id);
    const to = at + step;
    if (to < 0 || to >= order.length) {
      say(word(step < 0 ? "already_first" : "already_last", { text: texts.get(id) }));
      return;
    }
    order.splice(at, 1);
    order.splice(to, 0, id);
    moved = true;
    draw();
    list.children[to].querySelectorAll("button")[from].focus();
    changed();
    say(word("moved", { text: texts.get(id), place: to + 1, all: order.length }));
  };
  function draw() {
    list.replaceChildren(
      ...order.map((id) => {
        const text = texts.get(id);
        const button = (step, sign, key, at) => {
          const words = { type: "button", class: "af-move", "aria-label": word(key, { text }) };
          return el("button", { ...words, onclick: () => move(id, step, at) }, sign);
        };
        const row = el("li", {}, button(-1, "↑", "move_up", 0), button(1, "↓", "move_down", 1), rich(el("span"), text));
        row.addEventListener("keydown", (event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          move(id, event.key === "ArrowUp" ? -1 : 1, event.key === "ArrowUp" ? 0 : 1);
        });
        return row;
      }),
    );
  }
  draw();
  return {
    nodes: [el("p", { class: "af-note" }, word("move_how")), list],
    typed: () => (moved ? order.slice() : null),
    retype(typed) {
      moved = Boolean(typed);
      order = typed ? typed.slice() : asked.choices.map(([id]) => id);
      draw();
    },
    first: () => list.querySelector("button"),
  };
}

kinds.order = {
  field: (asked, _uid, changed, say) => orderList(asked, changed, say),
  typedOf(answer, asked) {
    const known = ids(asked.choices);
    const whole = Array.isArray(answer) && answer.length === known.length && known.every((id) => answer.includes(id));
    return whole ? answer : null;
  },
  answerOf: (typed) => typed,
  lacks: (typed) => (typed ? "" : word("move_first")),
};
