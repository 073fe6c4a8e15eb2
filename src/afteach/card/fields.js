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
export function fieldFor(asked, uid, changed, say, send) {
  const kind = kindOf(asked);
  const part = kind.field(asked, uid, changed, say, send);
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

const SURE = { guess: "sure_guess", fairly: "sure_fairly", certain: "sure_certain" };

// A judged answer can say how sure it is: three radios with the look of chips. The one that is chosen, chosen again, is
// taken back.
export function surenessFor(asked, uid, changed) {
  const kind = kindOf(asked);
  if (kind.sureness) return kind.sureness(uid);
  if (asked.inCell || asked.open) return { node: null, get: () => "", set() {} };
  let now = "";
  const inputs = Object.keys(SURE).map((value) => el("input", { type: "radio", name: `${uid}-sure`, value }));
  const set = (value) => {
    now = Object.hasOwn(SURE, value ?? "") ? value : "";
    for (const [i, input] of inputs.entries()) {
      input.checked = input.value === now;
      // A browser makes more than one tab stop of a group in which nothing is chosen any more.
      input.setAttribute("tabindex", input.checked || (!now && i === 0) ? "0" : "-1");
    }
  };
  set("");
  const choose = (input) => {
    set(input.value === now ? "" : input.value);
    changed();
  };
  for (const input of inputs) {
    input.addEventListener("click", () => choose(input));
    // The space bar does not click a radio that is chosen already.
    input.addEventListener("keydown", (event) => {
      if (event.key !== " " || !input.checked) return;
      event.preventDefault();
      choose(input);
    });
  }
  const chips = Object.values(SURE).map((key, i) =>
    el("label", { class: "af-chip" }, inputs[i], el("span", {}, word(key))),
  );
  return {
    node: el("fieldset", { class: "af-sure" }, el("legend", {}, word("sure")), ...chips),
    get: () => now,
    set,
  };
}
