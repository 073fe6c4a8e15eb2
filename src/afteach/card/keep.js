// What this browser keeps: copies of answers, for a server that lost its disk, and drafts that are not saved yet.

const COPIES = "afteach:answers:1";
const DRAFTS = "afteach:draft:1";

// A browser may forbid storage, and then the mere mention of it throws.
export function storageOf(name) {
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}

function read(storage, key) {
  try {
    const found = JSON.parse(storage.getItem(key));
    return found && typeof found === "object" && !Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function remove(storage, key) {
  try {
    storage.removeItem(key);
  } catch {
    // What cannot be written cannot be kept either.
  }
}

function keysUnder(storage, prefix) {
  try {
    return Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter(
      (key) => key === prefix || key.startsWith(`${prefix}:`),
    );
  } catch {
    return [];
  }
}

// One copy for each log of answers, named by the log's first answer: answers of two people never join, and a log that
// was brought back goes on in the copy it came from.
export function copiesOf(storage, scope) {
  const prefix = `${COPIES}:${scope}`;
  return {
    add(log, line) {
      try {
        const entry = JSON.parse(line);
        const key = `${prefix}:${log || entry.id}`;
        return write(storage, key, { ...read(storage, key), [entry.id]: entry });
      } catch {
        return false;
      }
    },
    // The latest first.
    list() {
      return keysUnder(storage, prefix)
        .map((key) => {
          const lines = Object.values(read(storage, key) ?? {});
          return {
            key,
            lines,
            last: lines
              .map((line) => String(line?.at ?? ""))
              .sort()
              .at(-1),
          };
        })
        .filter(({ lines }) => lines.length)
        .sort((one, other) => (one.last < other.last ? 1 : -1));
    },
    remove: (key) => remove(storage, key),
  };
}

// Which page this is: what was typed here comes back by itself, what was typed elsewhere is offered.
export function pageOf(session) {
  const key = "afteach:page";
  const made = Math.random().toString(36).slice(2, 12);
  try {
    const found = session.getItem(key);
    if (found) return found;
    session.setItem(key, made);
  } catch {
    // Without storage a page is new each time.
  }
  return made;
}

// One draft for each question and page, as typed.
export function draftsOf(storage, scope, question, page) {
  const prefix = `${DRAFTS}:${scope}:${question}`;
  const own = `${prefix}:${page}`;
  return {
    own: () => read(storage, own),
    keep: (typed, sure) => write(storage, own, { typed, sure, at: new Date().toISOString() }),
    drop: () => remove(storage, own),
    others() {
      return keysUnder(storage, prefix)
        .filter((key) => key !== own)
        .map((key) => ({ key, draft: read(storage, key) }))
        .filter(({ draft }) => draft && "typed" in draft);
    },
    remove: (key) => remove(storage, key),
  };
}
