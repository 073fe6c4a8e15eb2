// A chance. The log holds a share of 1; whoever reads or writes on the card does so in per cent.
import { el } from "../dom.js";
import { kinds, textOf } from "../kinds.js";
import { word } from "../saying.js";

// A whole number of per cent, or what to write instead.
export function readPercent(typed) {
  const text = typed
    .trim()
    .replace(/(%|per ?cent)$/i, "")
    .replace(",", ".")
    .trim();
  if (!text) return { value: null, lacks: word("per_cent_first") };
  if (/^\d+(\.0+)?$/.test(text) && Number(text) <= 100) return { value: Number(text), lacks: "" };
  if (/^0?\.\d+$/.test(text)) {
    const meant = Math.round(Number(text) * 100);
    return { value: null, lacks: word("per_cent_whole", { given: text, meant }) };
  }
  return { value: null, lacks: word("per_cent_range") };
}

// A slider and a number that follow one another; `words` says what is asked, and how the number is read.
export function percent(uid, changed, words) {
  const { read } = words;
  const number = el("input", { id: `${uid}-0`, type: "text", inputmode: "decimal", autocomplete: "off" });
  number.className = "af-percent";
  const slider = el("input", { id: `${uid}-1`, type: "range", min: "0", max: "100", step: "1", value: "50" });
  // A slider always stands somewhere; until there is a number it shows no thumb and says that it is not set.
  const follow = () => {
    const { value } = read(number.value);
    if (value !== null) slider.value = String(value);
    slider.classList.toggle("af-unset", value === null);
    slider.setAttribute("aria-valuetext", value === null ? word("unset") : words.value(value));
  };
  const take = () => {
    if (read(number.value).value === Number(slider.value)) return;
    number.value = slider.value;
    follow();
    changed();
  };
  number.addEventListener("input", () => {
    follow();
    changed();
  });
  slider.addEventListener("input", take);
  // A click where the hidden thumb stands moves nothing, so it is no input.
  slider.addEventListener("click", take);
  follow();
  const unit = words.unit ? el("span", { class: "af-unit" }, words.unit) : null;
  return {
    nodes: [
      el("div", { class: "af-row" }, el("label", { for: slider.id }, words.label), slider),
      el("div", { class: "af-row" }, el("label", { for: number.id }, words.number), number, unit),
    ],
    typed: () => number.value,
    retype(typed) {
      number.value = textOf(typed);
      follow();
    },
    first: () => number,
  };
}

// A forecast can say whether it is one or was known.
function whetherKnown(uid) {
  const box = el("input", { type: "checkbox", id: `${uid}-knew` });
  return {
    node: el("label", { class: "af-option" }, box, el("span", {}, word("knew"))),
    get: () => (box.checked ? "knew" : ""),
    set: (value) => (box.checked = value === "knew"),
  };
}

kinds.forecast = {
  written: true,
  field: (_asked, uid, changed) =>
    percent(uid, changed, {
      label: word("likely"),
      number: word("in_per_cent"),
      unit: "%",
      value: (value) => word("per_cent", { value }),
      read: readPercent,
    }),
  sureness: whetherKnown,
  typedOf: (answer) => (typeof answer === "number" ? String(Number((answer * 100).toFixed(6))) : ""),
  answerOf: (typed) => readPercent(typed).value / 100,
  lacks: (typed) => readPercent(typed).lacks,
};
