// What is clicked or typed into, one for each kind: its nodes, what stands in it, and where to begin.
import { el, rich } from "./dom.js";
import { kindOf, letters, readPercent, sameAnswer } from "./kinds.js";

const textOf = (typed) => (typeof typed === "string" ? typed : "");

function choiceList(asked, uid, type, changed) {
  const inputs = asked.choices.map(([id, text], i) => {
    const input = el("input", { type, name: `${uid}-choice`, value: id, id: `${uid}-${i}`, onchange: changed });
    return { id, input, row: el("div", { class: "af-row" }, input, rich(el("label", { for: input.id }), text)) };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ id }) => id);
  return {
    nodes: inputs.map(({ row }) => row),
    typed: () => (type === "radio" ? (chosen()[0] ?? "") : chosen()),
    retype(typed) {
      for (const { id, input } of inputs) input.checked = [].concat(typed).includes(id);
    },
    first: () => inputs[0]?.input,
  };
}

function orderList(asked, changed, say) {
  const texts = new Map(asked.choices);
  const list = el("ol", { class: "af-order" });
  let moved = false;
  let order = asked.choices.map(([id]) => id);
  const move = (id, step, from) => {
    const at = order.indexOf(id);
    const to = at + step;
    if (to < 0 || to >= order.length) {
      say(`${texts.get(id)} is already ${step < 0 ? "first" : "last"}.`);
      return;
    }
    order.splice(at, 1);
    order.splice(to, 0, id);
    moved = true;
    draw();
    list.children[to].querySelectorAll("button")[from].focus();
    changed();
    say(`${texts.get(id)}: now ${to + 1} of ${order.length}.`);
  };
  function draw() {
    list.replaceChildren(
      ...order.map((id) => {
        const text = texts.get(id);
        const button = (step, sign, word, at) => {
          const words = { type: "button", class: "af-move", "aria-label": `Move ${word}: ${text}` };
          return el("button", { ...words, onclick: () => move(id, step, at) }, sign);
        };
        const row = el("li", {}, button(-1, "↑", "up", 0), button(1, "↓", "down", 1), rich(el("span"), text));
        row.addEventListener("keydown", (event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          move(id, event.key === "ArrowUp" ? -1 : 1, event.key === "ArrowUp" ? 0 : 1);
        });
        return row;
      }),
    );
  }
  draw();
  const how = "Move a line with its buttons, or with the arrow keys while a button has the focus.";
  return {
    nodes: [el("p", { class: "af-note" }, how), list],
    typed: () => (moved ? order.slice() : null),
    retype(typed) {
      moved = Boolean(typed);
      order = typed ? typed.slice() : asked.choices.map(([id]) => id);
      draw();
    },
    first: () => list.querySelector("button"),
  };
}

function matchList(asked, uid, changed) {
  const selects = asked.left.map(([id, text], i) => {
    const options = [["", "choose…"], ...asked.right].map(([value, words]) => el("option", { value }, words));
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

function line(asked, uid, changed, attributes, words) {
  const input = el("input", { id: `${uid}-0`, class: "af-field", type: "text", autocomplete: "off", ...attributes });
  input.addEventListener("input", changed);
  const unit = asked.unit ? el("span", { class: "af-unit", id: `${uid}-unit` }, asked.unit) : null;
  if (unit) input.setAttribute("aria-describedby", unit.id);
  return {
    nodes: [el("div", { class: "af-row" }, el("label", { for: input.id }, words), input, unit)],
    typed: () => input.value,
    retype: (typed) => (input.value = textOf(typed)),
    first: () => input,
  };
}

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

function percent(uid, changed) {
  const number = el("input", { id: `${uid}-0`, type: "text", inputmode: "decimal", autocomplete: "off" });
  number.className = "af-percent";
  const slider = el("input", { id: `${uid}-1`, type: "range", min: "0", max: "100", step: "1", value: "50" });
  // A slider always stands somewhere; until there is a number it shows no thumb and says that it is not set.
  const follow = () => {
    const { value } = readPercent(number.value);
    if (value !== null) slider.value = String(value);
    slider.classList.toggle("af-unset", value === null);
    slider.setAttribute("aria-valuetext", value === null ? "not set yet" : `${value} per cent`);
  };
  const take = () => {
    if (readPercent(number.value).value === Number(slider.value)) return;
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
  const unit = el("span", { class: "af-unit" }, "%");
  return {
    nodes: [
      el("div", { class: "af-row" }, el("label", { for: slider.id }, "How likely? 0 is never, 100 is certain"), slider),
      el("div", { class: "af-row" }, el("label", { for: number.id }, "in per cent"), number, unit),
    ],
    typed: () => number.value,
    retype(typed) {
      number.value = textOf(typed);
      follow();
    },
    first: () => number,
  };
}

function partOf(asked, uid, changed, say) {
  switch (asked.kind) {
    case "choice":
      return choiceList(asked, uid, "radio", changed);
    case "many":
      return choiceList(asked, uid, "checkbox", changed);
    case "order":
      return orderList(asked, changed, say);
    case "match":
      return matchList(asked, uid, changed);
    case "number":
      return line(asked, uid, changed, { inputmode: "decimal" }, "Your number");
    case "text":
      return line(asked, uid, changed, { spellcheck: "false" }, "Your answer");
    case "reflect":
      return page(asked, uid, changed);
    case "forecast":
      return percent(uid, changed);
    default: {
      const how = `Compute the answer in a cell, then run \`check("${asked.id}", your_result)\`.`;
      return { nodes: [rich(el("p"), how)], typed: () => "", retype() {}, first: () => null };
    }
  }
}

// The field of a question; `typed` is what stands in it.
export function fieldFor(asked, uid, changed, say) {
  const kind = kindOf(asked);
  const part = partOf(asked, uid, changed, say);
  const written = ["number", "text", "reflect", "forecast"].includes(asked.kind);
  // What a browser kept is not trusted to be well formed.
  const clean = (typed) => (written ? textOf(typed) : kind.typedOf(typed, asked));
  return {
    ...part,
    answer: () => kind.answerOf(part.typed(), asked),
    lacks: () => kind.lacks(part.typed(), asked),
    typedOf: (answer) => kind.typedOf(answer, asked),
    retype: (typed) => part.retype(clean(typed)),
    same: (typed) => sameAnswer(asked, clean(typed)),
  };
}

const SURE = [
  ["", "no answer"],
  ["guess", "a guess"],
  ["fairly", "fairly sure"],
  ["certain", "certain"],
];

// A judged answer can say how sure it is; a forecast, whether it is one or was known.
export function surenessFor(asked, uid) {
  if (asked.kind === "forecast") {
    const box = el("input", { type: "checkbox", id: `${uid}-knew` });
    const words = "I knew this already (kept apart, not counted as a forecast)";
    return {
      node: el("div", { class: "af-row" }, box, el("label", { for: box.id }, words)),
      get: () => (box.checked ? "knew" : ""),
      set: (value) => (box.checked = value === "knew"),
    };
  }
  if (["value", "reflect"].includes(asked.kind) || asked.guess) return { node: null, get: () => "", set() {} };
  const select = el("select", { id: `${uid}-sure` }, ...SURE.map(([value, words]) => el("option", { value }, words)));
  const label = el("label", { for: select.id }, "How sure are you? (optional)");
  return {
    node: el("div", { class: "af-row af-sure" }, label, select),
    get: () => select.value,
    set: (value) => (select.value = SURE.some(([known]) => known === value) ? value : ""),
  };
}
