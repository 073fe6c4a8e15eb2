// The question card: it asks, keeps what is not saved yet, and leaves judging and keeping answers to the kernel.
import { el, keepKeys, ownKeys, rich } from "./dom.js";
import { fieldFor, surenessFor } from "./fields.js";
import { copiesOf, draftsOf, pageOf, storageOf } from "./keep.js";
import { kindOf } from "./kinds.js";
import { lookedBack } from "./lookback.js";
import { offersIn } from "./offers.js";
import { onwardFrom } from "./onward.js";
import { openPost } from "./post.js";
import { word } from "./saying.js";
import { formName, standingWords, stateWords, verdictWords } from "./words.js";

const SLOW = 1500;
// After these the way leads on.
const DONE = ["right", "recorded"];
let counter = 0;

export function render({ model, el: root }) {
  const asked = model.get("asked");
  const scope = model.get("scope");
  const copies = copiesOf(storageOf("localStorage"), scope);
  const drafts = draftsOf(storageOf("localStorage"), scope, asked.id, pageOf(storageOf("sessionStorage")));
  const uid = `af-${asked.id}-${++counter}-${Math.random().toString(36).slice(2, 7)}`;
  const { open } = asked;

  let last = null; // the state that the kernel told last
  let verdict = ""; // what was said of the answer that is saved
  let justJudged = false; // the state that comes next is of the answer that `verdict` speaks of
  let told = ""; // what else the live region says now
  let shown = "";
  let stored = true;
  let isSlow = false;
  let slowly = 0;

  const status = el("div", { role: "status", class: "af-status" });
  const before = el("p", { class: "af-note af-before", hidden: true });
  const note = el("p", { class: "af-note af-asleep", hidden: true });
  const badge = el("strong", { class: "af-badge af-word" });
  const why = el("p", { id: `${uid}-why`, role: "status", class: "af-note af-why" });
  const field = fieldFor(asked, uid, edit, say, (message) => post.send(message));
  const sure = surenessFor(asked, uid, edit);
  const blank = field.same(field.typed());
  let saved = blank; // what would stand in the field if it were the saved answer
  let restored = false; // whether a draft of before stands in the field

  const submit = el(
    "button",
    { type: "submit", class: "af-main" },
    word(asked.brief ? "record_next" : open ? "record" : "check"),
  );
  submit.setAttribute("aria-describedby", why.id);
  const hint = el("button", { type: "button", onclick: () => request("hint") }, word("hint"));
  const look = el("button", { type: "button", hidden: true, "aria-expanded": "false", onclick: toggle }, word("look"));
  const solve = el("button", { type: "button", hidden: true, onclick: () => request("solution") }, word("solution"));
  const showMe = el("button", { type: "button", hidden: true, onclick: () => request("shows") }, word("show_me"));
  const discard = el("button", { type: "button", hidden: true, onclick: forget }, word("discard"));
  const rows = el("div", {
    class: "af-evidence",
    hidden: true,
    tabindex: "-1",
    role: "group",
    "aria-label": word("evidence_for", { id: asked.id }),
  });
  const buttons = el("div", { class: "af-buttons" }, hint, look, solve, showMe, discard);
  const offer = el("div", { class: "af-offer", hidden: true, role: "group", "aria-label": word("kept_here") });
  const extra = el("div", { class: "af-extra", role: "status" });
  const back = el("div", { class: "af-look-back", role: "status" });
  const shows = el("div", { class: "af-shows", role: "status", tabindex: "-1" });
  const reveal = el("div", { class: "af-reveal", role: "status" });

  const offers = offersIn(offer, scope, () => field.first() ?? submit);
  const sign = el("span", { class: "af-sign", "aria-hidden": "true" });
  const strip = el(
    "div",
    { class: "af-strip" },
    sign,
    badge,
    el("span", { class: "af-id" }, asked.brief ? "" : asked.id),
  );

  const legend = el("legend", {}, rich(el("span"), asked.prompt));
  const { howTo } = kindOf(asked);
  const form = el(
    "form",
    {
      class: "af-card",
      lang: asked.lang,
      dir: asked.dir,
      novalidate: true,
      "data-question": asked.id,
      "aria-label": formName(asked, 0),
    },
    strip,
    offer,
    el("fieldset", { class: "af-set" }, legend, howTo ? el("p", { class: "af-note" }, howTo()) : null, ...field.nodes),
    sure.node,
    buttons,
    why,
    note,
    before,
    status,
    extra,
    back,
    reveal,
    shows,
    rows,
  );
  const onward = onwardFrom(form, asked);
  buttons.prepend(...(asked.inCell ? [] : [submit]), onward.button);

  const post = openPost(model, { received: receive, changed: () => redraw() });

  const edited = () => field.same(field.typed()) !== saved;
  // A draft may be of before the question was another, and says nothing here then.
  const fits = (draft) => field.same(draft.typed) !== blank;

  function say(text) {
    told = text;
    redraw();
  }

  function edit() {
    told = "";
    restored = false;
    // An answer that the disk refused is nowhere else for long.
    if (edited() || last?.saved === false) stored = drafts.keep(field.typed(), sure.get());
    else drafts.drop();
    redraw();
  }

  function redraw() {
    const sent = post.waits("answer");
    const unsaved = edited() || Boolean(sent);
    const words = standingWords({
      standing: post.standing(),
      unsaved,
      stored,
      sent: Boolean(sent),
      slow: isSlow,
      open,
      seesKernel: post.seesKernel(),
    });
    badge.textContent = words.badge ?? last?.badge ?? "";
    const fresh = !unsaved && !words.note;
    if (fresh && last) form.dataset.outcome = last.outcome;
    else delete form.dataset.outcome;
    form.toggleAttribute("data-alarm", Boolean(words.alert));
    field.mark?.(fresh && last ? last.marks : {});
    const text = words.alert || told || (fresh ? verdict : "");
    if (text !== shown) rich(status, text);
    shown = text;
    before.hidden = fresh || !verdict;
    if (!before.hidden) rich(before, word("before", { verdict }));
    // What is said aloud is not written a second time.
    note.hidden = !words.note || words.note === told;
    note.textContent = words.note ?? "";
    offers.wait(Boolean(post.waits("restore")));
    discard.hidden = !(restored && edited()) || Boolean(sent);
    const lacks = field.lacks();
    submit.setAttribute("aria-disabled", String(Boolean(lacks || sent)));
    // Whoever has just sent the answer stands on the button that leads on.
    const stood = document.activeElement === submit;
    submit.hidden = onward.redraw(fresh && DONE.includes(last?.outcome));
    if (submit.hidden && stood) onward.button.focus();
    if (why.textContent !== lacks) why.textContent = lacks;
  }

  function request(type, more = {}) {
    // One at a time: a second click would take a second hint, or be a second try.
    if (!post.waits(type)) post.send({ type, ...more });
    if (post.standing() === "asleep" && !edited()) say(note.textContent);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (post.waits("answer")) return;
    const lacks = field.lacks();
    if (lacks) {
      // Said again, since it stood there before.
      why.textContent = "";
      setTimeout(redraw, 50);
      field.first()?.focus();
      return;
    }
    told = "";
    verdict = edited() ? verdict : "";
    stored = drafts.keep(field.typed(), sure.get());
    isSlow = false;
    clearTimeout(slowly);
    slowly = setTimeout(() => {
      isSlow = true;
      redraw();
    }, SLOW);
    post.send({ type: "answer", answer: field.answer(), sure: sure.get() }, field.same(field.typed()));
  });
  keepKeys(form, root);

  // Whoever comes from another card or from the bar stands where one begins.
  form.addEventListener("af-enter", () => {
    const begin = field.first() ?? Array.from(buttons.children).find((one) => !one.hidden);
    begin?.focus({ preventScroll: true });
  });

  function forget() {
    drafts.drop();
    field.retype(field.typedOf(last?.answer));
    sure.set("");
    restored = false;
    told = "";
    redraw();
    submit.focus();
  }

  function toggle() {
    if (rows.hidden) return request("evidence");
    rows.hidden = true;
    look.setAttribute("aria-expanded", "false");
  }

  function showEvidence(markup) {
    // Python wrote it and escaped every text in it.
    rows.innerHTML = markup;
    for (const link of rows.querySelectorAll("a")) ownKeys(link);
    rows.hidden = false;
    look.setAttribute("aria-expanded", "true");
    rows.focus();
  }

  // What the answer teaches comes with the answer, and no earlier.
  function showTaught(text) {
    const parts = text ? [el("h4", {}, word("shows")), ...text.split("\n\n").map((part) => rich(el("p"), part))] : [];
    if (Boolean(text) !== Boolean(shows.childElementCount)) shows.replaceChildren(...parts);
  }

  function bringBack(draft) {
    field.retype(draft.typed);
    sure.set(draft.sure);
    restored = true;
  }

  // Gives the draft that stood here, which is kept in the place of the other one.
  function show(key, draft) {
    const before = edited() ? { typed: field.typed(), sure: sure.get() } : null;
    bringBack(draft);
    stored = drafts.keep(draft.typed, draft.sure);
    if (before) drafts.put(key, before);
    else if (stored) drafts.remove(key);
    say(word("draft_shown", { button: submit.textContent }));
    return before;
  }

  function showState(state) {
    const first = !last;
    const mine = edited();
    last = state;
    last.badge = state.changed
      ? word("changed")
      : state.tries > 1 && !open
        ? word("tries", { label: state.label, count: state.tries })
        : state.label;
    const typed = field.typedOf(state.answer);
    saved = field.same(typed);
    if (!mine && edited()) field.retype(typed);
    const draft = drafts.own();
    if (draft && fits(draft) && state.saved && field.same(draft.typed) === saved) drafts.drop();
    else if (first && restored) told = word("draft_back", { button: submit.textContent });
    hint.textContent = state.hints > 0 ? word("hint_left", { count: state.hints }) : word("hint_again");
    hint.hidden = !state.hasHints;
    look.hidden = !state.evidence;
    solve.hidden = !state.solution;
    // Whoever asked to see it stands at what is shown: the button is gone.
    const asking = document.activeElement === showMe;
    showMe.hidden = !state.mayShow;
    showTaught(state.shows);
    if (asking && showMe.hidden) shows.focus({ preventScroll: true });
    field.told?.(state);
    reveal.replaceChildren(...(field.reveal?.(state.reveal) ?? []));
    if (state.problems.length) rich(extra, state.problems.join(" "));
    const place = nameForms();
    if (asked.guess && place > 0 && state.answer != null) request("look_back");
    if (!first) return;
    const restore = (lines, done) => post.waits("restore") ?? post.send({ type: "restore", lines }, done);
    offers.copies(copies, { isEmpty: state.empty, restore, deleted: () => say(word("copy_deleted")) });
    const isKept = (one) => state.saved && field.same(one.typed) === saved;
    offers.drafts(drafts, { fits, isKept, show });
  }

  function nameForms() {
    const forms = [...document.querySelectorAll("form.af-card")];
    const alike = forms.filter((one) => one.dataset.question === asked.id);
    for (const [place, one] of alike.entries()) one.setAttribute("aria-label", formName(asked, place));
    return alike.indexOf(form);
  }

  function receive(message, sent, lost) {
    if (message.type === "state") {
      // An answer may have been typed in a cell or given on another card of the question.
      const another = !last || last.tries !== message.tries;
      if ((another && !justJudged) || !verdict) verdict = stateWords(message);
      justJudged = false;
      showState(message);
    } else if (message.type === "verdict") {
      const words = verdictWords(message);
      if (message.line) copies.add(message.log, message.line);
      if (message.saved) {
        verdict = words;
        told = "";
        justJudged = true;
        // Which rows fit comes with the state.
        if (last) last = { ...last, outcome: message.outcome, badge: message.label, marks: {} };
        if (sent && sent.local === field.same(field.typed())) {
          drafts.drop();
          saved = sent.local;
        }
      } else told = words;
    } else if (message.type === "hint") rich(extra, word("hint_says", { text: message.text }));
    else if (message.type === "solution") rich(extra, message.text);
    else if (message.type === "look_back") back.replaceChildren(lookedBack(message.rows));
    else if (message.type === "evidence") showEvidence(message.html);
    else if (message.type === "opened") field.opened?.(message.rows);
    else if (message.type === "found") field.found?.(message.rows);
    else if (message.type === "notice") told = message.text;
    if (sent?.type === "restore") sent.local();
    if (lost.some((one) => one.type === "answer")) told = word("lost", { button: submit.textContent });
  }

  const draft = drafts.own();
  if (draft && fits(draft)) bringBack(draft);
  root.append(form);
  post.send({ type: "hello" });
  return () => {
    // What is under way comes back without this card.
    post.waits("restore")?.local();
    offers.close();
    post.close();
  };
}

export default { render };
