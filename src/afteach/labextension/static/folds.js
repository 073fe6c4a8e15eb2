// Folded code opens by keyboard too: JupyterLab gives it a click and nothing else.
const FOLDED = ".af-workbook .jp-InputPlaceholder .jp-Placeholder-content";
const OPENS = new Set(["Enter", " "]);

export function makeButton(node) {
  if (node.getAttribute("role") === "button") return;
  node.setAttribute("role", "button");
  node.setAttribute("aria-expanded", "false");
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.tabIndex = 0;
  // Its own words say what it opens.
  node.setAttribute("aria-label", node.textContent.trim());
  node.addEventListener("keydown", (event) => {
    if (!OPENS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const cell = node.closest(".jp-Cell");
    node.click();
    // What had the focus is gone.
    cell?.focus();
  });
}

function activate() {
  let waiting = 0;
  const all = () => {
    waiting = 0;
    for (const node of document.querySelectorAll(FOLDED)) makeButton(node);
  };
  new MutationObserver(() => {
    if (!waiting) waiting = setTimeout(all, 200);
  }).observe(document.body, { childList: true, subtree: true });
  all();
}

export default {
  id: "afteach:folds",
  description: "Lets folded code be opened by keyboard.",
  autoStart: true,
  activate,
};
