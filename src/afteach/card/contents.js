// The bar that says where a reader is: a sign for each question, a click leads there, and at the end the way on.
import { el } from "./dom.js";
import { beside, enter } from "./onward.js";

const STATES = { right: "✓", partly: "◐", "not-yet": "↻", recorded: "●", unanswered: "" };

function renderContents({ model, el: root }) {
  const bar = el("nav", { class: "af-contents" });
  const status = el("span", { role: "status", class: "af-contents-status" });
  let at = 0; // the sign that the Tab key stops at

  function goTo(id) {
    const page = root.closest(".jp-Notebook") ?? document;
    const card = page.querySelector(`form.af-card[data-question="${CSS.escape(id)}"]`);
    status.textContent = card ? "" : model.get("shown").missing;
    if (card) enter(card);
  }

  function signs(shown) {
    return shown.questions.map(({ id, state, says }, place) => {
      const sign = el(
        "button",
        { type: "button", class: "af-dot", title: says, "aria-label": says },
        STATES[state] ?? "",
      );
      sign.dataset.state = state;
      sign.tabIndex = place === at ? 0 : -1;
      sign.addEventListener("click", () => goTo(id));
      sign.addEventListener("focus", () => stopAt(place));
      return sign;
    });
  }

  const buttons = () => [...bar.querySelectorAll("button.af-dot")];

  function stopAt(place) {
    at = place;
    for (const [number, one] of buttons().entries()) one.tabIndex = number === at ? 0 : -1;
  }

  function move(event) {
    const all = buttons();
    const place = all.indexOf(event.target);
    const forth = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forth === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const to = { [forth]: place + 1, [back]: place - 1, Home: 0, End: all.length - 1 }[event.key];
    event.stopPropagation();
    if (place < 0 || to == null) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  }

  function draw() {
    const shown = model.get("shown");
    const focused = buttons().indexOf(document.activeElement);
    const list = el("ol", {}, ...signs(shown).map((one) => el("li", {}, one)));
    const words = el("span", { class: "af-contents-words" }, shown.words);
    const acts = [];
    if (shown.goOn) acts.push(el("button", { type: "button", onclick: () => goTo(shown.to) }, shown.goOn));
    if (shown.download) acts.push(el("button", { type: "button", onclick: fetchFile }, shown.download));
    const next = beside(shown.next, location.pathname);
    if (next) acts.push(el("a", { href: next, class: "af-main", tabindex: "0" }, shown.nextWords));
    for (const [name, value] of [
      ["lang", shown.lang],
      ["dir", shown.dir],
      ["aria-label", shown.label],
    ]) {
      bar.setAttribute(name, value);
    }
    bar.replaceChildren(list, words, ...acts, status);
    if (focused >= 0) buttons()[focused]?.focus();
  }

  function fetchFile() {
    try {
      model.send({ type: "download" });
    } catch {
      status.textContent = model.get("shown").missing;
    }
  }

  function receive(message) {
    if (message?.type !== "file") return;
    const place = URL.createObjectURL(new Blob([message.text], { type: "application/jsonl" }));
    el("a", { href: place, download: message.name }).click();
    setTimeout(() => URL.revokeObjectURL(place), 60_000);
  }

  bar.addEventListener("keydown", move);
  model.on("change:shown", draw);
  model.on("msg:custom", receive);
  draw();
  root.append(bar);
  model.send({ type: "hello" });
  return () => {
    model.off("change:shown", draw);
    model.off("msg:custom", receive);
  };
}

export default { render: renderContents };
