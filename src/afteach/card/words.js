// What a card says of itself. Each is true of what is known when it is said, and names the next step.

export const RUN_ALL = "choose Run > Run All Cells";

const kept = (stored) =>
  stored
    ? "This browser keeps what you wrote, and the card shows it again."
    : "This browser keeps nothing: copy your answer before you go on.";

// standing: asleep (the kernel knows this card no more), cut (no line to the server), waking, busy or awake.
// unsaved: something stands here that is not on disk; sent: an answer waits for its reply; slow: it waits long.
export function standingWords({ standing, unsaved, stored, sent, slow, open, seesKernel }) {
  const verb = open ? "recorded" : "checked";
  if (standing === "asleep" && unsaved) {
    return { badge: "△ Not saved", alert: `Not saved: ${RUN_ALL}. ${kept(stored)}` };
  }
  if (standing === "asleep") return { badge: "Asleep", note: `This card is asleep. To wake it, ${RUN_ALL}.` };
  if (standing === "cut") {
    const fact = "the server of this notebook does not answer";
    const step = `When it runs again, ${RUN_ALL}.`;
    if (unsaved) return { badge: "△ Not saved", alert: `Not saved: ${fact}. ${step} ${kept(stored)}` };
    return { badge: "No connection", note: `${fact[0].toUpperCase()}${fact.slice(1)}. ${step}` };
  }
  if (sent) {
    const step = seesKernel ? "" : ` If no cell is running, ${RUN_ALL}.`;
    const alert = `Sent, not saved yet: the notebook is still at work.${step} ${kept(stored)}`;
    return { badge: open ? "Recording …" : "Checking …", alert: slow ? alert : "" };
  }
  if (standing === "waking") return { badge: unsaved ? `✎ Not ${verb} yet. Waking up …` : "Waking up …" };
  if (unsaved) return { badge: `✎ Not ${verb} yet` };
  return {};
}

export function verdictWords(message) {
  if (message.saved) return `${message.message} Saved.`;
  if (!message.problem) return message.message;
  return `${message.message} Not saved: ${message.problem}. Make room or choose another folder, then answer again.`;
}

export function stateWords(state) {
  if (!state.message || state.saved) return state.message;
  return `${state.message} Not saved yet: the disk refused it.`;
}

// Two forms on a page may not have one name.
export function formName(asked, place) {
  if (!place) return `Question ${asked.id}`;
  const again = asked.guess ? "look back" : "asked again";
  return `Question ${asked.id}, ${again}${place > 1 ? ` ${place}` : ""}`;
}

export function copyWords(count, last, locale) {
  const day = new Date(last);
  const known = !Number.isNaN(day.getTime());
  const when = known
    ? `, the last of ${day.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" })},`
    : "";
  return `${count} ${count === 1 ? "answer" : "answers"}${when} ${count === 1 ? "is" : "are"} kept in this browser and not on this server.`;
}
