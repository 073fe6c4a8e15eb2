"""Bytecode in the place of Python's text: a browser keeps none, and would compile at each visit all that it imports."""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from afteach.site.wheels import OWN, Package, read_lock, write

# What stands in memory once a first chart is drawn. These modules are compiled, all others come as the shorter text.
IMPORTED = """
import sys, IPython.terminal.embed, jedi, comm, ipywidgets, anywidget, altair, pandas, msgspec
print(*sorted(name for name, module in sys.modules.items() if getattr(module, "__file__", None)))
"""
# Nobody in a notebook completes what these describe.
USELESS = ("/tests/", "jedi/third_party/django-stubs/", "jedi/third_party/typeshed/third_party/")
VERSION = "import sys; print('{}.{}'.format(*sys.version_info))"


def compiled(packages: dict[str, Package], python: str, work: Path) -> dict[str, Package]:
    """The same packages with bytecode in their wheels; as they are where `interpreter` finds none.

    Arguments: python, the version of Pyodide's Python; work, a folder that is there.
    """
    short = _short(python)
    found = interpreter(short)
    if not found:
        return packages
    source, made = work / "source", work / "compiled"
    made.mkdir()
    wanted = _imported()
    for package in packages.values():
        with zipfile.ZipFile(package.wheel) as wheel:
            wheel.extractall(source, [name for name in wheel.namelist() if _is_wanted(name, wanted)])
    place = f"/lib/python{short}/site-packages"
    # Unchecked, since a browser gives what it unpacks the time of its visit.
    command = [found, "-m", "compileall", "-q", "-b", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*command, "-s", source, "-p", place, source], capture_output=True, check=False)
    return {name: _repacked(package, source, made) for name, package in packages.items()}


@functools.lru_cache
def interpreter(short: str) -> str:
    """A Python of this version on this machine, for it alone writes what Pyodide's reads; empty where there is none."""
    for candidate in (sys.executable, shutil.which(f"python{short}"), shutil.which("python3"), shutil.which("python")):
        if candidate:
            said = subprocess.run([candidate, "-c", VERSION], capture_output=True, text=True, check=False)
            if said.stdout.strip() == short:
                return candidate
    return ""


def of_pyodide(folder: Path) -> str:
    """The version of Python in a folder with a Pyodide."""
    return _short(read_lock(folder)["info"]["python"])


def _short(python: str) -> str:
    return ".".join(python.split(".")[:2])


def _imported() -> set[str]:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=False)
    return set(done.stdout.split())


def _is_wanted(name: str, imported: set[str]) -> bool:
    """Whether a file of a wheel is a module that a notebook imports."""
    if not name.endswith(".py"):
        return False
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return module in imported or name.startswith(f"{OWN}/")


def _repacked(package: Package, source: Path, made: Path) -> Package:
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(package.wheel) as before:
        for name in before.namelist():
            bytecode = source / f"{name}c"
            if name.endswith(".py") and bytecode.is_file():
                files[f"{name}c"] = bytecode.read_bytes()
            elif not name.endswith(("/", ".dist-info/RECORD")) and not any(part in name for part in USELESS):
                files[name] = before.read(name)
    wheel = write(made / package.wheel.name, files)
    return Package({**package.entry, "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}, wheel)
