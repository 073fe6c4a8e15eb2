// An id in a text, such as fc113, opens the row that it names as a source card. The server of the notebook, or the folder
// of a site without one, holds a list of ids and one small page for each row; no kernel is asked.

const TOKEN = /[A-Za-z]+[A-Za-z-]*\d+(?:-\d+)*/g;
const NOT_IN = "a, button, label, code, pre, kbd, h1, h2, h3, h4, h5, h6, textarea, .af-ref, .af-row-open";
// What a card says; a screen reader says it too, as soon as it is there.
const SAID = ".af-workbook .af-card :is(.af-status, .af-extra, .af-shows, .af-before)";
// Texts, tables, and of a card what it asks and what it says; not what is there to be chosen.
const TEXTS = [
  ".jp-MarkdownCell .jp-RenderedMarkdown",
  ".af-frame td",
  ".af-frame tbody th",
  ".jp-OutputArea .af-sources :is(p, li)",
  ".af-card > fieldset > legend",
]
  .map((one) => `.af-workbook ${one}`)
  .concat(SAID)
  .join();

/** The ids in a text that name a row, each with the place where it begins. */
export function found(text, known) {
  return [...text.matchAll(TOKEN)].filter((one) => known.has(one[0])).map((one) => ({ id: one[0], at: one.index }));
}

/** Where the pages of rows lie: below the address that JupyterLab was started with. */
export function address(page) {
  const config = page.getElementById("jupyter-config-data");
  const base = JSON.parse(config?.textContent || "{}").baseUrl || "/";
  return new URL("afteach/", new URL(base.endsWith("/") ? base : `${base}/`, page.location.href));
}

/** Make a button of each known id in a rendered text. */
export function mark(prose, known) {
  const page = prose.ownerDocument;
  const walker = page.createTreeWalker(prose, 4 /* text */);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (text.parentElement.closest(NOT_IN)) continue;
    // From the end, so that what stands in front keeps its place.
    for (const { id, at } of found(text.data, known).reverse()) {
      const rest = text.splitText(at);
      rest.deleteData(0, id.length);
      rest.before(unbroken(page, text, opener(page, id), rest));
    }
  }
}

function opener(page, id) {
  const button = page.createElement("button");
  button.type = "button";
  button.className = "af-row-id";
  button.textContent = id;
  button.setAttribute("aria-haspopup", "dialog");
  // Enter and the space bar are the button's own, and not JupyterLab's.
  button.setAttribute("data-lm-suppress-shortcuts", "true");
  return button;
}

/** A button with the signs that touch it: no line ends after a bracket, and none begins with a full stop. */
function unbroken(page, text, button, rest) {
  const before = /[([“"]*$/.exec(text.data)[0];
  const after = /^[)\]”",.;:?!]*/.exec(rest.data)[0];
  text.deleteData(text.length - before.length, before.length);
  rest.deleteData(0, after.length);
  const whole = page.createElement("span");
  whole.className = "af-unbroken";
  whole.append(before, button, after);
  return whole;
}

async function show(button, base, panel) {
  const id = button.textContent;
  const answer = await fetch(new URL(`rows/${encodeURIComponent(id)}.html`, base));
  if (!answer.ok) return;
  panel.innerHTML = await answer.text();
  panel.setAttribute("aria-label", id);
  panel.showPopover();
  place(panel, button.getBoundingClientRect());
  panel.focus();
}

/** Below the id where there is room, else above it; never beyond the edge of the window. */
function place(panel, near) {
  const { innerWidth: width, innerHeight: height } = window;
  const size = panel.getBoundingClientRect();
  const below = near.bottom + 6;
  const top = below + size.height <= height ? below : Math.max(8, near.top - size.height - 6);
  panel.style.left = `${Math.max(8, Math.min(near.left, width - size.width - 8))}px`;
  panel.style.top = `${top}px`;
}

function makePanel(page) {
  const panel = page.createElement("div");
  panel.className = "af-row-open";
  panel.popover = "auto";
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("data-lm-suppress-shortcuts", "true");
  page.body.append(panel);
  return panel;
}

async function activate() {
  const base = address(document);
  const answer = await fetch(new URL("rows.json", base)).catch(() => null);
  // Without the list a text stays a text.
  if (!answer?.ok || !("popover" in HTMLElement.prototype)) return;
  const known = new Set(await answer.json());
  const panel = makePanel(document);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".af-row-id");
    if (button) void show(button, base, panel);
  });
  const markAll = () => {
    for (const prose of document.querySelectorAll(TEXTS)) mark(prose, known);
  };
  let waiting = 0;
  new MutationObserver((changes) => {
    // With its buttons from the first moment, or it would be said twice.
    for (const { target } of changes) if (target.matches(SAID)) mark(target, known);
    if (waiting || changes.every((change) => panel.contains(change.target))) return;
    waiting = setTimeout(() => {
      waiting = 0;
      markAll();
    }, 200);
    // A panel is known as one of a workbook by its class, some time after its text is there.
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  markAll();
}

export default {
  id: "afteach:rows",
  description: "Opens the row that an id in a text names.",
  autoStart: true,
  activate,
};
