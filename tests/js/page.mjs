// As much of a page as a card needs to be laid out: elements that keep what they are given.
class Element {
  constructor(tag) {
    Object.assign(this, { tagName: tag.toUpperCase(), children: [], attributes: {}, dataset: {}, hidden: false });
    this.classList = { toggle() {} };
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  toggleAttribute(name, on) {
    this.attributes[name] = on ? "" : undefined;
  }
  compareDocumentPosition() {
    return 0;
  }
  closest() {
    return null;
  }
  prepend(...children) {
    this.children.unshift(...children);
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  addEventListener(name, act) {
    this.listeners = { ...this.listeners, [name]: act };
  }
  querySelectorAll() {
    return [];
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
    const own = this.tagName === tag.toUpperCase() ? [this] : [];
    return own.concat(...this.children.map((child) => child.find?.(tag) ?? []));
  }
}

globalThis.Node = { DOCUMENT_POSITION_FOLLOWING: 4 };
globalThis.document = { createElement: (tag) => new Element(tag), querySelectorAll: () => [] };

// A card, laid out on a page of its own for what Python says of its question; `hear` is a message of the kernel, and
// `leave` what a kernel does that is restarted.
export function laidOut(card, asked) {
  const root = new Element("div");
  const model = {
    get: (name) => ({ asked, scope: "here" })[name],
    on(name, act) {
      if (name === "msg:custom") root.hear = act;
      if (name === "comm_live_update") root.leave = act;
    },
    off() {},
    send() {},
  };
  card.render({ model, el: root });
  return root;
}
