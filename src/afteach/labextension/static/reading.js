// A notebook of a workbook is read, not written: the page holds still when all cells run, what nobody changed is not
// marked as changed, and the table of contents is open beside it. Notebooks of others are left alone.
const OURS = /^\s*(?:from|import) afteach\b/m;
const RUNS_ALL = new Set(["notebook:run-all-cells", "notebook:restart-run-all"]);
const MOVES = ["pointerdown", "wheel", "keydown", "touchstart"];
// JupyterLab focuses a cell by itself, and nothing that a cell holds: a screen reader does, without a key or a pointer.
const HELD_BY_A_CELL = ".jp-OutputArea-output, .jp-RenderedMarkdown, .jp-Placeholder-content";
const SEEN = "afteach:contents-shown";
// While cells run, what they showed goes and comes; so often the page is put back, in milliseconds.
const HELD_EVERY = 250;
// Cards and charts grow for a while after the last cell is done, each at its own time.
const SETTLING = [0, 250, 1000, 2500];
// So much of a cell stays in sight whose open parts were closed by running it again.
const IN_SIGHT = 40;
// Files on the left and contents on the right leave a readable line and a whole chart from here on.
const WIDE = 1280;

let moves = 0; // how often the reader did something that may move the page
let before = null; // where the page stood just before the last of them

const sourcesOf = (model) => Array.from(model.cells, (cell) => cell.sharedModel.getSource());
const cellsOf = (model) => JSON.stringify(Array.from(model.cells, (cell) => cell.toJSON()));
const scrollerOf = (panel) => panel.content.node.querySelector(".jp-WindowedPanel-outer") ?? panel.content.node;
const isNotebook = (widget) => Boolean(widget?.context?.sessionContext && widget.content?.model?.cells);

function note(app) {
  moves += 1;
  const panel = app.shell.currentWidget;
  before = isNotebook(panel)
    ? { panel, place: placeOf(scrollerOf(panel), panel.content.widgets), cell: panel.content.activeCellIndex }
    : null;
}

// The first cell in sight, and how far below the edge it begins: above it what is open may close, and what is drawn grows.
export function placeOf(scroller, cells) {
  const edge = scroller.getBoundingClientRect().top;
  const first = Array.from(cells, ({ node }) => node).find((node) => node.getBoundingClientRect().bottom > edge);
  return first ? { node: first, below: first.getBoundingClientRect().top - edge } : null;
}

export function goBack(scroller, place) {
  if (!place?.node.isConnected) return;
  const { top, height } = place.node.getBoundingClientRect();
  const below = Math.max(place.below, IN_SIGHT - height);
  scroller.scrollTop += top - scroller.getBoundingClientRect().top - below;
}

// Running all cells ends at the last one, and no setting turns that off.
async function hold(ended) {
  if (!before?.panel.node.classList.contains("af-workbook")) return;
  const { panel, place, cell } = before;
  const since = moves;
  const back = () => {
    if (moves !== since || panel.isDisposed) return;
    panel.content.activeCellIndex = cell;
    goBack(scrollerOf(panel), place);
  };
  requestAnimationFrame(back);
  const meanwhile = setInterval(back, HELD_EVERY);
  await ended.catch(() => {});
  clearInterval(meanwhile);
  for (const wait of SETTLING) setTimeout(back, wait);
}

function showContents(app) {
  if (innerWidth < WIDE) return;
  try {
    if (localStorage.getItem(SEEN)) return;
    localStorage.setItem(SEEN, "yes");
  } catch {
    // Where nothing is kept it would open each time, against the reader's will.
    return;
  }
  app.shell.activateById("table-of-contents");
}

async function welcome(app, panel) {
  await panel.context.ready;
  const { model } = panel.context;
  if (!sourcesOf(model).some((source) => OURS.test(source))) return;
  panel.node.classList.add("af-workbook");
  if (app.name === "JupyterLab") showContents(app);
  keepUnmarked(model);
}

// Which version of Python runs here goes into the notebook, and is no change of the reader's.
function keepUnmarked(model) {
  if (model.dirty) return;
  const cells = cellsOf(model);
  const look = (_, { name, newValue }) => {
    if (name !== "dirty" || !newValue) return;
    if (cellsOf(model) === cells) model.dirty = false;
    else model.stateChanged.disconnect(look);
  };
  model.stateChanged.connect(look);
}

function activate(app) {
  for (const name of MOVES) document.addEventListener(name, () => note(app), { capture: true, passive: true });
  document.addEventListener("focusin", ({ target }) => target.closest?.(HELD_BY_A_CELL) && note(app), {
    capture: true,
  });
  app.commands.commandExecuted.connect((_, { id, result }) => {
    if (RUNS_ALL.has(id)) hold(result);
  });
  const met = new WeakSet();
  const look = () => {
    for (const panel of app.shell.widgets("main")) {
      if (met.has(panel) || !isNotebook(panel)) continue;
      met.add(panel);
      welcome(app, panel);
    }
  };
  app.shell.layoutModified?.connect(look);
  app.shell.currentChanged?.connect(look);
  app.restored.then(look);
}

export default { id: "afteach:reading", autoStart: true, activate };
