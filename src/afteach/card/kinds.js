// What an answer of each kind is: as typed, as sent, and what is still lacking. No page is needed to know that.

const plain = (value) => (typeof value === "object" && value !== null ? value.value : value);
const asText = (answer) => (plain(answer) == null ? "" : String(plain(answer)));
const ids = (choices) => choices.map(([id]) => id);

// As Python counts them: one for each character, however many units it takes.
export function letters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function tooLong(text, most) {
  if (!most || text.length <= most || letters(text) <= most) return "";
  const over = letters(text) - most;
  return `This is ${letters(text).toLocaleString("en")} letters long; at most ${most.toLocaleString("en")} are kept. Shorten it by ${over.toLocaleString("en")}.`;
}

// A whole number of per cent, or what to write instead.
export function readPercent(typed) {
  const text = typed
    .trim()
    .replace(/\s*(%|per ?cent)$/i, "")
    .replace(",", ".")
    .trim();
  if (!text) return { value: null, lacks: "Set a number of per cent first." };
  if (/^\d+(\.0+)?$/.test(text) && Number(text) <= 100) return { value: Number(text), lacks: "" };
  if (/^0?\.\d+$/.test(text)) {
    const meant = Math.round(Number(text) * 100);
    return { value: null, lacks: `Write whole per cent: for ${text} of 1 write ${meant}.` };
  }
  return { value: null, lacks: "Write a whole number from 0 to 100, in per cent." };
}

const blank = (reason) => (typed) => (typed.trim() ? "" : reason);

export const KINDS = {
  choice: {
    typedOf: (answer, asked) => (ids(asked.choices).includes(answer) ? answer : ""),
    answerOf: (typed) => typed || null,
    lacks: (typed) => (typed ? "" : "Choose an answer first."),
  },
  many: {
    typedOf: (answer, asked) => ids(asked.choices).filter((id) => [].concat(answer ?? []).includes(id)),
    answerOf: (typed) => typed,
    lacks: (typed) => (typed.length ? "" : "Tick at least one first."),
  },
  // Lines that nobody has moved are no answer.
  order: {
    typedOf(answer, asked) {
      const known = ids(asked.choices);
      const whole = Array.isArray(answer) && answer.length === known.length && known.every((id) => answer.includes(id));
      return whole ? answer : null;
    },
    answerOf: (typed) => typed,
    lacks: (typed) => (typed ? "" : "Move a line first. If the order is right as it stands, move one there and back."),
  },
  match: {
    typedOf(answer, asked) {
      const given = answer && typeof answer === "object" ? answer : {};
      const pairs = ids(asked.left).map((id) => [id, given[id]]);
      return Object.fromEntries(pairs.filter(([, value]) => ids(asked.right).includes(value)));
    },
    answerOf: (typed) => typed,
    lacks: (typed, asked) => (ids(asked.left).every((id) => typed[id]) ? "" : "Choose one for each first."),
  },
  number: {
    typedOf: asText,
    answerOf: (typed, asked) => ({ value: typed.trim(), unit: asked.unit || "" }),
    lacks: blank("Write a number first."),
  },
  text: {
    typedOf: asText,
    answerOf: (typed) => typed,
    lacks: (typed, asked) => blank("Write an answer first.")(typed) || tooLong(typed, asked.most),
  },
  reflect: {
    typedOf: asText,
    answerOf: (typed) => typed,
    lacks: (typed, asked) => blank("Write something first.")(typed) || tooLong(typed, asked.most),
  },
  // The log holds a share of 1; whoever reads or writes on the card does so in per cent.
  forecast: {
    typedOf: (answer) => (typeof answer === "number" ? String(Number((answer * 100).toFixed(6))) : ""),
    answerOf: (typed) => readPercent(typed).value / 100,
    lacks: (typed) => readPercent(typed).lacks,
  },
  value: { typedOf: () => "", answerOf: () => null, lacks: () => "" },
};

export function kindOf(asked) {
  return KINDS[asked.kind] ?? KINDS.value;
}

// One text for all that would be sent as one answer, so that two can be compared.
export function sameAnswer(asked, typed) {
  const kind = kindOf(asked);
  if (kind.lacks(typed, asked)) return JSON.stringify({ typed });
  return JSON.stringify(kind.typedOf(kind.answerOf(typed, asked), asked));
}
