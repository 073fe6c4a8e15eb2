// Words of a sentence to mark: one tab stop, arrows from word to word, the space bar marks.
import { el, markOn } from "../dom.js";
import { kinds } from "../kinds.js";
import { word } from "../saying.js";

const wordsOf = (asked) => (asked.lines ?? []).flatMap(([, words]) => words);

// Where a key takes one from a place among so many; nothing where it goes nowhere.
export function stepOf(key, at, all, backward) {
  const ahead = backward ? -1 : 1;
  const steps = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: 1, ArrowUp: -1, Home: -all, End: all };
  if (!Object.hasOwn(steps, key)) return null;
  return Math.min(all - 1, Math.max(0, at + steps[key]));
}

function markLines(asked, changed) {
  const buttons = [];
  const signs = [];
  const isMarked = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const stopAt = (at) => {
    for (const [i, button] of buttons.entries()) button.tabIndex = i === at ? 0 : -1;
  };
  const wordButton = (text) => {
    const at = buttons.length;
    const sign = el("span", { class: "af-mark" });
    const button = el(
      "button",
      { type: "button", class: "af-word", "aria-pressed": "false" },
      el("span", {}, text),
      sign,
    );
    button.addEventListener("click", () => {
      press(button, !isMarked(button));
      stopAt(at);
      changed();
    });
    button.addEventListener("keydown", (event) => {
      const to = stepOf(event.key, at, buttons.length, asked.dir === "rtl");
      if (to === null) return;
      event.preventDefault();
      stopAt(to);
      buttons[to].focus();
    });
    buttons.push(button);
    signs.push(sign);
    return button;
  };
  const nodes = asked.lines.map(([row, words]) => {
    const line = words.map(wordButton);
    return el(
      "p",
      { class: "af-sentence" },
      ...(row ? ["“", ...line, "”", el("span", { class: "af-note" }, row)] : line),
    );
  });
  stopAt(0);
  return {
    nodes,
    typed: () => buttons.flatMap((button, i) => (isMarked(button) ? [i + 1] : [])),
    retype(typed) {
      for (const [i, button] of buttons.entries()) press(button, (typed ?? []).includes(i + 1));
    },
    mark(marks) {
      for (const [i, button] of buttons.entries()) markOn(button, signs[i], marks[String(i + 1)]);
    },
    first: () => buttons.find((button) => button.tabIndex === 0),
  };
}

kinds.mark = {
  howTo: () => word("mark_how"),
  field: (asked, _uid, changed) => markLines(asked, changed),
  typedOf(answer, asked) {
    const last = wordsOf(asked).length;
    const given = Array.isArray(answer) ? answer.filter((n) => Number.isInteger(n) && n >= 1 && n <= last) : [];
    return [...new Set(given)].sort((a, b) => a - b);
  },
  answerOf: (typed) => typed,
  lacks: (typed) => (typed.length ? "" : word("mark_first")),
};
