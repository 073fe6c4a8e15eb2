"""Serve a built site from one machine to a room: nobody needs the internet, and nobody outside the room is answered."""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import ipaddress
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from afteach.errors import AfteachError, one_line
from afteach.site.building import MARK

# A name for the network alone: a datagram to it is never sent, and tells which of this machine's addresses would be used.
SOMEWHERE = ("192.0.2.1", 9)
PACKED = {".wasm", ".mjs", ".js", ".json", ".css", ".html", ".ipynb", ".svg", ".txt"}
NO_PAGE = "There is no such page"
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """The files of one folder, to this network."""

    # A laptop that fell asleep in the middle of a request would keep its thread.
    timeout = 60
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012

    def parse_request(self) -> bool:
        """Take a request only from this machine and its own network."""
        if not super().parse_request():
            return False
        if is_near(self.client_address[0]):
            return True
        self.send_error(403, "This site is for one room")
        return False

    def send_head(self) -> BinaryIO | None:
        """Begin an answer; what is text or WebAssembly goes packed, so that thirty laptops need not share the air as long."""
        path = self._file()
        if path is None:
            self.send_error(404, NO_PAGE)
            return None
        packs = "gzip" in self.headers.get("Accept-Encoding", "")
        if not packs or path.suffix not in PACKED or not path.is_file():
            return super().send_head()
        changed = int(path.stat().st_mtime)
        day = self.date_time_string(changed)
        if self.headers.get("If-Modified-Since") == day:
            self.send_response(304)
            self.end_headers()
            return None
        data = packed(path, changed)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", day)
        self.end_headers()
        return io.BytesIO(data)

    def list_directory(self, path: object) -> None:
        """A folder without a page of its own is not shown."""
        self.send_error(404, NO_PAGE)

    def _file(self) -> Path | None:
        """What is asked for; None for what no file can be called, or a link that leads out of the site."""
        try:
            path = Path(self.translate_path(self.path)).resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        return path if path.is_relative_to(self.directory) else None

    def log_message(self, *_about: object) -> None:
        """Who read what is nobody's business."""


class Server(http.server.ThreadingHTTPServer):
    """Answers a room; what goes wrong with one request is one line, and a laptop that was shut is none."""

    def handle_error(self, request: object, client_address: object) -> None:
        fault = sys.exception()
        if not isinstance(fault, (ConnectionError, TimeoutError)):
            print(one_line(f"afteach: one request had no answer ({type(fault).__name__}: {fault})."), file=sys.stderr)


@functools.lru_cache(maxsize=1000)
def packed(path: Path, _changed: int) -> bytes:
    """A file as a browser unpacks it; each is packed once."""
    return gzip.compress(path.read_bytes(), 6)


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of a network that the internet does not reach."""
    where = ipaddress.ip_address(address.partition("%")[0])
    where = getattr(where, "ipv4_mapped", None) or where
    return where.is_private or where.is_loopback or where.is_link_local


def open_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server of a site for the network of this machine; AfteachError where the folder or the port will not do."""
    if not (folder / MARK).is_file():
        raise AfteachError(f"There is no site in {folder}. Build one: afteach site --out {folder} --pyodide FILE")
    handler = functools.partial(Handler, directory=str(folder.resolve()))
    try:
        return Server(("", port), handler)
    except (OSError, OverflowError):
        raise AfteachError(
            f"Port {port} is in use or not allowed. Choose another: --port {port % 50_000 + 1025}"
        ) from None


def told(port: int) -> Iterator[str]:
    """What to write on the board, and what holds in a room."""
    yield f"On this machine: http://localhost:{port}"
    here = own_address()
    yield (
        f"In this room:    http://{here}:{port}" if here else "This machine is in no network: nobody else can reach it."
    )
    yield (
        "Over plain http a browser lets no page work without a line. Notebooks run and questions answer, and answers are "
        "kept in the browser: after a reload choose Run All Cells, then Bring back. Stop with Ctrl+C."
    )


def own_address() -> str:
    """The address of this machine in its network; empty where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
