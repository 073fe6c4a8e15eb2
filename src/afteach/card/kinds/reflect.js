// A few sentences, with the rubric by which they are read again.
import { el, rich } from "../dom.js";
import { asText, blank, kinds, letters, textOf, tooLong } from "../kinds.js";
import { word } from "../saying.js";

function page(asked, uid, changed) {
  const rubric = el("ul", { id: `${uid}-rubric`, class: "af-rubric" });
  ["claim", "evidence", "limit"].forEach((name, i) => {
    rubric.append(el("li", {}, el("strong", {}, `${word(name)}. `), rich(el("span"), asked.rubric[i])));
  });
  const area = el("textarea", { id: `${uid}-0`, rows: "5", "aria-describedby": `${uid}-rubric ${uid}-count` });
  const count = el("p", { id: `${uid}-count`, class: "af-note af-count" });
  const tally = () => {
    const n = letters(area.value);
    const [written, most] = [n, asked.most ?? 0].map((number) => number.toLocaleString("en"));
    count.textContent = word(asked.most ? "letters_most" : "letters", { count: written, most, n });
  };
  area.addEventListener("input", () => {
    tally();
    changed();
  });
  tally();
  return {
    nodes: [rubric, el("label", { for: area.id }, word("your_text")), area, count],
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
  lacks: (typed, asked) => blank("text_first")(typed) || tooLong(typed, asked.most),
};
