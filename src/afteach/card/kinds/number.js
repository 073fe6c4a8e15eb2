// A number, typed as people write it.
import { line } from "../fields.js";
import { asText, blank, kinds } from "../kinds.js";
import { word } from "../saying.js";

kinds.number = {
  written: true,
  field: (asked, uid, changed) => line(asked, uid, changed, { inputmode: "decimal" }, word("your_number")),
  typedOf: asText,
  answerOf: (typed, asked) => ({ value: typed.trim(), unit: asked.unit || "" }),
  lacks: blank("number_first"),
};
