// What a browser kept, on a card: shown, offered, given back, and lost only where nothing can be done.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./english.mjs";
import card from "../../src/afteach/card/card.js";
import { copiesOf, draftsOf } from "../../src/afteach/card/keep.js";
import { names } from "./every_kind.mjs";
import { choice, Full, laidOut, Storage, state } from "./page.mjs";

const asked = { ...choice, kind: "text" };
const answered = {
  ...state,
  answer: "b",
  outcome: "not yet",
  label: "Not yet",
  message: "No.",
  tries: 1,
  empty: false,
};
const line = (id) => JSON.stringify({ v: 1, id, q: "ex-01", at: "2026-05-01T10:00:00.000Z", answer: "a" });

const fieldOf = (root) => root.find("input")[0];
const named = (root, name) => root.find("button").filter((one) => one.textContent === name);
const press = (root, name) => named(root, name)[0].listeners.click();
const offered = (root) => root.querySelectorAll("div.af-offered").map((box) => box.children[0].textContent);
const status = (root) => root.querySelector("div.af-status").textContent;
const drafts = (page) => draftsOf(localStorage, "here", "ex-01", page);

function type(root, text) {
  fieldOf(root).value = text;
  fieldOf(root).listeners.input();
}

function woken(one = asked, told = state) {
  const root = laidOut(card, one);
  root.hear({ ...told, re: 1 });
  return root;
}

function keepCopies(...logs) {
  for (const log of logs) copiesOf(localStorage, "here").add(log, line(log));
}

beforeEach(() => {
  globalThis.localStorage = new Storage();
  globalThis.sessionStorage = new Storage();
  sessionStorage.setItem("afteach:page", "own");
  document.activeElement = null;
  globalThis[Symbol.for("afteach")].offered.clear();
});

test("a draft that does not fit the question any more is neither shown nor called what is shown, and stays", () => {
  for (const page of ["own", "other"]) drafts(page).keep("an answer in words, from when it was asked so", "");
  for (const told of [answered, state]) {
    const root = woken(choice, told);
    assert.equal(status(root), told.message);
    assert.deepEqual(offered(root), []);
  }
  assert.ok(drafts("own").own() && drafts("other").own());
});

test("what is typed on the card gives way to another draft only to be offered itself", () => {
  drafts("other").keep("from the other page", "");
  const root = woken();
  type(root, "just typed");
  for (const [shown, other] of [
    ["from the other page", "just typed"],
    ["just typed", "from the other page"],
  ]) {
    press(root, "Show it");
    assert.equal(fieldOf(root).value, shown);
    assert.equal(offered(root).length, 1);
    assert.deepEqual([drafts("own").own().typed, drafts("other").own().typed], [shown, other]);
  }
});

test("an answer that the disk refused stays with the browser, whatever is typed and taken back after it", () => {
  const root = woken();
  type(root, "b");
  root.find("form")[0].listeners.submit({ preventDefault() {} });
  root.hear({ type: "verdict", saved: false, problem: "no space", message: "No.", re: 2 });
  root.hear({ ...answered, saved: false });
  type(root, "bc");
  type(root, "b");
  assert.equal(drafts("own").own()?.typed, "b");
});

test("of several copies each can be brought back, and none goes before the kernel has it", () => {
  keepCopies("log1", "log2", "log3");
  const root = woken();
  assert.equal(offered(root).length, 3);
  press(root, "Bring back");
  press(root, "Bring back");
  assert.deepEqual(
    root.sent.map(({ type }) => type),
    ["hello", "restore"],
  );
  assert.equal(offered(root).length, 3);
  const isShut = () => named(root, "Bring back").map((one) => one.getAttribute("aria-disabled"));
  assert.deepEqual(isShut(), ["true", "true", "true"]);
  root.hear(answered);
  root.hear({ type: "notice", text: "One answer is back.", re: 2 });
  assert.deepEqual(isShut(), ["false", "false"]);
  press(root, "Not mine");
  assert.equal(offered(root).length, 1);
  press(root, "Bring back");
  root.hear({ type: "notice", text: "One answer is back.", re: 3 });
  assert.deepEqual(offered(root), []);
  const ids = root.sent.filter(({ type }) => type === "restore").map(({ lines }) => lines[0].id);
  assert.equal(new Set(ids).size, 2);
});

test("a copy that was lost on its way to the kernel is offered still", () => {
  keepCopies("log1");
  const root = woken();
  press(root, "Bring back");
  root.leave();
  assert.equal(offered(root).length, 1);
});

test("copies stand on one card, and once that is gone on the next, without those that were chosen already", () => {
  keepCopies("log1", "log2");
  const root = woken();
  press(root, "Not mine");
  assert.deepEqual(offered(woken({ ...asked, id: "ex-02" })), []);
  // Whoever answers before choosing loses neither.
  type(root, "b");
  copiesOf(localStorage, "here").add("log3", line("log3"));
  root.hear(answered);
  assert.equal(offered(root).length, 1);
  root.close();
  const next = woken(asked, answered);
  assert.equal(offered(next).length, 1);
  press(next, "Not mine");
  next.close();
  assert.deepEqual(offered(woken(asked, answered)), []);
});

test("a browser that keeps nothing says so once it matters, and no card breaks", () => {
  for (const storage of [new Full(), undefined]) {
    globalThis.localStorage = storage;
    globalThis.sessionStorage = storage;
    const root = woken();
    type(root, "x");
    root.leave();
    assert.equal(
      status(root),
      "Not saved: choose Run > Run All Cells. This browser keeps nothing: copy your answer before you go on.",
    );
  }
});

test("a script in a draft, half a sign, and names of every script stand in the field as they were typed", () => {
  for (const text of ["<img src=x onerror=alert(1)>", "half \ud83d", "李雷", "احمد رحیمی", "a\u0000b"]) {
    const root = woken();
    type(root, text);
    root.close();
    const again = woken();
    assert.equal(fieldOf(again).value, text);
    assert.match(status(again), /^This is from before and is not saved yet/);
    press(again, "Discard this draft");
    assert.equal(drafts("own").own(), null);
  }
});

test("no draft of whatever shape keeps a card of any kind from its question", () => {
  const whole = {
    ...asked,
    left: [["x", "X"]],
    right: [["1", "one"]],
    lines: [["P", ["A"]]],
    records: [["fc1", "One", "Daily"]],
    rubric: ["a", "b", "c"],
    statement: "S",
    budget: 1,
  };
  const odd = { toString: 1, valueOf: 1 };
  const shapes = [null, 7, "a", [], [odd], {}, odd, { x: odd }, { value: odd }, { lean: odd, trail: [odd], why: odd }];
  for (const kind of names) {
    for (const typed of shapes) {
      for (const page of ["own", "other"]) drafts(page).keep(typed, odd);
      const one = { ...whole, kind };
      const root = woken(one);
      // What a copy brought back may be of any shape too.
      root.hear({ ...answered, answer: typed });
      assert.equal(root.find("form").length, 1);
    }
  }
});
