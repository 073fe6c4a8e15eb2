// A guess asked again: what was guessed first beside what the record has.
import { el, rich } from "./dom.js";
import { word } from "./saying.js";

export function lookedBack(rows) {
  // Of some guesses no record says which is right; then only the guess is shown.
  const known = rows.some(([, , recorded]) => recorded);
  const sign = (is, key) => el("td", {}, is ? el("span", { class: `af-pin af-${key}` }, word(key)) : "");
  const lines = rows.map(([text, guessed, recorded]) =>
    el(
      "tr",
      { class: guessed || recorded ? "af-is" : false },
      rich(el("th", { scope: "row" }), text),
      sign(guessed, "first_guess"),
      known ? sign(recorded, "the_record") : null,
    ),
  );
  return el("table", {}, el("caption", {}, word("looked_back")), el("tbody", {}, ...lines));
}
