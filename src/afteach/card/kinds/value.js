// Computed in a cell; the card only says how to hand it in.
import { el, rich } from "../dom.js";
import { kinds } from "../kinds.js";

kinds.value = {
  field(asked) {
    const how = `Compute the answer in a cell, then run \`check("${asked.id}", your_result)\`.`;
    return { nodes: [rich(el("p"), how)], typed: () => "", retype() {}, first: () => null };
  },
  typedOf: () => "",
  answerOf: () => null,
  lacks: () => "",
};
