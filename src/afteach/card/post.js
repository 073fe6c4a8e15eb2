// The way to the kernel. Each message carries a number and waits for its own reply.

// A status of the kernel after which this card is known to nobody there.
const GONE = new Set(["restarting", "autorestarting", "terminating", "dead"]);
// The kernel says that it is done with a message on the way on which its reply comes, and after it.
const AFTER_DONE = 3000;

export function openPost(model, { received, changed, later = setTimeout }) {
  const waiting = new Map();
  const endings = [];
  let number = 0;
  let gone = false;
  let cut = false;
  let heard = false;

  // Other front ends than JupyterLab and Notebook 7 may not show their kernel; then only replies tell.
  const kernel = kernelOf(model);
  const leave = () => {
    gone = true;
    waiting.clear();
    changed();
  };
  if (kernel === null) gone = true;
  if (kernel) {
    if (kernel.isDisposed || GONE.has(kernel.status)) gone = true;
    listen(kernel.statusChanged, (_, status) => (GONE.has(status) ? leave() : changed()));
    listen(kernel.disposed, leave);
    cut = isCut(kernel.connectionStatus);
    listen(kernel.connectionStatusChanged, (_, status) => {
      const was = cut;
      cut = isCut(status);
      // What was on its way when the line broke may be lost. The reply to a later message tells.
      if (was && !cut && !gone) post.send({ type: "hello" });
      changed();
    });
  }
  const on = (name, act) => {
    model.on(name, act);
    endings.push(() => model.off(name, act));
  };
  // Sent when the widgets' manager lets go of all it has, as it does at a restart.
  on("comm_live_update", leave);
  on("comm:close", leave);
  on("msg:custom", receive);

  function listen(signal, act) {
    if (!signal?.connect) return;
    signal.connect(act);
    endings.push(() => signal.disconnect(act));
  }

  function receive(message) {
    if (!message || typeof message !== "object") return;
    heard = true;
    gone = false;
    const lost = [];
    const sent = waiting.get(message.re);
    if (typeof message.re === "number") {
      for (const [n, one] of waiting) {
        // The kernel takes messages in turn: one before this that has no reply was never taken.
        if (n < message.re) lost.push(one);
        if (n <= message.re) waiting.delete(n);
      }
    }
    received(message, sent ?? null, lost);
    changed();
  }

  const post = {
    // `local` stays here and comes back with the reply.
    send(message, local) {
      const n = ++number;
      const done = (told) => {
        if (told?.content?.execution_state !== "idle") return;
        later(() => waiting.has(n) && leave(), AFTER_DONE);
      };
      waiting.set(n, { ...message, local });
      try {
        if (gone) throw new Error("nobody is there");
        model.send({ ...message, n }, { iopub: { status: done } });
      } catch {
        leave();
      }
      changed();
      return !gone;
    },
    waits: (type) => [...waiting.values()].find((one) => one.type === type),
    standing() {
      if (gone) return "asleep";
      if (cut) return "cut";
      if (!heard) return "waking";
      return kernel?.status === "busy" ? "busy" : "awake";
    },
    seesKernel: () => Boolean(kernel),
    close() {
      for (const end of endings) end();
    },
  };
  return post;
}

const isCut = (status) => status === "connecting" || status === "disconnected";

// The connection to the kernel; null where there is none any more, undefined where it is not shown.
function kernelOf(model) {
  try {
    return model.widget_manager?.kernel;
  } catch {
    return undefined;
  }
}
