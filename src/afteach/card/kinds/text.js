// A word or a name.
import { line } from "../fields.js";
import { asText, blank, kinds, tooLong } from "../kinds.js";

kinds.text = {
  written: true,
  field: (asked, uid, changed) => line(asked, uid, changed, { spellcheck: "false" }, "Your answer"),
  typedOf: asText,
  answerOf: (typed) => typed,
  lacks: (typed, asked) => blank("Write an answer first.")(typed) || tooLong(typed, asked.most),
};
