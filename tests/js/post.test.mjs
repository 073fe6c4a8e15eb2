import assert from "node:assert/strict";
import test from "node:test";
import { openPost } from "../../src/afteach/card/post.js";

class Signal {
  slots = new Set();
  connect = (slot) => this.slots.add(slot);
  disconnect = (slot) => this.slots.delete(slot);
  emit(value) {
    for (const slot of this.slots) slot(null, value);
  }
}

function desk({ kernel } = {}) {
  const heard = new Map();
  const told = [];
  const timers = [];
  const model = {
    widget_manager: { kernel },
    sent: [],
    broken: false,
    on: (name, act) => heard.set(name, act),
    off: (name) => heard.delete(name),
    send(message, callbacks) {
      if (model.broken) throw new Error("Cannot send");
      model.sent.push({ message, done: () => callbacks.iopub.status({ content: { execution_state: "idle" } }) });
    },
  };
  const post = openPost(model, {
    received: (message, sent, lost) => told.push({ message, sent, lost: lost.map((one) => one.type) }),
    changed() {},
    later: (act) => timers.push(act),
  });
  return {
    post,
    model,
    told,
    heard,
    reply: (message) => heard.get("msg:custom")(message),
    wait: () => timers.splice(0).forEach((act) => void act()),
  };
}

function kernel() {
  return {
    status: "idle",
    connectionStatus: "connected",
    statusChanged: new Signal(),
    connectionStatusChanged: new Signal(),
    disposed: new Signal(),
  };
}

test("each message has a number, and only its own reply ends its waiting", () => {
  const { post, model, told, reply } = desk({ kernel: kernel() });
  post.send({ type: "hello" });
  post.send({ type: "answer", answer: "a" }, "local");
  assert.deepEqual(
    model.sent.map(({ message }) => message),
    [
      { type: "hello", n: 1 },
      { type: "answer", answer: "a", n: 2 },
    ],
  );
  assert.equal(post.standing(), "waking");
  reply({ type: "state" });
  reply({ type: "state", re: 1 });
  assert.ok(post.waits("answer"));
  assert.equal(post.standing(), "awake");
  reply({ type: "verdict", re: 2 });
  assert.equal(post.waits("answer"), undefined);
  assert.equal(told.at(-1).sent.local, "local");
});

test("a kernel that is busy or starting is no alarm, however long it takes", () => {
  const home = kernel();
  const { post, wait } = desk({ kernel: home });
  post.send({ type: "hello" });
  for (const status of ["starting", "busy", "idle", "unknown"]) {
    home.status = status;
    home.statusChanged.emit(status);
    wait();
    assert.equal(post.standing(), "waking");
  }
});

for (const status of ["restarting", "autorestarting", "terminating", "dead"]) {
  test(`a kernel that is ${status} knows this card no more`, () => {
    const home = kernel();
    const { post, reply } = desk({ kernel: home });
    post.send({ type: "hello" });
    reply({ type: "state", re: 1 });
    post.send({ type: "answer" });
    home.statusChanged.emit(status);
    assert.equal(post.standing(), "asleep");
    home.statusChanged.emit("idle");
    assert.equal(post.standing(), "asleep");
    assert.equal(post.send({ type: "answer" }), false);
  });
}

test("a send that throws, a closed channel, a kernel that is thrown away or was never there: asleep", () => {
  const one = desk({ kernel: kernel() });
  one.model.broken = true;
  assert.equal(one.post.send({ type: "answer" }), false);
  assert.equal(one.post.standing(), "asleep");
  for (const name of ["comm_live_update", "comm:close"]) {
    const other = desk({ kernel: kernel() });
    other.heard.get(name)();
    assert.equal(other.post.standing(), "asleep");
  }
  const home = kernel();
  const third = desk({ kernel: home });
  home.disposed.emit();
  assert.equal(third.post.standing(), "asleep");
  assert.equal(desk({ kernel: null }).post.standing(), "asleep");
});

test("a kernel that is done with a message and has not replied does not know this card; a late reply takes that back", () => {
  const { post, model, reply, wait } = desk({ kernel: kernel() });
  post.send({ type: "answer" });
  model.sent[0].done();
  assert.equal(post.standing(), "waking");
  wait();
  assert.equal(post.standing(), "asleep");
  reply({ type: "verdict", re: 1 });
  assert.equal(post.standing(), "awake");
});

test("a message that was lost when the line broke is named once a later one has its reply", () => {
  const home = kernel();
  const { post, model, told, reply } = desk({ kernel: home });
  post.send({ type: "hello" });
  reply({ type: "state", re: 1 });
  post.send({ type: "answer" });
  home.connectionStatusChanged.emit("connecting");
  assert.equal(post.standing(), "cut");
  home.connectionStatusChanged.emit("connected");
  assert.equal(model.sent.at(-1).message.type, "hello");
  reply({ type: "state", re: 3 });
  assert.deepEqual(told.at(-1).lost, ["answer"]);
  assert.equal(post.standing(), "awake");
});

test("where a front end shows no kernel only replies tell", () => {
  const { post, reply } = desk();
  assert.equal(post.seesKernel(), false);
  post.send({ type: "hello" });
  assert.equal(post.standing(), "waking");
  reply({ type: "state", re: 1 });
  assert.equal(post.standing(), "awake");
});

test("a reply that is no message breaks nothing, and a closed card hears nothing more", () => {
  const home = kernel();
  const { post, reply, heard, told } = desk({ kernel: home });
  for (const odd of [null, undefined, "x", 7]) reply(odd);
  assert.equal(told.length, 0);
  post.close();
  assert.equal(heard.size, 0);
  assert.equal(home.statusChanged.slots.size, 0);
});
