"""What Python in a browser needs of a workbook, as wheels: the workbook itself, and each package that it imports.

What is compiled comes with Pyodide. What is Python alone is packed again from the packages that are installed here, so
that a build asks no network and ships the versions that were tried.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from afteach.answers.submission import own_version
from afteach.errors import AfteachError
from afteach.workbook import HERE, data_dir

LOCK = "pyodide-lock.json"
OWN = "afteach"
# Rooms that nobody opens in a browser's kernel.
TEACHERS_ROOMS = {"authoring", "exchange", "grading", "jupyter", "labextension", "site", "__pycache__"}
# The page has these as its extensions; a kernel never imports them.
ON_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
COMPILED = (".so", ".pyd", ".dylib")
SPED_UP = "__mypyc."  # what such a package shares


class Package(NamedTuple):
    """One entry of the lock, and the wheel that it names."""

    entry: dict[str, Any]
    wheel: Path


def needed(distribution: Path, kernel: Path, work: Path) -> dict[str, Package]:
    """Every package that the workbook needs in the browser, by its name.

    Arguments: distribution, a folder with Pyodide's lock and wheels; kernel, the folder of the kernel's own wheels;
    work, an empty folder for wheels that are made. Errors: AfteachError names a package that is to be had nowhere.
    """
    lock = read_lock(distribution)
    python = lock["info"]["python"]
    made = {OWN: own_wheel(work)} | {_name(path): path for path in sorted(kernel.glob("*.whl"))}
    shipped = {_name(path): path for path in sorted(distribution.glob("*.whl"))}
    found: dict[str, Package] = {}
    waiting = [OWN, "ipykernel", "jedi", "micropip"]
    while waiting:
        name = waiting.pop()
        if name in found or name in ON_THE_PAGE:
            continue
        package = _package(name, lock, made, shipped, python, work)
        if package is None:
            raise AfteachError(
                f"{name} is neither in the Pyodide at {distribution} nor installed here as Python alone. "
                "Give --pyodide the whole distribution (its name is pyodide-VERSION.tar.bz2)."
            )
        found[name] = package
        waiting += package.entry["depends"]
    return found


def read_lock(distribution: Path) -> dict[str, Any]:
    """What a Pyodide says of its packages; AfteachError where the folder holds no Pyodide."""
    try:
        lock = json.loads((distribution / LOCK).read_text(encoding="utf-8"))
        lock["info"]["python"], lock["packages"].items()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise AfteachError(f"There is no Pyodide in {distribution}: it has no {LOCK} that can be read.") from None
    return lock


def _package(
    name: str, lock: dict[str, Any], made: dict[str, Path], shipped: dict[str, Path], python: str, work: Path
) -> Package | None:
    if name in made:
        return _described(made[name], python)
    entry = {canonical(key): value for key, value in lock["packages"].items()}.get(name)
    wheel = shipped.get(name)
    if entry and wheel and entry["file_name"] == wheel.name and _suits(name, entry["version"]):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != entry["sha256"]:
            raise AfteachError(f"{wheel} is not what its Pyodide says it is. Fetch the distribution again.")
        return Package({**entry, "depends": [canonical(one) for one in entry["depends"]]}, wheel)
    if wheel and _suits(name, wheel.name.split("-")[1]):
        return _described(wheel, python)
    packed = _packed_again(name, work)
    return _described(packed, python) if packed else None


def _suits(name: str, version: str) -> bool:
    """Whether a version is one that this package asks for."""
    from packaging.requirements import Requirement

    asked = [Requirement(line) for line in metadata.requires(OWN) or []]
    return all(one.specifier.contains(version, prereleases=True) for one in asked if canonical(one.name) == name)


def own_wheel(work: Path) -> Path:
    """This package and the workbook's data as one wheel, without the rooms of instructors and authors."""
    files = {f"{OWN}/{path.relative_to(HERE).as_posix()}": path for path in sorted(_own_files())}
    files |= {f"{OWN}/data/{path.relative_to(data_dir()).as_posix()}": path for path in sorted(_data_files())}
    asked = "".join(f"Requires-Dist: {line}\n" for line in metadata.requires(OWN) or [])
    return _pack(work, OWN, own_version(), {name: path.read_bytes() for name, path in files.items()}, asked)


