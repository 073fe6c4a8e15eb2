// On paper a notebook is what stands on the page, in the look of print.css. JupyterLab itself prints another one: its
// server converts what was saved, which knows no chart that a kernel drew and no card, and a site has no server.
const PRINTS = "printable"; // how JupyterLab names the method of a widget that can print itself

/** The symbol under which a widget, or what it is made from, keeps what prints it. */
export function printsBy(widget) {
  for (let one = widget; one; one = Object.getPrototypeOf(one)) {
    const found = Object.getOwnPropertySymbols(one).find((symbol) => symbol.description === PRINTS);
    if (found) return found;
  }
}

function activate(app) {
  app.docRegistry.addWidgetExtension("Notebook", {
    createNew(panel) {
      const method = printsBy(panel);
      if (!method) return;
      const converted = panel[method].bind(panel);
      // Whether it is a workbook's shows only once it is read; a notebook of others prints as ever.
      panel[method] = () => async () => {
        if (panel.node.classList.contains("af-workbook")) window.print();
        else await converted()();
      };
    },
  });
}

export default { id: "afteach:printing", autoStart: true, activate };
