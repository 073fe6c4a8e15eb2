// The bar that says where a reader is: a sign for each question, a click leads there, and at the end the way on.

const SIGNS = { right: "✓", partly: "◐", "not-yet": "↻", recorded: "●", unanswered: "" };

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== "" && value != null) node.setAttribute(name, value);
  }
  // Where the focus is, keys are the bar's own: JupyterLab would move from cell to cell with the arrow keys.
  if (tag === "button" || tag === "a") node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(...children);
  return node;
}

// Where a notebook lies that stands beside this one, in JupyterLab and Notebook 7; empty elsewhere.
export function beside(name, path) {
  const found = /^(.*\/(?:tree|notebooks)\/(?:.*\/)?)[^/]+\.ipynb$/.exec(path);
  return found && name ? `${found[1]}${encodeURIComponent(name)}.ipynb` : "";
}

function render({ model, el: root }) {
  const bar = make("nav", { class: "af-contents" });
  const status = make("span", { role: "status", class: "af-contents-status" });
  let at = 0; // the sign that the Tab key stops at

  function goTo(id) {
    const page = root.closest(".jp-Notebook") ?? document;
    const card = page.querySelector(`form.af-card[data-question="${CSS.escape(id)}"]`);
    status.textContent = card ? "" : model.get("shown").missing;
    if (!card) return;
    // Each card knows where one begins.
    card.dispatchEvent(new Event("af-enter"));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  }

  function signs(shown) {
    return shown.questions.map(({ id, state, says }, place) => {
      const sign = make(
        "button",
        { type: "button", class: "af-dot", title: says, "aria-label": says },
        SIGNS[state] ?? "",
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
    const list = make("ol", {}, ...signs(shown).map((one) => make("li", {}, one)));
    const words = make("span", { class: "af-contents-words" }, shown.words);
    const acts = [];
    if (shown.goOn) acts.push(make("button", { type: "button", onclick: () => goTo(shown.to) }, shown.goOn));
    if (shown.download) acts.push(make("button", { type: "button", onclick: fetchFile }, shown.download));
    const next = beside(shown.next, location.pathname);
    if (next) acts.push(make("a", { href: next, class: "af-main" }, shown.nextWords));
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
    make("a", { href: place, download: message.name }).click();
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

export default { render };
