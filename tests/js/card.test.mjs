// What a card says while the kernel's messages come in, in the order in which they come.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.mjs";
import card from "../../src/afteach/card/card.js";
import { choice as asked, laidOut, state } from "./page.mjs";
import "../../src/afteach/card/kinds/choice.js";
import "../../src/afteach/card/kinds/value.js";

const chosen = { ...state, answer: "a", outcome: "right", label: "Right", message: "Right. She did.", tries: 1 };
const judged = { type: "verdict", outcome: "right", label: "Right", message: "Right. She did.", saved: true };

function answered(root) {
  const [form] = root.find("form");
  root.hear({ ...state, re: 1 });
  root.find("input")[0].checked = true;
  form.listeners.submit({ preventDefault() {} });
  const part = (tag, name) => root.find(tag).find((one) => one.attributes.class?.split(" ").includes(name)).textContent;
  return { form, status: () => part("div", "af-status"), badge: () => part("strong", "af-badge") };
}

test("the verdict stands as soon as it comes, and the state after it takes no word of it away", (t) => {
  t.mock.timers.enable();
  const root = laidOut(card, asked);
  const { form, status, badge } = answered(root);
  root.hear({ ...judged, re: 2 });
  const said = [badge(), form.dataset.outcome, status()];
  assert.deepEqual(said, ["Right", "right", "Right. She did. Saved."]);
  root.hear(chosen);
  assert.deepEqual([badge(), form.dataset.outcome, status()], said);
});

test("an answer that was given elsewhere is what the card speaks of next", (t) => {
  t.mock.timers.enable();
  const root = laidOut(card, asked);
  const { status, badge } = answered(root);
  root.hear({ ...judged, re: 2 });
  root.hear(chosen);
  root.hear({
    ...chosen,
    answer: "b",
    outcome: "not yet",
    label: "Not yet",
    message: "Not yet. Look again.",
    tries: 2,
  });
  assert.equal(status(), "Not yet. Look again.");
  assert.match(badge(), /^Not yet/);
});

test("whoever comes to a card stands at its field, or where it has none at its first button that is there", () => {
  for (const [one, expected] of [
    [asked, "INPUT"],
    [{ ...asked, kind: "value", inCell: true }, "Hint"],
  ]) {
    const [form] = laidOut(card, one).find("form");
    document.activeElement = null;
    form.listeners["af-enter"]();
    const { tagName, textContent } = document.activeElement;
    assert.ok([tagName, textContent].includes(expected), `${tagName} ${textContent}`);
  }
});

test("whoever asks to see what is shown stands at it once the button is gone", () => {
  const root = laidOut(card, asked);
  root.hear({ ...state, re: 1, mayShow: true });
  document.activeElement = root.find("button").find((one) => one.textContent === "Show me");
  root.hear({ ...state, mayShow: false, shows: "She came." });
  assert.equal(document.activeElement.textContent, "What this showsShe came.");
});

test("a card that is asleep says so once, before and after a button is pressed", () => {
  const root = laidOut(card, asked);
  root.hear({ ...state, re: 1, hasHints: true });
  root.leave();
  const said = () =>
    [...root.find("p"), ...root.find("div")]
      .filter((one) => !one.hidden && /af-asleep|af-status/.test(one.attributes.class))
      .map((one) => one.textContent)
      .join("");
  assert.match(said(), /^This card is asleep[^!]*$/);
  const before = said();
  root
    .find("button")
    .find((one) => one.textContent.startsWith("Hint"))
    .listeners.click();
  assert.equal(said(), before);
});