def _own_files() -> Iterator[Path]:
    for path in HERE.rglob("*"):
        inside = path.relative_to(HERE).parts
        if path.is_file() and not TEACHERS_ROOMS & set(inside) and inside[0] not in ("data", "notebooks", "cli.py"):
            yield path


def _data_files() -> Iterator[Path]:
    for path in data_dir().rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(data_dir()).parts)
        if path.is_file() and path.suffix in (".csv", ".toml", ".json") and not hidden:
            yield path


def _packed_again(name: str, work: Path) -> Path | None:
    """A wheel of a package that is installed here and is Python alone; None where it is compiled or not here."""
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    # Scripts and what belongs to the page lie outside, at "../".
    inside = [path for path in installed.files or [] if path.parts[0] != ".." and path.suffix != ".pyc"]
    texts = {path.as_posix() for path in inside}
    compiled = {path for path in inside if path.suffix in COMPILED}
    # Some are compiled from their own Python for speed alone, and bring that too.
    as_text = {path: path.with_name(path.name.split(".")[0] + ".py").as_posix() for path in compiled}
    if any(as_text[path] not in texts and SPED_UP not in path.name for path in compiled):
        return None
    kept = [path for path in inside if path not in compiled and ".dist-info/" not in path.as_posix()]
    files = {path.as_posix(): Path(str(path.locate())).read_bytes() for path in kept}
    asked = "".join(f"Requires-Dist: {line}\n" for line in installed.requires or [])
    return _pack(work, name, installed.version, files, asked)


def _pack(work: Path, name: str, version: str, files: dict[str, bytes], requires: str) -> Path:
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"{stem}.dist-info"
    whole = files | {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: afteach\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    return write(work / f"{stem}-py3-none-any.whl", whole)


def write(wheel: Path, files: dict[str, bytes]) -> Path:
    """Write a wheel of files, the list that says what is in it among them."""
    about = next(name.partition("/")[0] for name in files if name.endswith(".dist-info/METADATA"))
    record = "".join(f"{key},sha256={_digest(data)},{len(data)}\n" for key, data in files.items())
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as out:
        for key, data in (files | {f"{about}/RECORD": f"{record}{about}/RECORD,,\n".encode()}).items():
            # Without a time of its own, so that the same files give the same wheel.
            out.writestr(zipfile.ZipInfo(key), data, zipfile.ZIP_DEFLATED)
    return wheel


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _described(wheel: Path, python: str) -> Package:
    """A wheel and its entry in the lock, with what it depends on in a browser."""
    from packaging.requirements import Requirement

    with zipfile.ZipFile(wheel) as inside:
        names = inside.namelist()
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        told = inside.read(about).decode("utf-8", "replace")
    head = told.split("\n\n")[0].splitlines()
    asked = [Requirement(line.split(":", 1)[1].strip()) for line in head if line.startswith("Requires-Dist:")]
    there = _environment(python)
    depends = {canonical(one.name) for one in asked if not one.marker or one.marker.evaluate(there)}
    entry = {
        "name": _name(wheel),
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(set(_imported(names))),
        "depends": sorted(depends - ON_THE_PAGE),
        "unvendored_tests": False,
    }
    return Package(entry, wheel)


def _environment(python: str) -> dict[str, str]:
    """What a requirement's marker asks, answered for Python in a browser."""
    short = ".".join(python.split(".")[:2])
    return {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_system": "Emscripten",
        "python_full_version": python,
        "python_version": short,
        "sys_platform": "emscripten",
        "extra": "",
    }


def _imported(names: Iterable[str]) -> Iterator[str]:
    """The names at the top of a wheel that Python can import."""
    for name in names:
        first, _, rest = name.partition("/")
        if rest and name.endswith((".py", ".pyc", ".so")) and not first.endswith((".dist-info", ".data")):
            yield first
        elif not rest and first.endswith(".py"):
            yield first.removesuffix(".py")


def _name(wheel: Path) -> str:
    return canonical(wheel.name.split("-")[0])


def canonical(name: str) -> str:
    """A package's name as all ways of writing it come down to."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)
