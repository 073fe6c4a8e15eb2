import assert from "node:assert/strict";
import test from "node:test";
import { copiesOf, draftsOf, pageOf } from "../../src/afteach/card/keep.js";
import { Full, Storage } from "./page.mjs";

const line = (id, at) => JSON.stringify({ id, at, answer: "x" });
const idsOf = (copy) => copy.lines.map((one) => one.id).sort();

test("answers of two logs never join in one copy, and what was brought back goes on in its own", () => {
  const copies = copiesOf(new Storage(), "here");
  copies.add("a1", line("a1", "2026-05-01T10:00:00.000Z"));
  copies.add("a1", line("a2", "2026-05-02T10:00:00.000Z"));
  copies.add("b1", line("b1", "2026-05-03T10:00:00.000Z"));
  assert.deepEqual(copies.list().map(idsOf), [["b1"], ["a1", "a2"]]);
  copies.add("a1", line("a3", "2026-05-04T10:00:00.000Z"));
  assert.deepEqual(copies.list().map(idsOf), [["a1", "a2", "a3"], ["b1"]]);
  copies.remove(copies.list()[0].key);
  assert.deepEqual(copies.list().map(idsOf), [["b1"]]);
});

test("a copy that an earlier edition kept is still offered, and one of another user is not", () => {
  const storage = new Storage();
  storage.setItem("afteach:answers:1:here", JSON.stringify({ old: { id: "old", at: "2026-01-01T00:00:00Z" } }));
  copiesOf(storage, "hereafter").add("x", line("x", "2026-01-01T00:00:00Z"));
  storage.setItem("afteach:answers:1:here:torn", "{");
  assert.deepEqual(copiesOf(storage, "here").list().map(idsOf), [["old"]]);
});

test("a draft comes back as typed in its page, and is only offered in another", () => {
  const storage = new Storage();
  const typed = "陈: “70 %”\n";
  const first = draftsOf(storage, "here", "us-01", "one");
  assert.equal(first.keep(typed, "fairly"), true);
  assert.equal(first.own().typed, typed);
  const second = draftsOf(storage, "here", "us-01", "two");
  assert.equal(second.own(), null);
  assert.deepEqual(
    second.others().map(({ draft }) => draft.typed),
    [typed],
  );
  second.keep("other", "");
  assert.equal(first.own().typed, typed);
  assert.deepEqual(draftsOf(storage, "here", "us-0", "two").others(), []);
  assert.deepEqual(draftsOf(storage, "there", "us-01", "one").own(), null);
});

test("a browser that keeps nothing says so and breaks nothing", () => {
  for (const storage of [null, new Full()]) {
    assert.equal(copiesOf(storage, "here").add("a", line("a", "")), false);
    assert.deepEqual(copiesOf(storage, "here").list(), []);
    const drafts = draftsOf(storage, "here", "us-01", pageOf(storage));
    assert.equal(drafts.keep("x", ""), false);
    assert.equal(drafts.own(), null);
    assert.deepEqual(drafts.others(), []);
    drafts.drop();
  }
});

test("a tab and its duplicate, or two cards of one question, take no draft from one another", () => {
  const storage = new Storage();
  draftsOf(storage, "here", "us-01", "one").keep("as it was when the tab was doubled", "");
  const [first, second] = [1, 2].map(() => draftsOf(storage, "here", "us-01", "one"));
  assert.equal(second.own().typed, first.own().typed);
  first.keep("of the first", "");
  second.keep("of the second", "");
  first.keep("of the first, longer", "");
  second.keep("of the second, longer", "");
  const kept = () =>
    draftsOf(storage, "here", "us-01", "three")
      .others()
      .map(({ draft }) => draft.typed)
      .sort();
  assert.deepEqual(kept(), ["of the first, longer", "of the second, longer"]);
  second.drop();
  assert.deepEqual(kept(), ["of the first, longer"]);
  first.drop();
  assert.deepEqual(kept(), []);
});

test("what is no draft and no answer is passed over", () => {
  const storage = new Storage();
  const rubbish = ["{", "7", "null", "[]", "{}", '"x"', "x".repeat(5e6), '{"a":1,"b":null,"c":{"at":{"toString":1}}}'];
  for (const [i, text] of rubbish.entries()) {
    storage.setItem(`afteach:answers:1:here:${i}`, text);
    storage.setItem(`afteach:draft:1:here:us-01:${i}`, text);
  }
  assert.deepEqual(copiesOf(storage, "here").list(), []);
  const drafts = draftsOf(storage, "here", "us-01", "0");
  assert.deepEqual([drafts.own(), drafts.others()], [null, []]);
  storage.setItem("afteach:draft:1:here:us-01:0", '{"typed":"a","sure":{"toString":1,"valueOf":1}}');
  assert.deepEqual(drafts.own(), { typed: "a", sure: "" });
  assert.equal(copiesOf(storage, "here").add("2", line("a1", "2026-05-01T10:00:00.000Z")), true);
  assert.deepEqual(copiesOf(storage, "here").list().map(idsOf), [["a1"]]);
});

test("a page keeps its name over a reload", () => {
  const session = new Storage();
  assert.equal(pageOf(session), pageOf(session));
  assert.notEqual(pageOf(session), pageOf(new Storage()));
});
