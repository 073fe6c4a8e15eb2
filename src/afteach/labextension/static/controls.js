// The keys of a chart's own control are for it: JupyterLab would go to another cell by the arrows, and cut this one by an X.
function activate() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest?.(".vega-bindings")) target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
}

export default { id: "afteach:controls", autoStart: true, activate };
