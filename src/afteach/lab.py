"""The workbook on a student's own machine: copy the notebooks into a folder, and open JupyterLab there."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import sys
from pathlib import Path

from afteach.answers.places import EDITIONS, laid_out
from afteach.charts import iri
from afteach.errors import AfteachError
from afteach.files import write_whole
from afteach.words import say
from afteach.workbook import HERE, notebook_files, root, workbook

FOLDER = "my-workbook"
# What a file counts as that is no ordinary one, or that cannot be read: the student's own.
OWN = "own"
# What is said of a file that was not there before: it is only counted.
NEW = "new"


def usual_folder(here: Path) -> Path:
    """Where the workbook is laid out if no folder is named.

    Within a workbook that is the workbook, and within the project the one folder beside its README: to run the
    command one folder deeper must not start a second copy.
    """
    checkout = HERE.parent.parent
    top = checkout if (checkout / "pyproject.toml").is_file() and here.is_relative_to(checkout) else here
    return laid_out(here) or top / FOLDER


def lay_out(folder: Path, bring_back: bool = False) -> list[str]:
    """Copy the notebooks flat into a folder; a file that the student changed is never touched.

    A notebook that the student deleted or moved away comes back only if bring_back asks for it.
    Returns what was done, in words. Errors: AfteachError where the folder cannot be used; every notebook in it is
    whole all the same.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        editions = _editions(folder)
        said = []
        try:
            for source in notebook_files():
                said.append(_lay_one(source, folder, editions, bring_back))
        finally:
            # What was copied before a disk was full is known the next time.
            text = json.dumps(editions, indent=1, sort_keys=True) + "\n"
            write_whole(folder / EDITIONS, text.encode())
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise AfteachError(f"The folder {folder} cannot be used ({reason}). Name another: afteach lab DIR") from None
    new = sum(line == NEW for line in said)
    head = say("lab.copied", n=new, folder=folder) if new else say("lab.as_left", folder=folder)
    return [head, *(line for line in said if line not in (NEW, ""))]


def _lay_one(source: Path, folder: Path, editions: dict[str, str], bring_back: bool) -> str:
    shipped, known = _digest(source), editions.get(source.name)
    target = folder / source.name
    here = os.path.lexists(target)
    if here:
        mine = _digest(target)
        if mine == shipped or known == shipped:
            editions[source.name] = shipped
            return ""
        if mine != known:
            return _lay_beside(source, target, shipped, editions)
    elif known and not bring_back:
        if any(any(folder.glob(f"{below}/{source.name}")) for below in ("*", "*/*")):
            return ""
        return say("lab.stays_away", file=source.name)
    write_whole(target, source.read_bytes())
    editions[source.name] = shipped
    return say("lab.brought_up", file=source.name) if here else NEW


def _lay_beside(source: Path, target: Path, shipped: str, editions: dict[str, str]) -> str:
    beside, number = target.with_name(f"{target.stem}.new.ipynb"), 2
    while os.path.lexists(beside) and _digest(beside) not in (shipped, editions.get(beside.name)):
        beside = target.with_name(f"{target.stem}.new-{number}.ipynb")
        number += 1
    write_whole(beside, source.read_bytes())
    editions[beside.name] = editions[source.name] = shipped
    return say("lab.beside", file=target.name, beside=beside.name)


def _editions(folder: Path) -> dict[str, str]:
    place = folder / EDITIONS
    try:
        found = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    except ValueError:
        # Without it every file counts as changed by the student, which loses nothing.
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    # A pipe would be waited for without end, and what a link leads to is not ours to replace.
    if not stat.S_ISREG(path.lstat().st_mode):
        return OWN
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except PermissionError:
        return OWN


def options(folder: Path, port: int | None, browser: bool) -> list[str]:
    """What JupyterLab is told; it stands above the settings of the student's own, which may be of another course."""
    folder = folder.resolve()
    there = [one.name for one in sorted(folder.glob("*.ipynb")) if one.is_file()]
    first = f"{workbook().first}.ipynb"
    if there and first not in there:
        first = there[0]
    given = [
        f"--ServerApp.root_dir={folder}",
        # A folder of the student's own that lies elsewhere would keep the server from starting.
        f"--ServerApp.preferred_dir={folder}",
        f"--FileContentsManager.root_dir={folder}",
        "--FileContentsManager.preferred_dir=",
        f"--LabApp.default_url=/lab/tree/{first}" if there else "--LabApp.default_url=/lab",
        # A browser from a snap may not read the file that would lead it on.
        "--ServerApp.use_redirect_file=False",
        # Nothing here asks the network for anything, JupyterLab's news included.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        # Whoever lists files sees notebooks; where the answers are is said wherever they matter.
        '--ContentsManager.hide_globs=["answers", "__pycache__", "*.pyc", "*~"]',
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container one often is root, and JupyterLab would refuse.
        given.append("--ServerApp.allow_root=True")
    if port is not None:
        given += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        given.append("--ServerApp.open_browser=False")
    return given


def try_port(port: int) -> None:
    """AfteachError where a port cannot be listened on."""
    if not 0 < port < 65536:
        raise AfteachError(f"{port} is no port. Choose one from 1024 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise AfteachError(
                f"Port {port} is in use or not allowed. Leave out --port, or choose another, such as {port + 1}."
            ) from None


def open_lab(folder: Path, port: int | None, browser: bool) -> None:
    """Run JupyterLab in a folder until it is stopped."""
    # It would ask whether to fetch news; the student's own settings stay as they are.
    own = [str(HERE / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, own))
    with iri.postponed():
        from jupyterlab.labapp import main as jupyterlab

    # Its kernels teach the workbook that was laid out, wherever the folder lies.
    os.environ["AFTEACH_WORKBOOK"] = str(root().resolve())
    jupyterlab(options(folder, port, browser))


def has_screen() -> bool:
    """Whether a browser can be opened on this machine."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
