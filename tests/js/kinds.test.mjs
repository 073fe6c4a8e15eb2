import assert from "node:assert/strict";
import test from "node:test";
import "./english.mjs";
import "./every_kind.mjs";
import { readPercent } from "../../src/afteach/card/kinds/forecast.js";
import { stepOf } from "../../src/afteach/card/kinds/mark.js";
import { isGrid } from "../../src/afteach/card/kinds/match.js";
import { readLean, stepped } from "../../src/afteach/card/kinds/weigh.js";
import { kindOf, kinds, letters, sameAnswer } from "../../src/afteach/card/kinds.js";

const asked = {
  choices: [
    ["a", "Anna"],
    ["b", "Борис"],
    ["c", "陈"],
  ],
  left: [
    ["x", "X"],
    ["y", "Y"],
  ],
  right: [
    ["1", "one"],
    ["2", "two"],
  ],
  lines: [
    ["P01-1", ["Anna", "reportedly", "came"]],
    ["", ["so", "it", "is"]],
  ],
  records: [
    ["fc1", "One", "Daily"],
    ["fc2", "Two", "Weekly"],
  ],
  unit: "people",
  most: 10,
};
const ask = (kind) => ({ ...asked, kind });

test("nothing is sent before there is an answer, and the card says what is lacking", () => {
  const lacking = {
    choice: "",
    many: [],
    order: null,
    match: { x: "1" },
    mark: [],
    number: " ",
    text: "\n",
    reflect: "",
    forecast: "",
    weigh: { lean: "", trail: ["fc1"], why: "" },
  };
  for (const [kind, typed] of Object.entries(lacking)) {
    assert.match(kinds[kind].lacks(typed, ask(kind)), /first/, kind);
  }
  assert.equal(kinds.value.lacks("", ask("value")), "");
});

test("what is whole lacks nothing, 0 and a sign included", () => {
  const whole = {
    choice: "a",
    many: ["b"],
    order: ["c", "a", "b"],
    match: { x: "1", y: "1" },
    mark: [6],
    number: "0",
    text: "?",
    reflect: "陈",
    forecast: "0",
    weigh: { lean: "0", trail: [], why: "" },
  };
  for (const [kind, typed] of Object.entries(whole)) assert.equal(kinds[kind].lacks(typed, ask(kind)), "", kind);
});

test("letters are counted as Python counts them, and one too many closes the card with the number", () => {
  assert.equal(letters("a😀é陈"), 4);
  assert.equal(kinds.reflect.lacks("😀".repeat(10), ask("reflect")), "");
  assert.equal(
    kinds.reflect.lacks("😀".repeat(11), ask("reflect")),
    "This is 11 letters long; at most 10 are kept. Shorten it by 1.",
  );
});

test("a forecast is written in per cent and nothing else", () => {
  for (const [typed, value] of [
    ["0", 0],
    ["70", 70],
    ["70 %", 70],
    ["70%", 70],
    ["70 per cent", 70],
    ["100", 100],
    [" 5.0 ", 5],
  ]) {
    assert.deepEqual(readPercent(typed), { value, lacks: "" });
  }
  for (const typed of ["150", "-1", "7o", "1.5", "1e1", "∞"]) {
    assert.equal(readPercent(typed).lacks, "Write a whole number from 0 to 100, in per cent.");
  }
  assert.match(readPercent("0.7").lacks, /for 0\.7 of 1 write 70\./);
  assert.match(readPercent(",7").lacks, /write 70\./);
  assert.equal(kinds.forecast.answerOf("70 %"), 0.7);
  assert.equal(kinds.forecast.typedOf(0.07), "7");
  assert.equal(kinds.forecast.typedOf(0.29), "29");
  assert.equal(kinds.forecast.typedOf(0.705), "70.5");
});

test("a long line of blanks is read at once", () => {
  const start = Date.now();
  for (const read of [readPercent, readLean]) assert.ok(read(`1${" ".repeat(60_000)}x`).lacks);
  assert.ok(Date.now() - start < 4000, "the page stood still");
});

test("two ways of writing one answer are the same, and two answers are not", () => {
  assert.equal(sameAnswer(ask("number"), "12 "), sameAnswer(ask("number"), "12"));
  assert.equal(sameAnswer(ask("forecast"), "70 %"), sameAnswer(ask("forecast"), "70"));
  assert.equal(sameAnswer(ask("many"), ["b", "a"]), sameAnswer(ask("many"), ["a", "b"]));
  assert.notEqual(sameAnswer(ask("number"), "12"), sameAnswer(ask("number"), "13"));
  assert.notEqual(sameAnswer(ask("order"), null), sameAnswer(ask("order"), ["a", "b", "c"]));
});

