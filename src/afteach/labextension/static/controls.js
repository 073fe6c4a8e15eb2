// The keys of a chart's own control are for it: JupyterLab would go to another cell by the arrows, and cut this one by an X.
const CONTROLS = ".vega-bindings";

function activate() {
  document.addEventListener("focusin", ({ target }) => {
    target.closest?.(CONTROLS)?.setAttribute("data-lm-suppress-shortcuts", "true");
  });
}

export default { id: "afteach:controls", autoStart: true, activate };
