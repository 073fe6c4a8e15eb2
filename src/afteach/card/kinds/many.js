// Several of several.
import { ids, kinds } from "../kinds.js";
import { choiceList } from "./choice.js";

kinds.many = {
  howTo: "Tick all that fit.",
  field: (asked, uid, changed) => choiceList(asked, uid, "checkbox", changed),
  typedOf: (answer, asked) => ids(asked.choices).filter((id) => [].concat(answer ?? []).includes(id)),
  answerOf: (typed) => typed,
  lacks: (typed) => (typed.length ? "" : "Tick at least one first."),
};