test("of lines some of which do not belong any may be left out, and none may stand twice", () => {
  const spare = { ...ask("order"), spare: 1 };
  assert.deepEqual(kinds.order.typedOf(["b", "a"], spare), ["b", "a"]);
  assert.equal(kinds.order.typedOf(["b", "a"], ask("order")), null);
  assert.equal(kinds.order.typedOf(["b", "b"], spare), null);
  assert.match(kinds.order.lacks([], spare), /first/);
});

test("marked words are sent by their places, in order, each once", () => {
  assert.deepEqual(kinds.mark.typedOf([6, 2, 2, 0, 7, 1.5], ask("mark")), [2, 6]);
  assert.equal(sameAnswer(ask("mark"), [6, 2]), sameAnswer(ask("mark"), [2, 6]));
});

test("a desk keeps what was opened in its order, and a leaning where it moved before the next record", () => {
  assert.deepEqual(stepped([], null, "fc1"), ["fc1"]);
  assert.deepEqual(stepped([], 60, "fc1"), [60, "fc1"]);
  assert.deepEqual(stepped([60, "fc1"], 60, "fc2"), [60, "fc1", "fc2"]);
  assert.deepEqual(stepped([60, "fc1"], 20, "fc2"), [60, "fc1", 20, "fc2"]);
  const kept = kinds.weigh.typedOf({ lean: 40, trail: [60, "fc1", "fc9", -1], why: 3 }, ask("weigh"));
  assert.deepEqual(kept, { lean: "40", trail: [60, "fc1"], why: "" });
  assert.deepEqual(kinds.weigh.answerOf({ ...kept, why: " so " }), { lean: 40, trail: [60, "fc1"], why: "so" });
  assert.notEqual(sameAnswer(ask("weigh"), kept), sameAnswer(ask("weigh"), { ...kept, trail: [60] }));
});

test("one leans by whole numbers from 0 to 100", () => {
  for (const [typed, value] of [
    ["70", 70],
    ["0", 0],
    ["100 of 100", 100],
  ]) {
    assert.deepEqual(readLean(typed), { value, lacks: "" });
  }
  for (const typed of ["101", "-1", "0.7", "a"]) assert.match(readLean(typed).lacks, /0 to 100/);
});

test("an arrow goes to the next word and stops at the ends, the other way where one writes from the right", () => {
  assert.equal(stepOf("ArrowRight", 0, 3), 1);
  assert.equal(stepOf("ArrowRight", 2, 3), 2);
  assert.equal(stepOf("ArrowLeft", 0, 3, true), 1);
  assert.equal(stepOf("ArrowUp", 0, 3), 0);
  assert.equal(stepOf("Home", 2, 3), 0);
  assert.equal(stepOf("End", 0, 3), 2);
  assert.equal(stepOf("x", 0, 3), null);
});

test("a grid is for few answers with short names, and for more than two lines", () => {
  const three = { left: [...asked.left, ["z", "Z"]], right: asked.right };
  assert.ok(isGrid(three));
  assert.ok(!isGrid(asked));
  assert.ok(!isGrid({ ...three, right: [...asked.right, ["3", "x".repeat(41)]] }));
  assert.ok(!isGrid({ ...three, right: Array(6).fill(["3", "three"]) }));
});

test("whatever a log or a browser holds is read without an error and never as something unknown", () => {
  const odd = [null, undefined, 7, "zz", [], ["zz"], {}, { x: "zz", value: 3 }, [["a"]], true];
  for (const kind of Object.keys(kinds)) {
    for (const answer of odd) {
      const typed = kindOf(ask(kind)).typedOf(answer, ask(kind));
      assert.ok(typed !== undefined, kind);
      if (kind === "choice") assert.equal(typed, "");
      if (kind === "many") assert.deepEqual(typed, []);
      if (kind === "order") assert.equal(typed, null);
      if (kind === "match") assert.deepEqual(typed, {});
      if (kind === "mark") assert.deepEqual(typed, []);
    }
  }
  assert.equal(kindOf({ kind: "dance" }), kinds.value);
});
