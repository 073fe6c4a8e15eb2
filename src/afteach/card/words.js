// What a card says of itself. Each is true of what is known when it is said, and names the next step.
import { word } from "./saying.js";

// standing: asleep (the kernel knows this card no more), cut (no line to the server), waking, busy or awake.
// unsaved: something stands here that is not on disk; sent: an answer waits for its reply; slow: it waits long.
export function standingWords({ standing, unsaved, stored, sent, slow, open, seesKernel }) {
  const kept = word(stored ? "kept" : "not_kept");
  if (standing === "asleep" || standing === "cut") {
    if (unsaved) return { badge: word("unsaved"), alert: word(`unsaved_${standing}`, { kept }) };
    return { badge: word(standing), note: word(`${standing}_note`) };
  }
  if (sent) {
    const alert = slow ? word(seesKernel ? "sent" : "sent_unseen", { kept }) : "";
    return { badge: word(open ? "recording" : "checking"), alert };
  }
  const still = open ? "not_recorded" : "not_checked";
  if (standing === "waking") return { badge: word(unsaved ? `${still}_waking` : "waking") };
  return unsaved ? { badge: word(still) } : {};
}

export function verdictWords(message) {
  if (message.saved) return [message.message, word("saved")].join(" ");
  if (!message.problem) return message.message;
  return [message.message, word("not_saved", { problem: message.problem })].join(" ");
}

export function stateWords(state) {
  if (!state.message || state.saved) return state.message;
  return [state.message, word("refused")].join(" ");
}

// Two forms on a page may not have one name.
export function formName(asked, place) {
  if (asked.brief) return word("statement_form");
  if (!place) return word("question", { id: asked.id });
  const again = asked.guess ? "look_back" : "asked_again";
  return word(place > 1 ? `${again}_more` : again, { id: asked.id, place });
}

export function copyWords(count, last, locale) {
  const day = new Date(last);
  if (Number.isNaN(day.getTime())) return word("copy", { n: count });
  const written = day.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
  return word("copy_dated", { n: count, day: written });
}
