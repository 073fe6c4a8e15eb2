"""A JupyterHub on this machine alone, its students, and what they cost; `python tests/hub.py 20` measures a class.

It needs jupyterhub and, on the path, configurable-http-proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
# The notebooks are one folder for all, and nobody writes into it; answers lie in each student's own.
c.Spawner.notebook_dir = "{notebooks}"
c.Spawner.environment = {{"AFTEACH_ANSWERS": lambda spawner: "{folder}/home/" + spawner.user.name + "/answers"}}
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.JupyterHub.concurrent_spawn_limit = 0
# In a container the tests may be run by root.
c.Spawner.args = ["--allow-root"]
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.JupyterHub.services = [{{"name": "class", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{
    "name": "class", "services": ["class"], "scopes": ["admin:users", "admin:servers", "access:servers"],
}}]
"""


class Hub:
    """A running hub: students are let in, and run code in a kernel of their own."""

    def __init__(self, port: int, token: str, folder: Path) -> None:
        self.address, self.token, self.folder = f"127.0.0.1:{port}", token, folder

    def ask(self, path: str, method: str = "GET", data: object = None) -> object:
        request = urllib.request.Request(f"http://{self.address}{path}", method=method)
        request.add_header("Authorization", f"token {self.token}")
        body = None if data is None else json.dumps(data).encode()
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, body, timeout=240) as reply:
            return json.loads(reply.read() or b"null")

    def let_in(self, name: str) -> None:
        """Start a student's server and wait for it."""
        self.ask(f"/hub/api/users/{name}", "POST")
        self.ask(f"/hub/api/users/{name}/server", "POST")
        until = time.monotonic() + 240
        while not self.ask(f"/hub/api/users/{name}")["servers"].get("", {}).get("ready"):
            if time.monotonic() > until:
                raise TimeoutError(f"the server of {name} did not start")
            time.sleep(0.3)

    async def run(self, name: str, code: str) -> str:
        """Run code in a new kernel of a student; returns what it printed, and raises where it failed."""
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        kernel = await asyncio.to_thread(self.ask, f"/user/{name}/api/kernels", "POST", {})
        address = f"ws://{self.address}/user/{name}/api/kernels/{kernel['id']}/channels"
        line = await websocket_connect(
            HTTPRequest(address, headers={"Authorization": f"token {self.token}"}, request_timeout=240)
        )
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": uuid.uuid4().hex,
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": {**header, "username": name, "date": ""}, "parent_header": {}, "metadata": {}}
        await line.write_message(json.dumps({**message, "content": content, "channel": "shell"}))
        printed = ""
        # What was printed and that the code is through come on two channels, in either order.
        waiting = {"execute_reply", "idle"}
        while waiting:
            told = await asyncio.wait_for(line.read_message(), 240)
            if told is None:
                raise RuntimeError(f"{name}: the line to the kernel was cut")
            message = json.loads(told)
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            if message["msg_type"] == "error":
                raise RuntimeError(f"{name}: {message['content']['evalue']}")
            waiting -= {message["msg_type"], message["content"].get("execution_state")}
        return printed


@contextlib.contextmanager
def running(notebooks: Path) -> Iterator[Hub]:
    """A hub in a folder of its own, stopped with all its students at the end."""
    with tempfile.TemporaryDirectory(prefix="afteach-hub-", ignore_cleanup_errors=True) as name:
        folder, token = Path(name), secrets.token_hex(16)
        port, hub, proxy = _free_ports(3)
        places = {"folder": folder, "notebooks": notebooks, "python": sys.executable}
        text = CONFIG.format(port=port, hub=hub, proxy=proxy, token=token, **places)
        (folder / "config.py").write_text(text, encoding="utf-8")
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", "config.py"], cwd=folder, stdout=log, stderr=log
            )
        try:
            found = Hub(port, token, folder)
            until = time.monotonic() + 120
            while True:
                try:
                    found.ask("/hub/api/")
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > until:
                        raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:]) from None
                    time.sleep(0.3)
            yield found
        except urllib.error.HTTPError as fault:
            raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:]) from fault
        finally:
            process.terminate()
            process.wait(60)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(socket.socket()) for _ in range(count)]
        for line in lines:
            line.bind(("127.0.0.1", 0))
        return [line.getsockname()[1] for line in lines]


def memory(folder: Path) -> float:
    """MiB of all servers and kernels of this hub's students; what they share is counted once."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                rollup = (process / "smaps_rollup").read_text()
                total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total / 1024


EMPTY = "import pandas, altair"
WORK = """
from afteach import ask, check, load, charts
from afteach.questions.model import bank
events = load("events")
chart = charts.timeline(events)
for question in bank().values():
    if question.kind == "choice":
        check(question.id, question.choices[0].id)
        break
print("done")
"""


def _timed(act: Callable[[], object]) -> float | str:
    """How many seconds it took; what went wrong, where it failed."""
    start = time.monotonic()
    try:
        act()
    except (OSError, RuntimeError, TimeoutError) as fault:
        return str(fault) or type(fault).__name__
    return time.monotonic() - start


def _told(what: str, results: list[float | str]) -> str:
    took = sorted(one for one in results if isinstance(one, float))
    failed = [one for one in results if isinstance(one, str)]
    seconds = f"{statistics.median(took):.0f} s, at worst {took[-1]:.0f} s" if took else "never"
    return f"{what} {seconds}" + "".join(f"; FAILED {one}" for one in failed)


def measure(count: int, code: str) -> str:
    """Let a class in at once and run the same in each kernel; returns the figures."""
    import afteach.workbook

    names = [f"student{n:02}" for n in range(count)]
    with running(afteach.workbook.notebooks_dir()) as hub, ThreadPoolExecutor(count) as pool:
        servers = list(pool.map(lambda name: _timed(lambda: hub.let_in(name)), names))
        cells = list(pool.map(lambda name: _timed(lambda: asyncio.run(hub.run(name, code))), names))
        each = memory(hub.folder) / count
        if any(isinstance(one, str) for one in (*servers, *cells)):
            print((hub.folder / "log").read_text(errors="replace")[-4000:])
    return (
        f"{count} students: {_told('server after', servers)}; {_told('first cell after', cells)}; {each:.0f} MiB each"
    )


if __name__ == "__main__":
    for what, code in (("empty notebook with pandas and altair", EMPTY), ("workbook", WORK)):
        print(f"{what}: {measure(int(sys.argv[1]), code)}", flush=True)
