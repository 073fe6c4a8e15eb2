import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, enter } from "../../src/afteach/card/onward.js";

test("the next notebook is where this one is", () => {
  assert.equal(beside("02-b", "/lab/tree/01-a.ipynb"), "/lab/tree/02-b.ipynb");
  assert.equal(beside("02-b", "/user/me/notebooks/deep/01-a.ipynb"), "/user/me/notebooks/deep/02-b.ipynb");
});

test("where no notebook is shown there is no next one", () => {
  assert.equal(beside("02-b", "/voila/render/01-a"), "");
  assert.equal(beside("", "/lab/tree/01-a.ipynb"), "");
});

test("whoever is led to a card is told to stand at it, and it comes into sight", () => {
  const done = [];
  globalThis.matchMedia = () => ({ matches: true });
  const card = { dispatchEvent: ({ type }) => done.push(type), scrollIntoView: ({ behavior }) => done.push(behavior) };
  enter(card);
  assert.deepEqual(done, ["af-enter", "auto"]);
});
