// What JupyterLab asks of a prebuilt extension, written by hand: so nothing has to be built, and Node.js is not needed.
// JupyterLab loads this file as a plain script, hands over the modules that it shares, and then asks for each module
// that package.json names under _build.
(() => {
  const here = document.currentScript.src;
  const modules = { "./extension": "./plugins.js", "./style": "./style.js" };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.afteach = {
    init() {},
    async get(name) {
      const found = await import(new URL(modules[name], here).href);
      // JupyterLab writes into what it gets, and a module of the browser's own lets nobody.
      return () => ({ ...found, __esModule: true });
    },
  };
})();
