// Lines to move; lines that nobody has moved are no answer.
import { el, rich } from "../dom.js";
import { ids, kinds } from "../kinds.js";

function orderList(asked, changed, say) {
  const texts = new Map(asked.choices);
  const list = el("ol", { class: "af-order" });
  let moved = false;
  let order = asked.choices.map(([id]) => id);
  const move = (id, step, from) => {
    const at = order.indexOf(id);
    const to = at + step;
    if (to < 0 || to >= order.length) {
      say(`${texts.get(id)} is already ${step < 0 ? "first" : "last"}.`);
      return;
    }
    order.splice(at, 1);
    order.splice(to, 0, id);
    moved = true;
    draw();
    list.children[to].querySelectorAll("button")[from].focus();
    changed();
    say(`${texts.get(id)}: now ${to + 1} of ${order.length}.`);
  };
  function draw() {
    list.replaceChildren(
      ...order.map((id) => {
        const text = texts.get(id);
        const button = (step, sign, word, at) => {
          const words = { type: "button", class: "af-move", "aria-label": `Move ${word}: ${text}` };
          return el("button", { ...words, onclick: () => move(id, step, at) }, sign);
        };
        const row = el("li", {}, button(-1, "↑", "up", 0), button(1, "↓", "down", 1), rich(el("span"), text));
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
  const how = "Move a line with its buttons, or with the arrow keys while a button has the focus.";
  return {
    nodes: [el("p", { class: "af-note" }, how), list],
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
  lacks: (typed) => (typed ? "" : "Move a line first. If the order is right as it stands, move one there and back."),
};
