// What is clicked or typed into: its nodes, what stands in it, and where to begin; and how sure one is.
import { el } from "./dom.js";
import { kindOf, sameAnswer, textOf } from "./kinds.js";
import { word } from "./saying.js";

// One line to write in.
export function line(asked, uid, changed, attributes, words) {
  const input = el("input", { id: `${uid}-0`, class: "af-field", type: "text", autocomplete: "off", ...attributes });
  input.addEventListener("input", changed);
  const unit = asked.unit ? el("span", { class: "af-unit", id: `${uid}-unit` }, asked.unit) : null;
  if (unit) input.setAttribute("aria-describedby", unit.id);
  return {
    nodes: [el("div", { class: "af-row" }, el("label", { for: input.id }, words), input, unit)],
    typed: () => input.value,
    retype: (typed) => (input.value = textOf(typed)),
    first: () => input,
  };
}

// The field of a question; `typed` is what stands in it.
export function fieldFor(asked, uid, changed, say) {
  const kind = kindOf(asked);
  const part = kind.field(asked, uid, changed, say);
  // What a browser kept is not trusted to be well formed.
  const clean = (typed) => (kind.written ? textOf(typed) : kind.typedOf(typed, asked));
  return {
    ...part,
    answer: () => kind.answerOf(part.typed(), asked),
    lacks: () => kind.lacks(part.typed(), asked),
    typedOf: (answer) => kind.typedOf(answer, asked),
    retype: (typed) => part.retype(clean(typed)),
    same: (typed) => sameAnswer(asked, clean(typed)),
  };
}

const SURE = { "": "sure_none", guess: "sure_guess", fairly: "sure_fairly", certain: "sure_certain" };

// A judged answer can say how sure it is.
export function surenessFor(asked, uid) {
  const kind = kindOf(asked);
  if (kind.sureness) return kind.sureness(uid);
  if (asked.inCell || asked.open) return { node: null, get: () => "", set() {} };
  const options = Object.entries(SURE).map(([value, key]) => el("option", { value }, word(key)));
  const select = el("select", { id: `${uid}-sure` }, ...options);
  const label = el("label", { for: select.id }, word("sure"));
  return {
    node: el("div", { class: "af-row af-sure" }, label, select),
    get: () => select.value,
    set: (value) => (select.value = Object.hasOwn(SURE, value) ? value : ""),
  };
}
