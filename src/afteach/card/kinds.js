import { word } from "./saying.js";

// The kinds of question. Each module of kinds/ adds its own:
// field(asked, uid, changed, say, send) gives the nodes, what is typed in them, how to type it again, and where to begin;
// where it asks the kernel for more, also what to do with the replies opened(rows) and found(rows), with what is told(state),
// and reveal(shown), the nodes beside a solution;
// typedOf(answer, asked) what stands in the field for an answer as logged; answerOf(typed, asked) what is sent;
// lacks(typed, asked) what to do first, in words, or nothing. And, where it has them: howTo(), a line above the field;
// written, where what is typed is one text; sureness(uid), what it asks instead of how sure one is.
export const kinds = {};

const plain = (value) => (typeof value === "object" && value !== null ? value.value : value);
export const asText = (answer) => (["string", "number"].includes(typeof plain(answer)) ? String(plain(answer)) : "");
export const ids = (choices) => choices.map(([id]) => id);
export const textOf = (typed) => (typeof typed === "string" ? typed : "");

// As Python counts them: one for each character, however many units it takes.
export function letters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function tooLong(text, most) {
  if (!most || text.length <= most || letters(text) <= most) return "";
  const over = letters(text) - most;
  const [long, kept, much] = [letters(text), most, over].map((count) => count.toLocaleString("en"));
  return word("too_long", { letters: long, most: kept, over: much });
}

export const blank = (key) => (typed) => (typed.trim() ? "" : word(key));

export function kindOf(asked) {
  return kinds[asked.kind] ?? kinds.value;
}

// One text for all that would be sent as one answer, so that two can be compared.
export function sameAnswer(asked, typed) {
  const kind = kindOf(asked);
  if (kind.lacks(typed, asked)) return JSON.stringify({ typed });
  return JSON.stringify(kind.typedOf(kind.answerOf(typed, asked), asked));
}
