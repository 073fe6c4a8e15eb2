// The measure: an offer, then one statement after the other, each on a card of its own, and at the end what they say.
import { render } from "./card.js";
import { el } from "./dom.js";
import { copiesOf, storageOf } from "./keep.js";
import { word } from "./saying.js";

function renderMeasure({ model, el: root }) {
  let close = null;
  const box = el("section", { class: "af-measure" });

  function begin(button) {
    button.setAttribute("aria-disabled", "true");
    try {
      model.send({ type: "begin" });
    } catch {
      box.querySelector(".af-note").textContent = word("asleep_note");
    }
  }

  function offer(stage) {
    const button = el("button", { type: "button", class: "af-main" }, stage.begin);
    button.addEventListener("click", () => begin(button));
    const note = el("p", { role: "status", class: "af-note" });
    return el("div", { class: "af-card" }, el("h4", {}, stage.label), el("p", {}, stage.words), button, note);
  }

  function told(stage) {
    const words = el("p", { role: "status", tabindex: "-1" }, stage.words);
    const node = el("div", { class: "af-card" }, el("h4", {}, stage.label), words);
    if (!stage.report) return node;
    const report = el("div", { class: "af-measure-report" });
    // Python wrote it and escaped every text in it.
    report.innerHTML = stage.report;
    node.append(report);
    return node;
  }

  function statement(stage) {
    const heading = el("h4", { class: "af-place", tabindex: "-1" }, stage.place);
    const place = el("div", {});
    box.replaceChildren(heading, place);
    close = render({ model, el: place });
  }

  function draw() {
    const stage = model.get("stage");
    const stood = box.contains(document.activeElement);
    close?.();
    close = null;
    box.setAttribute("lang", stage.lang);
    box.setAttribute("dir", stage.dir);
    box.setAttribute("aria-label", stage.label);
    if (stage.place) statement(stage);
    else box.replaceChildren(stage.begin ? offer(stage) : told(stage));
    // Whoever has just rated one stands at the head of the next.
    if (!stood) return;
    const head = box.querySelector("[tabindex='-1']");
    head?.focus({ preventScroll: true });
    head?.scrollIntoView({ block: "nearest" });
  }

  function receive(message) {
    if (message?.type !== "begun") return;
    copiesOf(storageOf("localStorage"), model.get("scope")).add(message.log, message.line);
  }

  root.append(box);
  model.on("change:stage", draw);
  model.on("msg:custom", receive);
  draw();
  return () => {
    close?.();
    model.off("change:stage", draw);
    model.off("msg:custom", receive);
  };
}

export default { render: renderMeasure };
