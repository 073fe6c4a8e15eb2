// What this browser keeps: copies of answers, for a server that lost its disk, and drafts that are not saved yet.
// Whatever lies there may be of another edition, torn, or nobody's work at all: what does not fit is passed over.

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

function textAt(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function read(storage, key) {
  try {
    const found = JSON.parse(textAt(storage, key));
    return found && typeof found === "object" && !Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}

function write(storage, key, text) {
  try {
    storage.setItem(key, text);
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

const isAnswer = (line) => ["id", "at"].every((name) => typeof line?.[name] === "string");

// One copy for each log of answers, named by the log's first answer: answers of two people never join, and a log that
// was brought back goes on in the copy it came from.
export function copiesOf(storage, scope) {
  const prefix = `${COPIES}:${scope}`;
  return {
    add(log, line) {
      try {
        const entry = JSON.parse(line);
        const key = `${prefix}:${log || entry.id}`;
        return write(storage, key, JSON.stringify({ ...read(storage, key), [entry.id]: entry }));
      } catch {
        return false;
      }
    },
    // The latest first.
    list() {
      return keysUnder(storage, prefix)
        .map((key) => {
          const lines = Object.values(read(storage, key) ?? {}).filter(isAnswer);
          const days = lines.map((line) => line.at).sort();
          return { key, lines, last: days.at(-1) };
        })
        .filter(({ lines }) => lines.length)
        .sort((one, other) => (one.last < other.last ? 1 : -1));
    },
    remove: (key) => remove(storage, key),
  };
}

const newName = () => Math.random().toString(36).slice(2, 12);

// Which page this is: what was typed here comes back by itself, what was typed elsewhere is offered.
export function pageOf(session) {
  const key = "afteach:page";
  const made = newName();
  try {
    const found = session.getItem(key);
    if (found) return found;
    session.setItem(key, made);
  } catch {
    // Without storage a page is new each time.
  }
  return made;
}

// A draft as it was kept, or nothing.
function draftAt(storage, key) {
  const found = read(storage, key);
  if (!found || !("typed" in found)) return null;
  return { typed: found.typed, sure: typeof found.sure === "string" ? found.sure : "" };
}

const written = (typed, sure) => JSON.stringify({ typed, sure, at: new Date().toISOString() });

// One draft for each question and page, as typed. Two may write as one page: a tab and its duplicate, or a question's two
// cards. Whoever comes second keeps a draft of its own.
export function draftsOf(storage, scope, question, page) {
  const prefix = `${DRAFTS}:${scope}:${question}`;
  let own = `${prefix}:${page}`;
  let known = textAt(storage, own);
  const isOthers = () => ![known, null].includes(textAt(storage, own));
  return {
    own: () => draftAt(storage, own),
    keep(typed, sure) {
      const text = written(typed, sure);
      if (isOthers()) own = `${prefix}:${newName()}`;
      const isKept = write(storage, own, text);
      if (isKept) known = text;
      return isKept;
    },
    drop() {
      if (!isOthers()) remove(storage, own);
    },
    others() {
      return keysUnder(storage, prefix)
        .filter((key) => key !== own)
        .map((key) => ({ key, draft: draftAt(storage, key) }))
        .filter(({ draft }) => draft);
    },
    put: (key, { typed, sure }) => write(storage, key, written(typed, sure)),
    remove: (key) => remove(storage, key),
  };
}
