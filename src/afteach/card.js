// The question card. Text from the bank and from answers is set as text, never as HTML.

const SURE = [["", "no answer"], ["guess", "a guess"], ["fairly", "fairly sure"], ["certain", "certain"]];
const WAIT_FOR_KERNEL = 6000;
let counter = 0;

// Where the focus is, keys are the card's own: JupyterLab would cut cells with x and d d. It asks the element that has
// the focus before its parents, so the mark stands on each.
const OWN_KEYS = "data-lm-suppress-shortcuts";

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (["INPUT", "SELECT", "TEXTAREA", "BUTTON"].includes(node.tagName) || "tabindex" in attributes) {
    node.setAttribute(OWN_KEYS, "true");
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// `code` and *emphasis* are all the marks that the bank knows.
function rich(node, text) {
  node.replaceChildren();
  for (const part of String(text).split(/(`[^`]+`|\*[^*\s][^*]*\*)/)) {
    if (/^`[^`]+`$/.test(part)) node.append(el("code", {}, part.slice(1, -1)));
    else if (/^\*[^*]+\*$/.test(part)) node.append(el("em", {}, part.slice(1, -1)));
    else if (part) node.append(part);
  }
  return node;
}

// What this browser keeps, so that a server that lost its disk can have it back.
function copyOf(scope) {
  const key = `afteach:answers:1:${scope}`;
  const read = () => {
    try {
      const found = JSON.parse(localStorage.getItem(key) || "{}");
      return found && typeof found === "object" ? found : {};
    } catch {
      return {};
    }
  };
  return {
    read,
    add(line) {
      try {
        const entry = JSON.parse(line);
        localStorage.setItem(key, JSON.stringify({ ...read(), [entry.id]: entry }));
      } catch {
        // A browser that keeps nothing is no reason to stop: the answer is on disk.
      }
    },
    clear() {
      try {
        localStorage.removeItem(key);
      } catch {
        // As above.
      }
    },
  };
}

// Cards load this file separately, so what they share hangs on the page.
const shared = (globalThis[Symbol.for("afteach")] ??= { offered: new Set() });

function choiceList(asked, uid, type, changed) {
  const inputs = asked.choices.map(([id, text], i) => {
    const input = el("input", { type, name: `${uid}-choice`, value: id, id: `${uid}-${i}`, onchange: changed });
    return { id, input, row: el("div", { class: "af-row" }, input, rich(el("label", { for: input.id }), text)) };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ id }) => id);
  return {
    nodes: inputs.map(({ row }) => row),
    get: () => (type === "radio" ? chosen()[0] ?? null : chosen()),
    set(answer) {
      const ids = [].concat(answer ?? []);
      for (const { id, input } of inputs) input.checked = ids.includes(id);
    },
  };
}

function orderList(asked, uid, changed, say) {
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
    const buttons = list.children[to].querySelectorAll("button");
    buttons[from].focus();
    say(`${texts.get(id)}: now ${to + 1} of ${order.length}.`);
    changed();
  };
  function draw() {
    list.replaceChildren(
      ...order.map((id) => {
        const text = texts.get(id);
        const button = (step, sign, word, at) =>
          el("button", { type: "button", class: "af-move", "aria-label": `Move ${word}: ${text}`, onclick: () => move(id, step, at) }, sign);
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
  return {
    nodes: [el("p", { class: "af-note" }, "Move a line with its buttons, or with the arrow keys while a button has the focus."), list],
    get: () => order.slice(),
    set(answer) {
      if (moved || !Array.isArray(answer) || answer.length !== order.length) return;
      if (!answer.every((id) => texts.has(id))) return;
      order = answer.slice();
      draw();
    },
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
    get: () => Object.fromEntries(selects.filter(({ select }) => select.value).map(({ id, select }) => [id, select.value])),
    set(answer) {
      for (const { id, select } of selects) select.value = (answer && typeof answer === "object" && answer[id]) || "";
    },
  };
}

function field(asked, uid, changed, attributes, words) {
  const input = el("input", { id: `${uid}-0`, class: "af-field", autocomplete: "off", oninput: changed, ...attributes });
  const unit = asked.unit ? el("span", { class: "af-unit", id: `${uid}-unit` }, asked.unit) : null;
  if (unit) input.setAttribute("aria-describedby", unit.id);
  return {
    nodes: [el("div", { class: "af-row" }, el("label", { for: input.id }, words), input, unit)],
    get: () => input.value,
    set(answer) {
      const value = answer && typeof answer === "object" ? answer.value : answer;
      input.value = value ?? "";
    },
  };
}

function numberField(asked, uid, changed) {
  const made = field(asked, uid, changed, { type: "text", inputmode: "decimal" }, "Your number");
  return { ...made, get: () => (made.get().trim() ? { value: made.get().trim(), unit: asked.unit || "" } : null) };
}

function reflectField(asked, uid, changed) {
  const area = el("textarea", { id: `${uid}-0`, rows: "5", oninput: changed, "aria-describedby": `${uid}-rubric` });
  const rubric = el("ul", { id: `${uid}-rubric`, class: "af-rubric" });
  ["Claim", "Evidence", "Limit"].forEach((name, i) => {
    rubric.append(el("li", {}, el("strong", {}, `${name}. `), rich(el("span"), asked.rubric[i])));
  });
  return {
    nodes: [rubric, el("label", { for: area.id }, "Your answer (kept, not marked)"), area],
    get: () => area.value,
    set: (answer) => (area.value = typeof answer === "string" ? answer : ""),
  };
}

function forecastField(asked, uid, changed) {
  const number = el("input", { id: `${uid}-0`, type: "number", min: "0", max: "100", step: "1", class: "af-percent" });
  const slider = el("input", { id: `${uid}-1`, type: "range", min: "0", max: "100", step: "1", value: "50" });
  number.addEventListener("input", () => {
    if (number.value !== "") slider.value = number.value;
    changed();
  });
  number.addEventListener("wheel", (event) => event.preventDefault(), { passive: false });
  slider.addEventListener("input", () => {
    number.value = slider.value;
    changed();
  });
  slider.setAttribute("aria-valuetext", "not set yet");
  const speak = () => slider.setAttribute("aria-valuetext", number.value === "" ? "not set yet" : `${number.value} per cent`);
  number.addEventListener("input", speak);
  slider.addEventListener("input", speak);
  return {
    nodes: [
      el("div", { class: "af-row" }, el("label", { for: slider.id }, "How likely? 0 is never, 100 is certain"), slider),
      el("div", { class: "af-row" }, el("label", { for: number.id }, "in per cent"), number, el("span", { class: "af-unit" }, "%")),
    ],
    get: () => (number.value === "" ? null : Number(number.value) / 100),
    set(answer) {
      if (typeof answer !== "number") return;
      number.value = slider.value = String(Math.round(answer * 100));
      speak();
    },
  };
}

function inputFor(asked, uid, changed, say) {
  switch (asked.kind) {
    case "choice":
      return choiceList(asked, uid, "radio", changed);
    case "many":
      return choiceList(asked, uid, "checkbox", changed);
    case "order":
      return orderList(asked, uid, changed, say);
    case "match":
      return matchList(asked, uid, changed);
    case "number":
      return numberField(asked, uid, changed);
    case "text":
      return field(asked, uid, changed, { type: "text", spellcheck: "false" }, "Your answer");
    case "reflect":
      return reflectField(asked, uid, changed);
    case "forecast":
      return forecastField(asked, uid, changed);
    default: {
      const how = `Compute the answer in a cell, then run \`check("${asked.id}", your_result)\`.`;
      return { nodes: [rich(el("p"), how)], get: () => null, set() {} };
    }
  }
}

// A judged answer can say how sure it is; a forecast, whether it is one or was known.
function sureness(asked, uid) {
  if (asked.kind === "forecast") {
    const box = el("input", { type: "checkbox", id: `${uid}-knew` });
    const label = el("label", { for: box.id }, "I knew this already (kept apart, not counted as a forecast)");
    return { node: el("div", { class: "af-row" }, box, label), get: () => (box.checked ? "knew" : "") };
  }
  if (["value", "reflect"].includes(asked.kind) || asked.guess) return { node: null, get: () => "" };
  const select = el("select", { id: `${uid}-sure` }, ...SURE.map(([value, words]) => el("option", { value }, words)));
  const label = el("label", { for: select.id }, "How sure are you? (optional)");
  return { node: el("div", { class: "af-row af-sure" }, label, select), get: () => select.value };
}

const MANY_HINT = { choice: "", many: "Tick all that fit.", order: "", match: "Choose one for each; an answer may fit twice, once or not at all." };

function render({ model, el: root }) {
  const asked = model.get("asked");
  const kept = copyOf(model.get("scope"));
  const uid = `af-${asked.id}-${++counter}-${Math.random().toString(36).slice(2, 7)}`;
  const open = asked.kind === "reflect" || asked.kind === "forecast" || asked.guess;
  let touched = false;
  let tries = 0;
  let alive = false;

  const status = el("div", { role: "status", class: "af-status" });
  const badge = el("span", { class: "af-badge" }, "…");
  const say = (text) => rich(status, text);
  const part = inputFor(asked, uid, () => (touched = true), say);
  const send = (message) => {
    model.send(message);
    setTimeout(() => {
      if (!alive) say("The notebook's kernel does not answer. Run this cell again, then answer.");
    }, WAIT_FOR_KERNEL);
  };

  const typed = asked.kind === "value";
  const sure = sureness(asked, uid);
  const submit = el("button", { type: "submit", class: "af-main" }, open ? "Record" : "Check");
  const hint = el("button", { type: "button", onclick: () => send({ type: "hint" }) }, "Hint");
  const look = el("button", { type: "button", hidden: true, "aria-expanded": "false", onclick: toggle }, "Look at the evidence");
  const solve = el("button", { type: "button", hidden: true, onclick: () => send({ type: "solution" }) }, "Show the solution");
  const rows = el("div", { class: "af-evidence", hidden: true, tabindex: "-1", role: "region", "aria-label": `Evidence for ${asked.id}` });
  const offer = el("div", { class: "af-offer", hidden: true, role: "group", "aria-label": "Answers kept in this browser" });
  const extra = el("div", { class: "af-extra", role: "status" });

  const legend = el("legend", {}, el("span", { class: "af-id" }, asked.id), " ", rich(el("span"), asked.prompt));
  const told = MANY_HINT[asked.kind] ? el("p", { class: "af-note" }, MANY_HINT[asked.kind]) : null;
  const form = el(
    "form",
    { class: "af-card", novalidate: true, [OWN_KEYS]: "true", "aria-label": `Question ${asked.id}` },
    offer,
    el("fieldset", { id: `${uid}-set` }, legend, told, ...part.nodes),
    sure.node,
    el("div", { class: "af-buttons" }, typed ? null : submit, hint, look, solve, badge),
    status,
    extra,
    rows,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    touched = false;
    send({ type: "answer", answer: part.get(), sure: sure.get() });
  });
  // What listens further out, and not for shortcuts, is not to hear them either.
  for (const name of ["keydown", "keyup", "keypress"]) form.addEventListener(name, (event) => event.stopPropagation());

  function toggle() {
    if (!rows.hidden) {
      rows.hidden = true;
      look.setAttribute("aria-expanded", "false");
      return;
    }
    send({ type: "evidence" });
  }

  function showEvidence(list) {
    rows.replaceChildren(
      ...list.map(({ cite, facts, checks }) => {
        const entry = el("div", { class: "af-item" }, el("p", {}, cite));
        for (const fact of facts) if (fact) entry.append(el("p", { class: "af-note" }, fact));
        if (checks.length) {
          entry.append(el("p", { class: "af-note" }, "Other records:"), el("ul", {}, ...checks.map((text) => el("li", {}, text))));
        }
        return entry;
      }),
    );
    rows.hidden = false;
    look.setAttribute("aria-expanded", "true");
    rows.focus();
  }

  function showOffer(empty) {
    const lines = Object.values(kept.read());
    const scope = model.get("scope");
    if (!empty || !lines.length || shared.offered.has(scope)) {
      if (!empty) offer.hidden = true;
      return;
    }
    shared.offered.add(scope);
    const last = lines.map((line) => String(line.at || "")).sort().at(-1);
    const day = new Date(last).toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
    const close = () => {
      offer.hidden = true;
      submit.focus();
    };
    const words = `${lines.length} ${lines.length === 1 ? "answer" : "answers"}, the last of ${day}, are kept in this browser and not on this server.`;
    offer.replaceChildren(
      el("p", {}, words),
      el("button", { type: "button", class: "af-main", onclick: () => (send({ type: "restore", lines }), close()) }, "Bring back"),
      el("button", { type: "button", onclick: close }, "Not mine"),
      el("button", { type: "button", onclick: () => (kept.clear(), close(), say("The copy in this browser is deleted.")) }, "Delete this copy"),
    );
    offer.hidden = false;
  }

  function showState(state) {
    if (!touched) part.set(state.answer);
    form.dataset.outcome = state.outcome;
    badge.textContent = state.label + (state.tries > 1 && !open ? ` (${state.tries} tries)` : "");
    if (state.changed) badge.textContent = "△ Changed since you answered: look at it again";
    // An answer may have been typed in a cell or given on another card of the question.
    if (state.message && (!status.textContent || state.tries !== tries)) say(state.message);
    tries = state.tries;
    hint.textContent = state.hints > 0 ? `Hint (${state.hints} left)` : "Hint again";
    look.hidden = !state.evidence;
    solve.hidden = !state.solution;
    if (state.problems.length) rich(extra, state.problems.join(" "));
    showOffer(state.empty);
  }

  function receive(message) {
    alive = true;
    if (message.type === "state") showState(message);
    else if (message.type === "verdict") {
      const unsaved = message.problem ? ` Not saved: ${message.problem}. It is kept until the kernel stops.` : "";
      say(message.message + (message.saved ? " Saved." : unsaved));
      if (message.line) kept.add(message.line);
    } else if (message.type === "hint") rich(extra, `Hint: ${message.text}`);
    else if (message.type === "solution") rich(extra, message.text);
    else if (message.type === "evidence") showEvidence(message.rows);
    else if (message.type === "notice") say(message.text);
  }

  model.on("msg:custom", receive);
  root.append(form);
  send({ type: "hello" });
  return () => model.off("msg:custom", receive);
}

export default { render };
