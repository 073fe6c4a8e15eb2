// The desk: a statement, records that the kernel opens one by one, and how far one leans on it after that.
import { el, rich } from "../dom.js";
import { kinds, textOf } from "../kinds.js";
import { word } from "../saying.js";
import { percent } from "./forecast.js";

// From so many records on there is a box to search them.
const MANY = 7;
// The key that sends a form.
const SENDS = { Enter: true };

// How far one leans, as written: a whole number from 0 to 100, or what to write instead.
export function readLean(typed) {
  const text = textOf(typed)
    .trim()
    .replace(/(%|of 100)$/i, "")
    .trim();
  if (!text) return { value: null, lacks: word("desk_first") };
  if (/^\d+(\.0+)?$/.test(text) && Number(text) <= 100) return { value: Number(text), lacks: "" };
  return { value: null, lacks: word("desk_range") };
}

const isLeaning = (step) => typeof step === "number" && step >= 0 && step <= 100;
const openedIn = (trail) => trail.filter((step) => typeof step === "string");

// The trail with one record more, and before it the leaning, where that is another than the last one there.
export function stepped(trail, lean, row) {
  const before = trail.filter(isLeaning).at(-1);
  const moved = isLeaning(lean) && lean !== before ? [lean] : [];
  return [...trail, ...moved, row];
}

function recordItem([row, title, about], uid, ask) {
  const note = el("div", { id: `${uid}-${row}`, class: "af-desk-note", hidden: true });
  const button = el("button", { type: "button", "aria-expanded": "false", "aria-controls": note.id });
  const name = (key) => {
    button.textContent = word(key);
    button.setAttribute("aria-label", word(`${key}_text`, { text: title }));
  };
  name("desk_open");
  const unfold = (open) => {
    note.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    name(open ? "desk_fold" : "desk_open");
  };
  button.addEventListener("click", () => {
    if (note.childElementCount) unfold(note.hidden);
    else ask(row);
  });
  const head = el("div", {}, el("p", { class: "af-desk-title" }, title), el("p", { class: "af-desk-meta" }, about));
  const node = el("li", { class: "af-desk-record" }, el("div", { class: "af-desk-head" }, head, button), note);
  return {
    node,
    row,
    title,
    isKnown: () => note.childElementCount > 0,
    tell(text, url) {
      const link = { href: url, target: "_blank", rel: "noreferrer", tabindex: "0" };
      note.replaceChildren(el("p", {}, text), ...(url ? [el("p", {}, el("a", link, word("desk_page")))] : []));
      unfold(true);
    },
  };
}

function searchBox(uid, send) {
  const box = el("input", { id: `${uid}-find`, type: "search", autocomplete: "off" });
  const told = el("span", { role: "status", class: "af-note" });
  let later = 0;
  box.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => send({ type: "find", text: box.value }), 300);
  });
  // The form is not sent by looking for something.
  box.addEventListener("keydown", (event) => Object.hasOwn(SENDS, event.key) && event.preventDefault());
  const node = el("div", { class: "af-row" }, el("label", { for: box.id }, word("desk_search")), box, told);
  return { node, tell: (count) => (told.textContent = word("desk_found", { n: count })) };
}

