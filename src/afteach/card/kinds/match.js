// Each of one list with one of another: a grid to tap where the other list is short, else a list to choose from.
import { el, markOn, rich } from "../dom.js";
import { ids, kinds, letters } from "../kinds.js";
import { word } from "../saying.js";

const MOST_COLUMNS = 5;
const LONGEST_HEAD = 40;

// A grid takes few columns with short heads, and enough rows to be worth it.
export function isGrid(asked) {
  const few = asked.right.length <= MOST_COLUMNS && asked.left.length >= 3;
  return few && asked.right.every(([, text]) => letters(text) <= LONGEST_HEAD);
}

function matchGrid(asked, uid, changed) {
  const head = el("div", { class: "af-grid-row af-grid-head", "aria-hidden": "true" }, el("span"));
  for (const [, text] of asked.right) head.append(rich(el("span"), text));
  const rows = asked.left.map(([id, text], i) => {
    const sign = el("span", { class: "af-mark" });
    const name = el("span", { id: `${uid}-${i}`, class: "af-grid-name" }, rich(el("span"), text), sign);
    const inputs = asked.right.map(([value, words], j) => {
      const input = el("input", { type: "radio", name: `${uid}-${i}-at`, value, id: `${uid}-${i}-${j}` });
      input.addEventListener("change", changed);
      return { input, cell: el("label", { class: "af-grid-cell" }, input, rich(el("span"), words)) };
    });
    const cells = inputs.map(({ cell }) => cell);
    const row = el("div", { class: "af-grid-row", role: "radiogroup", "aria-labelledby": name.id }, name, ...cells);
    return { id, row, sign, inputs: inputs.map(({ input }) => input) };
  });
  const grid = el("div", { class: "af-grid" }, head, ...rows.map(({ row }) => row));
  grid.style?.setProperty("--af-columns", asked.right.length);
  const chosen = ({ inputs }) => inputs.find((input) => input.checked)?.value;
  return {
    nodes: [el("div", { class: "af-grid-box" }, grid)],
    typed: () => Object.fromEntries(rows.filter(chosen).map((row) => [row.id, chosen(row)])),
    retype(typed) {
      for (const { id, inputs } of rows) for (const input of inputs) input.checked = typed?.[id] === input.value;
    },
    mark(marks) {
      for (const { id, row, sign } of rows) markOn(row, sign, marks[id]);
    },
    first: () => (rows.find((row) => !chosen(row)) ?? rows[0])?.inputs[0],
  };
}

function matchList(asked, uid, changed) {
  const offered = [["", word("match_choose")], ...asked.right];
  const selects = asked.left.map(([id, text], i) => {
    const onchange = () => {
      set(select.value);
      changed();
    };
    const options = offered.map(([value, words]) => el("option", { value }, words));
    const select = el("select", { id: `${uid}-${i}`, onchange }, ...options);
    // A closed list cuts off what is longer than itself: what is chosen is written over it, on as many lines as it takes.
    const chosen = el("span", { class: "af-chosen", "aria-hidden": "true" });
    const set = (value) => {
      select.value = value;
      chosen.textContent = offered.find(([one]) => one === value)[1];
    };
    set("");
    const sign = el("span", { class: "af-mark" });
    const label = el("label", { for: select.id }, rich(el("span"), text), sign);
    return {
      id,
      select,
      set,
      sign,
      row: el("div", { class: "af-pair" }, label, el("div", { class: "af-list" }, select, chosen)),
    };
  });
  return {
    nodes: selects.map(({ row }) => row),
    typed: () =>
      Object.fromEntries(selects.filter(({ select }) => select.value).map(({ id, select }) => [id, select.value])),
    retype(typed) {
      for (const { id, set } of selects) set(typed?.[id] || "");
    },
    mark(marks) {
      for (const { id, row, sign } of selects) markOn(row, sign, marks[id]);
    },
    first: () => selects.find(({ select }) => !select.value)?.select ?? selects[0]?.select,
  };
}

kinds.match = {
  howTo: () => word("match_how"),
  field: (asked, uid, changed) => (isGrid(asked) ? matchGrid : matchList)(asked, uid, changed),
  typedOf(answer, asked) {
    const given = answer && typeof answer === "object" ? answer : {};
    const pairs = ids(asked.left).map((id) => [id, given[id]]);
    return Object.fromEntries(pairs.filter(([, value]) => ids(asked.right).includes(value)));
  },
  answerOf: (typed) => typed,
  lacks: (typed, asked) => (ids(asked.left).every((id) => typed[id]) ? "" : word("match_first")),
};
