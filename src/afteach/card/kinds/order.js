// Lines to move, and to leave out where some do not belong; lines that nobody has moved are no answer.
import { el, markOn, rich } from "../dom.js";
import { ids, kinds } from "../kinds.js";
import { word } from "../saying.js";

function orderList(asked, changed, say) {
  const texts = new Map(asked.choices);
  const list = el("ol", { class: "af-order" });
  const rest = el("ul", { class: "af-order af-left-out", "aria-label": word("left_out") });
  const signs = new Map();
  let moved = false;
  let order = ids(asked.choices);
  const out = () => ids(asked.choices).filter((id) => !order.includes(id));
  const focusOn = (id, name) => rowOf(id)?.querySelector(`[name="${name}"]`)?.focus();
  const rowOf = (id) => [...list.children, ...rest.children].find((row) => row.dataset.line === id);

  function done(id, name, text) {
    moved = true;
    draw();
    focusOn(id, name);
    changed();
    say(text);
  }
  function move(id, step) {
    const text = texts.get(id);
    const at = order.indexOf(id);
    const to = at + step;
    if (to < 0 || to >= order.length) {
      say(word(step < 0 ? "already_first" : "already_last", { text }));
      return;
    }
    order.splice(at, 1);
    order.splice(to, 0, id);
    done(id, step < 0 ? "up" : "down", word("moved", { text, place: to + 1, all: order.length }));
  }
  function leaveOut(id) {
    order = order.filter((one) => one !== id);
    done(id, "back", word("left_out_now", { text: texts.get(id) }));
  }
  function putBack(id) {
    order.push(id);
    done(id, "out", word("put_back_now", { text: texts.get(id) }));
  }

  function button(name, key, id, act, sign) {
    const attributes = { type: "button", name, class: "af-move", "aria-label": word(key, { text: texts.get(id) }) };
    return el("button", { ...attributes, onclick: act }, sign);
  }
  function row(id, ...buttons) {
    const text = asked.code ? el("code", {}, texts.get(id)) : rich(el("span"), texts.get(id));
    const sign = el("span", { class: "af-mark" });
    const made = el("li", { "data-line": id }, text, sign, ...buttons);
    signs.set(id, [made, sign]);
    return made;
  }
  function inOrder(id) {
    const up = button("up", "move_up", id, () => move(id, -1), "↑");
    const down = button("down", "move_down", id, () => move(id, 1), "↓");
    const leave = asked.spare ? button("out", "leave_out_text", id, () => leaveOut(id), word("leave_out")) : null;
    const made = row(id, ...[up, down, leave].filter(Boolean));
    made.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      move(id, event.key === "ArrowUp" ? -1 : 1);
    });
    return made;
  }
  function draw() {
    list.replaceChildren(...order.map(inOrder));
    rest.replaceChildren(
      ...out().map((id) =>
        row(
          id,
          button("back", "put_back_text", id, () => putBack(id), word("put_back")),
        ),
      ),
    );
    heading.hidden = rest.hidden = !rest.childElementCount;
  }
  const heading = el("p", { class: "af-note" }, word("left_out"));
  draw();
  const howTo = [word("move_how"), asked.spare ? word("move_spare", { n: asked.spare }) : ""].join(" ").trim();
  return {
    nodes: [el("p", { class: "af-note" }, howTo), list, heading, rest],
    typed: () => (moved ? order.slice() : null),
    retype(typed) {
      moved = Boolean(typed);
      order = typed ? typed.slice() : ids(asked.choices);
      draw();
    },
    mark(marks) {
      for (const [id, [row, sign]] of signs) markOn(row, sign, marks[id]);
    },
    first: () => list.querySelector("button"),
  };
}

kinds.order = {
  field: (asked, _uid, changed, say) => orderList(asked, changed, say),
  typedOf(answer, asked) {
    const known = ids(asked.choices);
    const given = Array.isArray(answer) && answer.length > 0 && answer.every((id) => known.includes(id)) ? answer : [];
    const isWhole = given.length === known.length || (asked.spare && given.length);
    return isWhole && new Set(given).size === given.length ? given : null;
  },
  answerOf: (typed) => typed,
  lacks: (typed) => (typed?.length ? "" : word("move_first")),
};
