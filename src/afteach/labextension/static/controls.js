// Where keys are an element's own, JupyterLab hears none of them: it would go to another cell by the arrows, and cut this
// one by an X. Saving is the notebook's all the same; the browser would offer to save the page.
const OWN_KEYS = "data-lm-suppress-shortcuts";
const S = 83; // the key, whatever the alphabet

export function saveByKey(event, app) {
  const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.keyCode === S;
  if (!isSave || !event.target.closest?.(`[${OWN_KEYS}]`)) return;
  event.preventDefault();
  event.stopPropagation();
  app.commands.execute("docmanager:save");
}

const stop = (event) => event.stopPropagation();

function activate(app) {
  // The keys of a chart's own control are for it. At each that a notebook hears it takes the focus to the cell that it calls
  // the active one, which after Run All may be another; the next key would cut that one.
  document.addEventListener("focusin", ({ target }) => {
    const controls = target.closest?.(".vega-bindings");
    if (!controls) return;
    target.setAttribute(OWN_KEYS, "true");
    controls.addEventListener("keydown", stop);
  });
  document.addEventListener("keydown", (event) => saveByKey(event, app), { capture: true });
}

export default { id: "afteach:controls", autoStart: true, activate };
