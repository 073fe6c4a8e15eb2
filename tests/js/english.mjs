// The card's English words for the tests, read from the table that Python reads.
import { readFileSync } from "node:fs";
import { table } from "../../src/afteach/card/saying.js";

const lines = readFileSync(new URL("../../src/afteach/words.toml", import.meta.url), "utf8").split("\n");
const own = lines.slice(lines.indexOf("[card]") + 1);
const text = (written) => (written.startsWith("'") ? written.slice(1, -1) : JSON.parse(written));

for (const [, key, written] of own.map((line) => /^(\w+) = (.*)$/.exec(line)).filter(Boolean)) {
  const pair = /^\{one = (".*"), other = (".*")\}$/.exec(written);
  table[key] = pair ? { one: text(pair[1]), other: text(pair[2]) } : text(written);
}
