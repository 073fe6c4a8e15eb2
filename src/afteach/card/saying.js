// The words of the card. Python fills the table from words.toml, or from a workbook's own words.
export const table = {};

// The text of a key with its values filled in; of two texts the one that fits the number n.
export function word(key, values = {}) {
  const entry = table[key] ?? key;
  const text = typeof entry === "string" ? entry : values.n === 1 ? entry.one : entry.other;
  return text.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
}
