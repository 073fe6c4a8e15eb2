// The card's part of every kind there is, so that each is known; and their names.
import { readdirSync } from "node:fs";

const room = new URL("../../src/afteach/card/kinds/", import.meta.url);
const files = readdirSync(room).filter((one) => one.endsWith(".js"));
for (const one of files) await import(new URL(one, room));

export const names = files.map((one) => one.slice(0, -3));
