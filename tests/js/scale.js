// The card's part of a kind of its own, which the tests add: a whole number on a scale.
import { line } from "../../src/afteach/card/fields.js";
import { asText, kinds } from "../../src/afteach/card/kinds.js";

// The card has a function of this name too.
const letters = (typed) => /^\d+$/.test(typed.trim());

kinds.scale = {
  written: true,
  howTo: () => "From 1 to 10.",
  field: (asked, uid, changed) => line(asked, uid, changed, { inputmode: "numeric" }, asked.ends.join(" … ")),
  typedOf: asText,
  answerOf: (typed) => Number(typed),
  lacks: (typed) => (letters(typed) ? "" : "Write a whole number first."),
};
