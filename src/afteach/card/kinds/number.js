// A number, typed as people write it.
import { line } from "../fields.js";
import { asText, blank, kinds } from "../kinds.js";

kinds.number = {
  written: true,
  field: (asked, uid, changed) => line(asked, uid, changed, { inputmode: "decimal" }, "Your number"),
  typedOf: asText,
  answerOf: (typed, asked) => ({ value: typed.trim(), unit: asked.unit || "" }),
  lacks: blank("Write a number first."),
};
