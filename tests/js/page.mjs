// As much of a page as a card needs to be laid out: elements that keep what they are given.
class Element {
  constructor(tag) {
    Object.assign(this, { tagName: tag.toUpperCase(), children: [], attributes: {}, dataset: {}, hidden: false });
    this.classList = { toggle() {} };
    if (["input", "textarea", "select"].includes(tag)) this.value = "";
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  toggleAttribute(name, on) {
    this.attributes[name] = on ? "" : undefined;
  }
  contains(other) {
    return other === this || this.children.some((child) => child.contains?.(other));
  }
  compareDocumentPosition() {
    return 0;
  }
  closest() {
    return null;
  }
  #hold(children) {
    for (const child of children) if (child instanceof Element) child.parent = this;
    return children;
  }
  prepend(...children) {
    this.children.unshift(...this.#hold(children));
  }
  append(...children) {
    this.children.push(...this.#hold(children));
  }
  replaceChildren(...children) {
    this.children = this.#hold(children);
  }
  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this);
  }
  get childElementCount() {
    return this.children.filter((child) => child instanceof Element).length;
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  addEventListener(name, act) {
    this.listeners = { ...this.listeners, [name]: act };
  }
  // By a tag, a class or both.
  querySelectorAll(selector) {
    const [, tag, name] = /^(\w*)\.?([\w-]*)$/.exec(selector) ?? [null, "none"];
    const isNamed = (one) => !name || one.attributes.class?.split(" ").includes(name);
    return this.children.flatMap((child) => child.find?.(tag) ?? []).filter(isNamed);
  }
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
  focus() {
    if (!this.hidden) globalThis.document.activeElement = this;
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.children = [text];
  }
  find(tag) {
    const own = !tag || this.tagName === tag.toUpperCase() ? [this] : [];
    return own.concat(...this.children.map((child) => child.find?.(tag) ?? []));
  }
}

// As much of a browser's storage as a card uses.
export class Storage {
  #held = new Map();
  get length() {
    return this.#held.size;
  }
  key(i) {
    return [...this.#held.keys()][i] ?? null;
  }
  getItem(key) {
    return this.#held.get(key) ?? null;
  }
  setItem(key, value) {
    this.#held.set(key, String(value));
  }
  removeItem(key) {
    this.#held.delete(key);
  }
}

export class Full extends Storage {
  setItem() {
    throw new Error("QuotaExceededError");
  }
}

globalThis.Node = { DOCUMENT_POSITION_FOLLOWING: 4 };
globalThis.document = { createElement: (tag) => new Element(tag), querySelectorAll: () => [] };

// A question as Python tells it to a card, and how it stands before anybody answered.
export const choice = {
  id: "ex-01",
  kind: "choice",
  prompt: "Who?",
  choices: [
    ["a", "Anna"],
    ["b", "Boris"],
  ],
};
export const state = {
  type: "state",
  answer: null,
  outcome: "unanswered",
  label: "",
  message: "",
  marks: {},
  saved: true,
  tries: 0,
  hints: 0,
  problems: [],
  reveal: {},
  shows: "",
  empty: true,
};

// A card, laid out on a page of its own for what Python says of its question; `hear` is a message of the kernel, `sent`
// what went to it, `leave` what a kernel does that is restarted, and `close` what a page does that shows the card no more.
export function laidOut(card, asked) {
  const root = new Element("div");
  const model = {
    get: (name) => ({ asked, scope: "here" })[name],
    on(name, act) {
      if (name === "msg:custom") root.hear = act;
      if (name === "comm_live_update") root.leave = act;
    },
    off() {},
    send: (message) => root.sent.push(message),
  };
  root.sent = [];
  root.close = card.render({ model, el: root });
  return root;
}
