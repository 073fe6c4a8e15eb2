// What JupyterLab's page does by itself: it saves a card as words, and asks once more for what its worker is to keep.
import assert from "node:assert/strict";
import { test } from "node:test";
import { saveByKey } from "../../src/afteach/labextension/static/controls.js";
import { worthKeeping } from "../../src/afteach/labextension/static/keeping.js";
import printing from "../../src/afteach/labextension/static/printing.js";
import { goBack, placeOf } from "../../src/afteach/labextension/static/reading.js";
import saving, { withoutCards } from "../../src/afteach/labextension/static/saving.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const notebook = () => ({
  metadata: { a: 1 },
  cells: [
    { cell_type: "markdown", source: "text" },
    {
      cell_type: "code",
      outputs: [
        { data: { [VIEW]: { model_id: "x" }, "text/plain": "a card" }, metadata: { afteach: "us-01" } },
        { data: { [VIEW]: { model_id: "y" }, "text/plain": "a slider" }, metadata: {} },
        { output_type: "stream", text: "hello" },
      ],
    },
  ],
});

test("a card is saved as its words, and another widget as it is", () => {
  const before = notebook();
  const [card, slider, stream] = withoutCards(before).cells[1].outputs;
  assert.deepEqual(card.data, { "text/plain": "a card" });
  assert.ok(VIEW in slider.data);
  assert.equal(stream.text, "hello");
  assert.deepEqual(before, notebook());
});

test("whatever saves a notebook gets it without cards", () => {
  let made;
  saving.activate({ docRegistry: { addWidgetExtension: (_, extension) => (made = extension) } });
  const model = { toJSON: notebook };
  made.createNew({}, { model });
  assert.ok(!(VIEW in model.toJSON().cells[1].outputs[0].data));
});

test("what belongs to the site is kept, once, and no other host is asked", () => {
  const own = "https://class.example";
  const names = [
    `${own}/a.js`,
    `${own}/a.js`,
    `${own}/lite/api/drive`,
    "https://other.example/b.js",
    "data:text/css,x",
  ];
  assert.deepEqual(worthKeeping(names, own), [`${own}/a.js`]);
});

test("a workbook prints as it stands on the page, and a notebook of others as JupyterLab prints it", async () => {
  const printable = Symbol("printable");
  const done = [];
  class Panel {
    constructor(...classes) {
      this.node = { classList: { contains: (name) => classes.includes(name) } };
    }
    [printable]() {
      return async () => done.push("converted");
    }
  }
  let extension;
  printing.activate({ docRegistry: { addWidgetExtension: (_, made) => (extension = made) } });
  globalThis.window = { print: () => done.push("as it stands") };
  for (const panel of [new Panel("af-workbook"), new Panel()]) {
    extension.createNew(panel);
    await panel[printable]()();
  }
  extension.createNew({});
  delete globalThis.window;
  assert.deepEqual(done, ["as it stands", "converted"]);
});

// A page of cells of these heights below a bar of 90, read from so far down.
function pageOf(heights, scrollTop) {
  const scroller = { scrollTop, getBoundingClientRect: () => ({ top: 90 }) };
  const cells = heights.map((_, i) => ({
    node: {
      isConnected: true,
      getBoundingClientRect() {
        const top = 90 - scroller.scrollTop + heights.slice(0, i).reduce((sum, height) => sum + height, 0);
        return { top, height: heights[i], bottom: top + heights[i] };
      },
    },
  }));
  return { scroller, cells, heights };
}

test("the cell that is read stays in its place when what stands above it closes or grows", () => {
  const { scroller, cells, heights } = pageOf([100, 2000, 300, 400], 2250);
  const place = placeOf(scroller, cells);
  heights[1] = 500;
  goBack(scroller, place);
  assert.equal(scroller.scrollTop, 750);
  heights[0] = 130;
  goBack(scroller, place);
  assert.equal(scroller.scrollTop, 780);
});

test("of a cell that is shorter now its end stays in sight, and a page at its head stays there", () => {
  const { scroller, cells, heights } = pageOf([100, 2000, 300], 1900);
  const place = placeOf(scroller, cells);
  heights[1] = 500;
  goBack(scroller, place);
  assert.equal(scroller.scrollTop, 560);
  const head = pageOf([100, 200], 0);
  goBack(head.scroller, placeOf(head.scroller, head.cells));
  assert.equal(head.scroller.scrollTop, 0);
  goBack(head.scroller, null);
});

test("the keys that save do so wherever keys are an element's own, and nowhere else twice", () => {
  const done = [];
  const app = { commands: { execute: (name) => done.push(name) } };
  const press = (isOwn, keys) => {
    const target = { closest: () => (isOwn ? {} : null) };
    saveByKey({ keyCode: 83, target, preventDefault: () => done.push("kept"), stopPropagation() {}, ...keys }, app);
    return done.splice(0);
  };
  for (const keys of [{ ctrlKey: true }, { metaKey: true }])
    assert.deepEqual(press(true, keys), ["kept", "docmanager:save"]);
  for (const keys of [
    {},
    { ctrlKey: true, shiftKey: true },
    { ctrlKey: true, altKey: true },
    { ctrlKey: true, keyCode: 65 },
  ]) {
    assert.deepEqual(press(true, keys), []);
  }
  assert.deepEqual(press(false, { ctrlKey: true }), []);
});
