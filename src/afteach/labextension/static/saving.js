// A card is saved as its question in words. Jupyter's server sees to that; where there is none, the page itself does.
const VIEW = "application/vnd.jupyter.widget-view+json";
const MARK = "afteach";

function withoutView(output) {
  if (!(MARK in (output.metadata ?? {})) || !output.data) return output;
  const { [VIEW]: _, ...data } = output.data;
  return { ...output, data };
}

export function withoutCards(notebook) {
  const cells = notebook.cells.map((cell) =>
    cell.outputs ? { ...cell, outputs: cell.outputs.map(withoutView) } : cell,
  );
  return { ...notebook, cells };
}

function activate(app) {
  app.docRegistry.addWidgetExtension("Notebook", {
    createNew(_, { model }) {
      const whole = model.toJSON.bind(model);
      model.toJSON = () => withoutCards(whole());
    },
  });
}

export default { id: "afteach:saving", autoStart: true, activate };
