// A site without a server is kept by its service worker, so that it opens again without a line. What the page loaded
// before the worker was there is asked for once more, from the browser's own store; then the worker has it too.
export function worthKeeping(names, origin) {
  return [...new Set(names)].filter((name) => {
    const url = new URL(name, origin);
    return url.origin === origin && !url.pathname.includes("/api/");
  });
}

async function keep() {
  const worker = globalThis.navigator?.serviceWorker;
  if (!worker) return;
  // Without a service worker this waits for ever, and nothing waits for it.
  await worker.ready;
  if (!worker.controller)
    await new Promise((done) => worker.addEventListener("controllerchange", done, { once: true }));
  if (!worker.controller.scriptURL.includes("enableCache=true")) return;
  const names = [location.href.split("#")[0], ...performance.getEntriesByType("resource").map((one) => one.name)];
  for (const name of worthKeeping(names, location.origin)) {
    try {
      await fetch(name);
    } catch {
      // The line is gone already; what is kept is kept.
      return;
    }
  }
}

export default { id: "afteach:keeping", autoStart: true, activate: (app) => void app.restored.then(keep) };
