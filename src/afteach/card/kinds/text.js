// A word or a name.
import { line } from "../fields.js";
import { asText, blank, kinds, tooLong } from "../kinds.js";
import { word } from "../saying.js";

kinds.text = {
  written: true,
  field: (asked, uid, changed) => line(asked, uid, changed, { spellcheck: "false" }, word("your_answer")),
  typedOf: asText,
  answerOf: (typed) => typed,
  lacks: (typed, asked) => blank("answer_first")(typed) || tooLong(typed, asked.most),
};
