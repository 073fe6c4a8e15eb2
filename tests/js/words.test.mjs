import assert from "node:assert/strict";
import test from "node:test";
import "./english.mjs";
import { marked } from "../../src/afteach/card/dom.js";
import { copyWords, formName, standingWords, stateWords, verdictWords } from "../../src/afteach/card/words.js";

const calm = {
  standing: "awake",
  unsaved: false,
  stored: true,
  sent: false,
  slow: false,
  open: false,
  seesKernel: true,
};
const said = (more) => Object.values(standingWords({ ...calm, ...more })).join(" ");

test("no alarm while nothing has gone wrong", () => {
  for (const standing of ["waking", "busy", "awake"]) {
    for (const slow of [false, true]) {
      for (const unsaved of [false, true]) {
        assert.doesNotMatch(said({ standing, slow, unsaved }), /Run All|Not saved|answer/i);
      }
    }
  }
  assert.equal(said({ standing: "waking" }), "Waking up …");
});

test("whatever is not saved is said not to be, with the next step, when the kernel or the server is gone", () => {
  for (const standing of ["asleep", "cut"]) {
    for (const sent of [false, true]) {
      const words = standingWords({ ...calm, standing, unsaved: true, sent });
      assert.match(words.alert, /^Not saved: .*Run > Run All Cells.*This browser keeps what you wrote/);
      assert.match(words.badge, /Not saved/);
      assert.doesNotMatch(said({ standing, unsaved: true, sent, stored: false }), /keeps what you wrote/);
    }
    assert.match(said({ standing }), /Run > Run All Cells/);
    assert.doesNotMatch(said({ standing }), /Not saved/);
  }
});

test("an answer on its way is not called saved, and one that waits long says so", () => {
  assert.doesNotMatch(said({ unsaved: true, sent: true }), /saved/i);
  assert.match(said({ unsaved: true, sent: true, slow: true }), /Sent, not saved yet/);
  assert.doesNotMatch(said({ unsaved: true, sent: true, slow: true }), /Run All/);
  assert.match(said({ unsaved: true, sent: true, slow: true, seesKernel: false }), /If no cell is running, .*Run All/);
});

test("saved is said of what the kernel reports on disk, and of nothing else", () => {
  assert.equal(verdictWords({ message: "Right.", saved: true }), "Right. Saved.");
  assert.equal(verdictWords({ message: "Unreadable.", saved: false, problem: "" }), "Unreadable.");
  assert.match(verdictWords({ message: "Right.", saved: false, problem: "Disk full" }), /Not saved: Disk full\./);
  assert.equal(stateWords({ message: "Right.", saved: true }), "Right.");
  assert.match(stateWords({ message: "Right.", saved: false }), /Not saved/);
});

test("the second form of a question has a name of its own", () => {
  const names = [0, 1, 2].map((place) => formName({ id: "us-01", guess: true }, place));
  assert.deepEqual(names, ["Question us-01", "Question us-01, look back", "Question us-01, look back 2"]);
  assert.equal(formName({ id: "us-02" }, 1), "Question us-02, asked again");
});

test("a copy says how many answers of which day", () => {
  assert.equal(
    copyWords(2, "2026-05-03T10:00:00Z", "en-GB"),
    "2 answers, the last of 3 May 2026, are kept in this browser and not on this server.",
  );
  assert.equal(copyWords(1, "what", "en"), "1 answer is kept in this browser and not on this server.");
});

test("a range and a number with its sign are held together, and nothing is lost", () => {
  const text = "از 30–40, به 53 %, 1980 – 1989، 12 و P12-3";
  const held = marked(text).filter((part) => part.tag === "bdi");
  assert.deepEqual(
    held.map((part) => part.text),
    ["30–40", "53 %", "1980 – 1989"],
  );
  assert.equal(
    marked(text)
      .map((part) => part.text)
      .join(""),
    text,
  );
});

test("marks are code and emphasis, and all else is text", () => {
  assert.deepEqual(marked("see `x` and *y*<b>"), [
    { tag: "", text: "see " },
    { tag: "code", text: "x" },
    { tag: "", text: " and " },
    { tag: "em", text: "y" },
    { tag: "", text: "<b>" },
  ]);
});