function desk(asked, uid, changed, send) {
  let trail = [];
  let answered = false;
  const wanted = new Set();
  const left = el("p", { role: "status", class: "af-note" });
  const lean = percent(`${uid}-lean`, changed, {
    label: word(asked.brief ? "desk_lean_brief" : "desk_lean"),
    number: word("desk_lean_number"),
    unit: "",
    value: (value) => word("desk_value", { value }),
    read: readLean,
  });
  const why = el("input", { id: `${uid}-why-so`, type: "text", maxlength: "500", autocomplete: "off" });
  why.addEventListener("input", changed);
  const items = asked.records.map((record) =>
    recordItem(record, uid, (row) => {
      wanted.add(row);
      send({ type: "open", rows: [row] });
    }),
  );
  const search = items.length >= MANY ? searchBox(uid, send) : null;

  function count() {
    const opened = openedIn(trail).length;
    const all = items.length;
    const more = asked.budget - opened;
    if (asked.brief) left.textContent = word("desk_opened", { opened, all });
    else if (answered) left.textContent = word("desk_all", { opened, all });
    else if (!opened) left.textContent = word("desk_budget", { n: asked.budget, all });
    else left.textContent = more > 0 ? word("desk_left", { n: more, opened }) : word("desk_spent", { opened });
  }

  count();
  const quote = asked.wording ? el("p", { class: "af-note" }, word("desk_wording", { text: asked.wording })) : null;
  return {
    nodes: [
      el(
        "div",
        { class: "af-desk-statement" },
        el("p", { class: "af-desk-tag" }, [asked.says, asked.row].filter(Boolean).join(" · ")),
        el("blockquote", {}, asked.statement),
        quote,
      ),
      ...(asked.brief && items.some(({ title }) => title.startsWith("["))
        ? [el("p", { class: "af-note" }, word("desk_brackets"))]
        : []),
      ...(search ? [search.node] : []),
      el("ul", { class: "af-desk-records", "aria-label": word("desk_records") }, ...items.map(({ node }) => node)),
      left,
      ...lean.nodes,
      // A statement of the measure asks for a rating and for no reason.
      ...(asked.brief
        ? []
        : [el("div", { class: "af-row af-desk-why" }, el("label", { for: why.id }, word("desk_why")), why)]),
    ],
    typed: () => ({ lean: lean.typed(), trail, why: why.value }),
    retype(typed) {
      lean.retype(typed.lean);
      why.value = typed.why;
      trail = typed.trail;
      const unread = items.filter((item) => trail.includes(item.row) && !item.isKnown());
      if (unread.length) send({ type: "open", rows: unread.map(({ row }) => row) });
      count();
    },
    opened(rows) {
      let moved = false;
      for (const [row, text, url] of rows) {
        items.find((item) => item.row === row)?.tell(text, url);
        if (wanted.delete(row) && !trail.includes(row)) {
          trail = stepped(trail, readLean(lean.typed()).value, row);
          moved = true;
        }
      }
      count();
      if (moved) changed();
    },
    found(rows) {
      for (const { node, row } of items) node.hidden = !rows.includes(row);
      search?.tell(rows.length);
    },
    told(state) {
      answered = state.answer != null;
      count();
    },
    reveal: (shown) => (shown?.band ? revealed(shown) : []),
    first: () => items[0]?.node.querySelector("button") ?? lean.first(),
  };
}

function revealed({ band: [low, high], lean, support, publishers, records, path, worked }) {
  const bar = el("div", { class: "af-desk-bar", "aria-hidden": "true" }, el("span", {}), el("i", {}));
  bar.style?.setProperty("--af-low", low);
  bar.style?.setProperty("--af-high", high);
  bar.style?.setProperty("--af-lean", lean);
  const said = word("desk_band", { low, high, lean });
  const lines = records.map(([title, finding, reason]) =>
    el(
      "li",
      {},
      el("strong", {}, title),
      finding ? el("span", { class: "af-desk-finding" }, finding) : null,
      reason ? rich(el("p", {}), word("desk_weight", { reason })) : null,
    ),
  );
  const steps = (key, list) =>
    el("div", {}, el("h5", {}, word(key)), el("ol", {}, ...list.map((text) => el("li", {}, text))));
  return [
    el("h4", {}, word("desk_reveal")),
    bar,
    el("p", { class: "af-note" }, said),
    el("p", {}, support, " ", publishers),
    el("ul", {}, ...lines),
    el("div", { class: "af-desk-paths" }, steps("desk_path", path), steps("desk_worked", worked)),
  ];
}

kinds.weigh = {
  howTo: () => word("desk_how"),
  field: (asked, uid, changed, _say, send) => desk(asked, uid, changed, send),
  typedOf(answer, asked) {
    const given = answer && typeof answer === "object" ? answer : {};
    const rows = (asked.records ?? []).map(([row]) => row);
    const trail = Array.isArray(given.trail) ? given.trail : [];
    return {
      lean: typeof given.lean === "number" ? String(given.lean) : textOf(given.lean),
      trail: trail.filter((step) => isLeaning(step) || rows.includes(step)),
      why: textOf(given.why),
    };
  },
  answerOf: ({ lean, trail, why }) => ({ lean: readLean(lean).value, trail, why: why.trim() }),
  lacks: ({ lean }) => readLean(lean).lacks,
};
