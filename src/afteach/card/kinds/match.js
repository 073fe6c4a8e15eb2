// Each of one list with one of another.
import { el, rich } from "../dom.js";
import { ids, kinds } from "../kinds.js";
import { word } from "../saying.js";

function matchList(asked, uid, changed) {
  const selects = asked.left.map(([id, text], i) => {
    const options = [["", word("match_choose")], ...asked.right].map(([value, words]) =>
      el("option", { value }, words),
    );
    const select = el("select", { id: `${uid}-${i}`, onchange: changed }, ...options);
    return { id, select, row: el("div", { class: "af-pair" }, rich(el("label", { for: select.id }), text), select) };
  });
  return {
    nodes: selects.map(({ row }) => row),
    typed: () =>
      Object.fromEntries(selects.filter(({ select }) => select.value).map(({ id, select }) => [id, select.value])),
    retype(typed) {
      for (const { id, select } of selects) select.value = typed?.[id] || "";
    },
    first: () => selects.find(({ select }) => !select.value)?.select ?? selects[0]?.select,
  };
}

kinds.match = {
  howTo: () => word("match_how"),
  field: matchList,
  typedOf(answer, asked) {
    const given = answer && typeof answer === "object" ? answer : {};
    const pairs = ids(asked.left).map((id) => [id, given[id]]);
    return Object.fromEntries(pairs.filter(([, value]) => ids(asked.right).includes(value)));
  },
  answerOf: (typed) => typed,
  lacks: (typed, asked) => (ids(asked.left).every((id) => typed[id]) ? "" : word("match_first")),
};
