"""Notebooks that run in the reader's browser: JupyterLite, served from the same folder and asking nobody else."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import jupyter_server

from afteach.answers import citing
from afteach.authoring import notebooks
from afteach.errors import AfteachError
from afteach.site import compiling, starting, wheels
from afteach.workbook import HERE, notebook_files, workbook

KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget", KERNEL)
APPS = ("notebooks", "tree", "lab", "edit")
# What Pyodide itself is made of, beside its lock and its wheels; newer ones have the first two as modules alone.
CORE = ("pyodide.mjs", "pyodide.js", "pyodide.asm.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# The kernel needs them before the first cell; the rest comes while the page is still drawn.
AT_START = ("ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", wheels.OWN)
# As it comes, the service worker forgets that it keeps a copy once the browser has sent it to sleep.
FORGETS = "enableCache=!1;"
REMEMBERS = 'enableCache="true"===new URL(location.href).searchParams.get("enableCache");'


@contextlib.contextmanager
def written(out: Path, pyodide: Path, work: Path) -> Iterator[Path]:
    """Write JupyterLite with the workbook's notebooks into a folder that is not there yet, while the block does other work.

    Arguments: pyodide, the distribution of Pyodide, a folder or the archive as it is published; work, an empty folder.
    Gives the folder with what a reader loads of Pyodide; JupyterLite is there when the block is left.
    Errors: AfteachError where the distribution lacks something, or JupyterLite cannot be built.
    """
    lite = work / "lite"
    contents, laid = lite / "files", lite / "static" / "pyodide"
    contents.mkdir(parents=True)
    for path in notebook_files():
        (contents / path.name).write_text(joined(path), encoding="utf-8", newline="\n")
    extensions = _extensions()
    _lay_pyodide(laid, _unpacked(pyodide, work), extensions[-1], work)
    (lite / "jupyter-lite.json").write_text(json.dumps(_settings()), encoding="utf-8", newline="\n")
    shutil.copyfile(HERE / "jupyter" / "labconfig" / "default_setting_overrides.json", lite / "overrides.json")
    command = _command(lite, out, work / "cache", [*extensions, _own_extension(work / "labextension")])
    log = work / "lite.log"
    with log.open("wb") as told, subprocess.Popen(command, cwd=lite, stdout=told, stderr=told) as process:
        try:
            yield laid
        except BaseException:
            process.kill()
            raise
    if process.returncode or not (out / "notebooks" / "index.html").is_file():
        lines = [
            line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()
        ]
        why = next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "it says nothing")
        raise AfteachError(f"JupyterLite could not be built: {why.rstrip('.')}.")
    worker = out / "service-worker.js"
    text = worker.read_text(encoding="utf-8")
    worker.write_text(text.replace(FORGETS, REMEMBERS), encoding="utf-8", newline="\n")
    _lay_rows(out / "afteach")
    # The page asks for one again at each change of the kernel; JupyterLite brings none.
    icons = Path(jupyter_server.DEFAULT_STATIC_FILES_PATH) / "favicons"
    shutil.copytree(icons, out / "static" / "favicons", dirs_exist_ok=True)


def _command(lite: Path, out: Path, cache: Path, extensions: list[Path]) -> list[str]:
    command = [*starting.COMMAND, "jupyterlite_core", "build", "--lite-dir", str(lite), "--output-dir", str(out)]
    command += ["--contents", str(lite / "files"), "--no-sourcemaps", "--no-libarchive", "--no-unused-shared-packages"]
    command += ["--ignore-sys-prefix", "--LiteBuildConfig.cache_dir", str(cache)]
    command += [part for name in APPS for part in ("--apps", name)]
    command += [part for place in extensions for part in ("--LiteBuildConfig.federated_extensions", str(place))]
    return command


def joined(path: Path) -> str:
    """A notebook with each text as one: JupyterLite shows stored outputs as they are, line by line with commas."""
    notebook = notebooks.read(path)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _extensions() -> list[Path]:
    share = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    places = [share / name for name in EXTENSIONS]
    missing = [place.name for place in places if not (place / "package.json").is_file()]
    if missing:
        raise AfteachError(f"JupyterLab's extension {missing[0]} is not installed here. Install afteach[site] again.")
    return places


def _own_extension(place: Path) -> Path:
    """What JupyterLab loads of this package, with its sheets of style beside it as in a built package."""
    shutil.copytree(HERE / "labextension", place)
    (place / "static" / "look").mkdir()
    for sheet in (HERE / "look").glob("*.css"):
        shutil.copyfile(sheet, place / "static" / "look" / sheet.name)
    return place


def _lay_rows(place: Path) -> None:
    """Write what a server would give beside the notebooks: the ids of all rows, and each row as a source card."""
    (place / "rows").mkdir(parents=True)
    ids = citing.ids()
    (place / "rows.json").write_text(json.dumps(ids), encoding="utf-8", newline="\n")
    for row_id in ids:
        (place / "rows" / f"{row_id}.html").write_text(citing.card(row_id), encoding="utf-8", newline="\n")


def _unpacked(pyodide: Path, work: Path) -> Path:
    """The folder of a distribution; an archive is unpacked, without what no notebook needs."""
    if pyodide.is_dir():
        inside = pyodide / "pyodide"
        return inside if (inside / wheels.LOCK).is_file() else pyodide
    place = work / "pyodide"
    try:
        with tarfile.open(pyodide) as archive:
            wanted = [one for one in archive if one.isfile() and one.name.endswith((".whl", wheels.LOCK, *CORE))]
            for member in wanted:
                member.name = Path(member.name).name
            archive.extractall(place, members=wanted, filter="data")
    except (tarfile.TarError, EOFError) as fault:
        raise AfteachError(f"{pyodide} is no archive of Pyodide: {fault}. Fetch it again.") from None
    return place


def _lay_pyodide(place: Path, distribution: Path, kernel: Path, work: Path) -> None:
    """Copy what the notebooks need of Pyodide, and write the lock that names nothing else."""
    packed = work / "wheels"
    packed.mkdir()
    lock = wheels.read_lock(distribution)
    needed = wheels.needed(distribution, kernel / "static" / "pypi", packed)
    found = compiling.compiled(needed, lock["info"]["python"], work)
    place.mkdir(parents=True)
    core = [distribution / name for name in CORE if (distribution / name).is_file()]
    for path in (*core, *(one.wheel for one in found.values())):
        shutil.copyfile(path, place / path.name)
    lock["packages"] = {name: package.entry for name, package in sorted(found.items())}
    (place / wheels.LOCK).write_text(json.dumps(lock), encoding="utf-8", newline="\n")


def _settings() -> dict:
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": list(AT_START)}}
    data = {
        "appName": workbook().title,
        "enableServiceWorkerCache": True,
        "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        # Each workbook keeps its own notebooks, also where two stand on one host.
        "contentsStorageName": f"afteach {workbook().name}",
        "settingsStorageName": f"afteach {workbook().name} settings",
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}
