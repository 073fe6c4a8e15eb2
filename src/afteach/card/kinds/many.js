// Several of several.
import { ids, kinds } from "../kinds.js";
import { word } from "../saying.js";
import { choiceList } from "./choice.js";

kinds.many = {
  howTo: () => word("tick"),
  field: (asked, uid, changed) => choiceList(asked, uid, "checkbox", changed),
  typedOf: (answer, asked) => ids(asked.choices).filter((id) => [].concat(answer ?? []).includes(id)),
  answerOf: (typed) => typed,
  lacks: (typed) => (typed.length ? "" : word("tick_first")),
};
