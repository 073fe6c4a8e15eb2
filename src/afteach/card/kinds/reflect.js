// A few sentences, with the rubric by which they are read again.
import { el, rich } from "../dom.js";
import { asText, blank, kinds, letters, textOf, tooLong } from "../kinds.js";

function page(asked, uid, changed) {
  const rubric = el("ul", { id: `${uid}-rubric`, class: "af-rubric" });
  ["Claim", "Evidence", "Limit"].forEach((name, i) => {
    rubric.append(el("li", {}, el("strong", {}, `${name}. `), rich(el("span"), asked.rubric[i])));
  });
  const area = el("textarea", { id: `${uid}-0`, rows: "5", "aria-describedby": `${uid}-rubric ${uid}-count` });
  const count = el("p", { id: `${uid}-count`, class: "af-note af-count" });
  const tally = () => {
    const most = asked.most ? ` of at most ${asked.most.toLocaleString("en")}` : "";
    count.textContent = `${letters(area.value).toLocaleString("en")}${most} letters`;
  };
  area.addEventListener("input", () => {
    tally();
    changed();
  });
  tally();
  return {
    nodes: [rubric, el("label", { for: area.id }, "Your answer (kept, not marked)"), area, count],
    typed: () => area.value,
    retype(typed) {
      area.value = textOf(typed);
      tally();
    },
    first: () => area,
  };
}

kinds.reflect = {
  written: true,
  field: page,
  typedOf: asText,
  answerOf: (typed) => typed,
  lacks: (typed, asked) => blank("Write something first.")(typed) || tooLong(typed, asked.most),
};
