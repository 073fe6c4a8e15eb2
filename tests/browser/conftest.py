"""A JupyterLab or Notebook 7 on a free port and a Chromium that may talk to nobody else."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import sample

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60_000  # milliseconds; a loaded machine of two cores needs them
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but this machine's is found. A route of playwright's would do too, but halts while Python waits.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items) -> None:
    """Browser tests come last: a fault in a unit test is told first. Side by side they come first: they take longest."""
    here = Path(__file__).parent
    items.sort(key=lambda item: (here in item.path.parents) != ("PYTEST_XDIST_WORKER" in os.environ))


def chromium() -> str:
    """Where a Chromium is; without one the tests are skipped and say so, in CI they fail."""
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return found
    reason = f"no Chromium was found (looked for {', '.join(BROWSERS)})"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI the browser tests must run")
    pytest.skip(f"{reason}; install one to run the browser tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item) -> None:
    """No server is started for a browser that is not there."""
    if "browser" in item.fixturenames:
        chromium()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield made
        made.close()


class Server:
    """A Jupyter server of its own: folder, settings, answers."""

    def __init__(self, folder: Path, app: str, answers: Path) -> None:
        self.folder, self.app, self.answers = folder, app, answers
        self.work = folder / "work"
        self.token = "secret"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        # The name of a socket has 107 letters at most, and a test's own folder takes up to 80 of them.
        self.sockets = Path(tempfile.mkdtemp(prefix="af-"))
        self.process: subprocess.Popen | None = None

    def start(self, **environment: str) -> None:
        """Start it and wait until it answers."""
        settings = self.folder / "settings"
        config = self.folder / "config"
        (config / "labconfig").mkdir(parents=True, exist_ok=True)
        # JupyterLab asks the network for news unless this is off.
        (config / "labconfig" / "page_config.json").write_text(
            json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}})
        )
        tracker = settings / "@jupyterlab" / "notebook-extension"
        tracker.mkdir(parents=True, exist_ok=True)
        (tracker / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
        themes = settings / "@jupyterlab" / "apputils-extension"
        themes.mkdir(parents=True, exist_ok=True)
        (themes / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}')
        self.work.mkdir(exist_ok=True)
        command = [
            sys.executable, "-m", self.app, "--no-browser", "--allow-root", f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.work}",
            "--KernelManager.transport=ipc", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True",
        ]  # fmt: skip
        own = {
            "AFTEACH_ANSWERS": str(self.answers),
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.sockets),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.folder / "workspaces"),
            **environment,
        }
        log = self.log.open("ab")
        self.process = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
        until = time.monotonic() + 2 * PATIENCE / 1000
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.ask("/api/status")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Stop it and its kernels; asked politely it takes ten seconds over what nobody needs any more."""
        if self.process and self.process.poll() is None:
            for process in [*psutil.Process(self.process.pid).children(recursive=True), self.process]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()

    def ask(self, path: str, method: str = "GET", /, **told):
        """Ask the server's own interface."""
        request = urllib.request.Request(self.url + path, json.dumps(told).encode() if told else None, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def start_kernel(self, name: str) -> None:
        """Start the kernel of a notebook: it wakes while the page is loaded, which then finds it."""
        self.ask("/api/sessions", "POST", path=name, name=name, type="notebook", kernel={"name": "python3"})

    def wait_for_kernel(self) -> None:
        """Wait until somebody is connected to a kernel and each that somebody is connected to is idle."""
        # A kernel that starts on a machine kept busy on purpose takes longer than a click.
        until = time.monotonic() + 3 * PATIENCE / 1000
        while time.monotonic() < until:
            # What an earlier test left open has nobody who is connected to it.
            kernels = [session["kernel"] for session in self.ask("/api/sessions")]
            connected = [kernel for kernel in kernels if kernel["connections"]]
            if connected and all(kernel["execution_state"] == "idle" for kernel in connected):
                return
            time.sleep(0.2)
        raise RuntimeError("no kernel became idle")

    def close_kernels(self) -> None:
        """End every session, so that the next notebook has the machine to itself."""
        for session in self.ask("/api/sessions"):
            self.ask(f"/api/sessions/{session['id']}", "DELETE")

    def write(self, name: str, *cells: str) -> str:
        """Put a notebook of these code cells into the folder that is served."""
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.write(made, self.work / name)
        return name

    def kernel_processes(self) -> list[psutil.Process]:
        """The processes of its kernels."""
        found = []
        for one in psutil.Process(self.process.pid).children(recursive=True):
            # One that has just ended is in the list still, and has no command any more.
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [one] if "ipykernel_launcher" in " ".join(one.cmdline()) else []
        return found

    def add(self, path: Path) -> str:
        """Put a copy of a notebook into the folder that is served."""
        shutil.copyfile(path, self.work / path.name)
        return path.name


@contextlib.contextmanager
def serving(folder: Path, app: str, **environment: str):
    """A server that runs for as long as it is used."""
    server = Server(folder, app, folder / "answers")
    server.start(**environment)
    yield server
    server.stop()
    shutil.rmtree(server.sockets, ignore_errors=True)


@contextlib.contextmanager
def serving_sample(folder: Path, app: str):
    """A server of the sample workbook."""
    sample.build(folder)
    with serving(folder, app, AFTEACH_WORKBOOK=str(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def lab(tmp_path_factory, browser):
    """A running JupyterLab."""
    with serving(tmp_path_factory.mktemp("lab"), "jupyterlab") as server:
        yield server


@pytest.fixture(scope="session")
def notebook7(tmp_path_factory, browser):
    """A running Notebook 7."""
    with serving(tmp_path_factory.mktemp("notebook7"), "notebook") as server:
        yield server


@pytest.fixture(scope="session")
def only_lab(tmp_path_factory, browser):
    """A running JupyterLab on the sample workbook, for what does not hang on the page around a card."""
    with serving_sample(tmp_path_factory.mktemp("sample-lab"), "jupyterlab") as server:
        yield server


@pytest.fixture(scope="session")
def only_notebook(tmp_path_factory, browser):
    """A running Notebook 7 on the sample workbook."""
    with serving_sample(tmp_path_factory.mktemp("sample-notebook"), "notebook") as server:
        yield server


@pytest.fixture(scope="module", params=["only_lab", "only_notebook"], ids=["jupyterlab", "notebook"])
def place(request):
    """JupyterLab and Notebook 7, one after the other."""
    return request.getfixturevalue(request.param)


CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8").strip().removesuffix(";")
WIDTH, HEIGHT = 1100, 900
LEAVE = """() => {
  for (const one of [...globalThis.jupyterapp.shell.widgets('main')]) one.dispose();
  for (const one of document.querySelectorAll(':popover-open')) one.hidePopover();
  globalThis[Symbol.for('afteach')]?.offered.clear();
  localStorage.clear();
  sessionStorage.clear();
  return document.querySelectorAll('.jp-Dialog, .jp-toast-button').length;
}"""


class Desk:
    """One page of the browser, and what it asked for beyond this machine."""

    def __init__(self, browser, **options) -> None:
        self.context = browser.new_context(**{"viewport": {"width": WIDTH, "height": HEIGHT}, **options})
        self.loaded: tuple | None = None  # the server whose page this is, and its process
        self.left = False
        self.context.set_default_timeout(PATIENCE)
        self.strangers: list[str] = []
        self.context.on("request", self._note)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob", "about") and place.hostname not in ("127.0.0.1", "localhost"):
            self.strangers.append(request.url)

    def open(self, server: Server, name: str) -> None:
        """Open a notebook and wait until its kernel is ready."""
        server.start_kernel(name)
        self.look_at(server, name)
        server.wait_for_kernel()

    def look_at(self, server: Server, name: str) -> None:
        """Load the page of a notebook; a JupyterLab that was left is there already and opens it."""
        if self.left and self.loaded == (server, server.process.pid):
            self.page.evaluate("path => void jupyterapp.commands.execute('docmanager:open', {path})", name)
        else:
            where = f"/lab/tree/{name}?reset&" if server.app == "jupyterlab" else f"/notebooks/{name}?"
            self.page.goto(f"{server.url}{where}token={server.token}")
        # What one test opens twice is loaded anew.
        self.loaded, self.left = (server, server.process.pid), False
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")

    def look(
        self, width: int = WIDTH, height: int = HEIGHT, scheme: str = "light", motion: str = "no-preference"
    ) -> None:
        """Give the window a size, and what the system of a reader asks for."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        if self.loaded and self.page.url.startswith("http"):
            dark = "false" if scheme == "dark" else "true"
            self.page.wait_for_function("dark => document.body.dataset.jpThemeLight === dark", arg=dark)
            self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def at_lab(self) -> bool:
        """Whether this is a page of a JupyterLab whose server still runs."""
        server, number = self.loaded or (None, None)
        running = (
            server and server.app == "jupyterlab" and server.process.pid == number and server.process.poll() is None
        )
        return bool(running) and self.page.url.startswith(server.url)

    def leave(self) -> bool:
        """Close every notebook and forget what was kept, so that another can be opened; false where that is not to be had."""
        if not self.at_lab() or len(self.context.pages) > 1:
            return False
        self.left = self.page.evaluate(LEAVE) == 0
        self.errors.clear()
        self.page.set_default_timeout(PATIENCE)
        return self.left

    def menu(self, name: str, entry: str) -> None:
        """Choose an entry of a menu."""
        self.page.click(f'.lm-MenuBar-itemLabel:text-is("{name}")')
        self.page.click(f'.lm-Menu-itemLabel:text-is("{entry}")')

    def run_all(self) -> float:
        """Run all cells; returns the seconds until the last one is done."""
        start = time.perf_counter()
        self.menu("Run", "Run All Cells")
        self.page.wait_for_function(DONE)
        done = time.perf_counter() - start
        # The menu gives the focus back to a cell, and not at once; a key that is pressed before goes astray.
        self.page.wait_for_function("() => document.activeElement.closest('.jp-Cell')")
        return done

    def until(self, ask, holds):
        """Ask the page, or anybody, until the answer holds; returns the last one where it never does."""
        end = time.monotonic() + PATIENCE / 1000
        while not holds(answer := ask()) and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        return answer

    def shot(self, name: str) -> None:
        """Keep a picture where AFTEACH_SCREENSHOTS names a folder."""
        folder = os.environ.get("AFTEACH_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def hard_to_use(self, within: str, **options) -> list[str]:
        """What axe finds below a selector, and the texts that are hard to read: in a card axe looks at the fields alone."""
        found = Axe().run(self.page, context=within, options=options).response["violations"]
        faults = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        return faults + self.page.evaluate(CONTRAST, within)

    def faults(self) -> list[str]:
        """Errors of the page that are ours."""
        return [error for error in self.errors if error.removeprefix("Error: ") not in NOT_OURS]

    def close(self) -> None:
        """Close the page and its context."""
        self.context.close()


def stored_cards(path: Path) -> int:
    """How many cards a notebook shows: what is sealed asks nothing yet, so the stored outputs tell. A contents bar is none, nor is an offer."""
    stored = [out.get("metadata", {}) for cell in nbformat.read(path, 4).cells for out in cell.get("outputs", [])]
    return sum("afteach" in told and not told["afteach"].startswith(("contents ", "measure ")) for told in stored)


NOT_OURS = [
    "Cannot read properties of undefined (reading 'schema')",  # Notebook 7.6 reports this of an empty notebook too
    # JupyterLab, where a notebook is closed whose kernel still wakes.
    "Canceled future for create_subshell_request message before replies were done",
    "Disposed",
]

# Every code cell that is open carries a number and none a star; of folded ones only the kernel tells that they are done.
DONE = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)')]
    .map((p) => p.textContent.trim());
  const kernel = document.querySelector('.jp-Notebook-ExecutionIndicator');
  return prompts.length > 0 && prompts.every((text) => /\\[\\d+\\]/.test(text)) && (kernel?.dataset.status ?? 'idle') === 'idle';
}"""

# Every word of alarm that any card shows for however short a time.
WATCH = """() => {
  const alarm = /Not saved|Run All|asleep|No connection|does not answer/;
  const seen = (globalThis.alarms = []);
  const look = () => {
    for (const node of document.querySelectorAll('.af-card :is(.af-status, .af-badge, .af-asleep)')) {
      const name = node.closest('form').ariaLabel;
      if (node.checkVisibility() && alarm.test(node.textContent)) seen.push(`${name}: ${node.textContent}`);
    }
  };
  globalThis.alarmWatch?.disconnect();
  globalThis.alarmWatch = new MutationObserver(look);
  globalThis.alarmWatch.observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="session")
def left(browser):
    """The desk that the last test left, if it is of use: to load JupyterLab takes longer than most tests."""
    desks: list[Desk] = []
    yield desks
    for one in desks:
        one.close()


@pytest.fixture
def desk(browser, left, request):
    """A page that may talk to this machine alone and remembers nothing; the test fails if it tried anything else."""
    made = left.pop() if left else Desk(browser)
    if made.loaded and not made.at_lab():
        made.close()
        made = Desk(browser)
    made.look()
    made.errors.clear()
    failed = request.session.testsfailed
    yield made
    strangers, errors = made.strangers, made.faults()
    if request.session.testsfailed == failed and not strangers and made.leave():
        left.append(made)
    else:
        made.close()
    assert strangers == [], f"asked the network for {strangers}"
    assert errors == [], f"errors in the page: {errors}"
