// Computed in a cell; the card only says how to hand it in.
import { el, rich } from "../dom.js";
import { kinds } from "../kinds.js";
import { word } from "../saying.js";

kinds.value = {
  field(asked) {
    return {
      nodes: [rich(el("p"), word("compute", { id: asked.id }))],
      typed: () => "",
      retype() {},
      first: () => null,
    };
  },
  typedOf: () => "",
  answerOf: () => null,
  lacks: () => "",
};
