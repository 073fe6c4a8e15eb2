// One of several.
import { el, markOn, rich } from "../dom.js";
import { ids, kinds } from "../kinds.js";
import { word } from "../saying.js";

export function choiceList(asked, uid, type, changed) {
  const inputs = asked.choices.map(([id, text], i) => {
    const input = el("input", { type, name: `${uid}-choice`, value: id, id: `${uid}-${i}`, onchange: changed });
    const sign = el("span", { class: "af-mark" });
    return { id, input, sign, row: el("label", { class: "af-option" }, input, rich(el("span"), text), sign) };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ id }) => id);
  return {
    nodes: inputs.map(({ row }) => row),
    typed: () => (type === "radio" ? (chosen()[0] ?? "") : chosen()),
    retype(typed) {
      for (const { id, input } of inputs) input.checked = [].concat(typed).includes(id);
    },
    // Of a group of radio buttons the chosen one is where the Tab key stops.
    first: () => ((type === "radio" && inputs.find(({ input }) => input.checked)) || inputs[0])?.input,
    mark(marks) {
      for (const { id, row, sign } of inputs) markOn(row, sign, marks[id]);
    },
  };
}

kinds.choice = {
  field: (asked, uid, changed) => choiceList(asked, uid, "radio", changed),
  typedOf: (answer, asked) => (ids(asked.choices).includes(answer) ? answer : ""),
  answerOf: (typed) => typed || null,
  lacks: (typed) => (typed ? "" : word("choose")),
};
