"""The afteach command. Errors are one line that names the file and the next step; never a traceback."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import socket
import sys
from pathlib import Path

from afteach import paths
from afteach.errors import AfteachError

FIRST = "00-start-here.ipynb"
EDITIONS = ".afteach-editions.json"


def main(argv: list[str] | None = None) -> int:
    """Run the afteach command; returns its exit status: 0, 1 where validate finds faults, 2 for an error."""
    parser = _parser()
    try:
        given = parser.parse_args(argv)
        status = given.run(given) or 0
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever reads the output had enough of it. What is left goes nowhere, or Python would say so once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except AfteachError as fault:
        print(f"afteach: {fault}", file=sys.stderr)
    except OSError as fault:
        named = f"{fault.filename}: " if fault.filename else ""
        print(f"afteach: {named}{fault.strerror or fault}. Check the path and try again.", file=sys.stderr)
    except KeyboardInterrupt:
        print("afteach: stopped.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="afteach", description="A workbook that reads one article as evidence.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    lab = commands.add_parser("lab", help="copy the notebooks into a folder and open JupyterLab")
    lab.add_argument("folder", nargs="?", default="my-workbook", metavar="DIR", help="default: my-workbook")
    lab.add_argument("--port", type=int, help="the port to listen on; default: the first free one from 8888")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.set_defaults(run=_lab)

    validate = commands.add_parser("validate", help="list every fault in tables, keys, questions and notebooks")
    validate.add_argument("--bank", metavar="FILE", type=Path, help="check one question file or folder alone")
    validate.set_defaults(run=_validate)

    execute = commands.add_parser("execute", help="run the notebooks in place, leaving no random trace")
    execute.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="default: all")
    execute.set_defaults(run=_execute)

    submit = commands.add_parser("submit", help="write one file to hand in")
    submit.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="the folders of your notebooks")
    submit.add_argument("--name", required=True, help="your name or a pseudonym")
    submit.set_defaults(run=_submit)

    links = commands.add_parser("links", help="a Binder or JupyterHub link for each notebook")
    links.add_argument("--repo", required=True, metavar="OWNER/NAME")
    links.add_argument("--ref", required=True, help="a branch, tag or commit")
    links.add_argument("--hub", metavar="URL", help="a JupyterHub instead of Binder")
    links.add_argument("--format", choices=["markdown", "html", "text"], default="markdown")
    links.set_defaults(run=_links)

    grade = commands.add_parser("grade", help="mark what students handed in")
    grade.add_argument("places", nargs="+", type=Path, metavar="FILE", help="files, folders or zips, as they come")
    grade.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder for the results")
    grade.add_argument("--roster", type=Path, metavar="CSV", help="the class list, to see who is missing")
    grade.add_argument("--bank", type=Path, metavar="FILE", help="your own question file or folder")
    grade.add_argument(
        "--layout", choices=["plain", "moodle", "canvas"], default="plain", help="how to write the gradebook"
    )
    grade.add_argument("--anonymous", action="store_true", help="no names in report.html")
    grade.set_defaults(run=_grade)

    guide = commands.add_parser("guide", help="write the teacher's guide")
    guide.add_argument("--out", required=True, type=Path, metavar="FILE", help="a file that ends in .html or .md")
    guide.add_argument("--bank", type=Path, metavar="FILE", help="your own question file or folder")
    guide.set_defaults(run=_guide)
    return parser


def _lab(given: argparse.Namespace) -> int:
    folder = Path(given.folder).expanduser()
    if given.port is not None:
        _try_port(given.port)
    for line in lay_out(folder):
        print(line)
    blind = sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    options = [
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        # Nothing here asks the network for anything, JupyterLab's news included.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container one often is root, and JupyterLab would refuse.
        options.append("--ServerApp.allow_root=True")
    if given.port is not None:
        options += [f"--ServerApp.port={given.port}", "--ServerApp.port_retries=0"]
    if given.no_browser or blind:
        options.append("--ServerApp.open_browser=False")
        print("Open the address that JupyterLab prints below in a browser.")
    sys.stdout.flush()
    # It would ask whether to fetch news; the student's own settings stay as they are.
    own = [str(paths.HERE / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, own))
    from jupyterlab.labapp import main as jupyterlab

    jupyterlab(options)
    return 0


def _try_port(port: int) -> None:
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


def lay_out(folder: Path) -> list[str]:
    """Copy the notebooks flat into a folder; a file that the student changed is never touched.

    Returns what was done, in words. Errors: AfteachError where the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        editions = _editions(folder)
        said = [_lay_one(source, folder, editions) for source in sorted(paths.notebooks_dir().glob("*.ipynb"))]
        (folder / EDITIONS).write_text(json.dumps(editions, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise AfteachError(f"The folder {folder} cannot be used ({reason}). Name another: afteach lab DIR") from None
    new = sum(line == "new" for line in said)
    head = f"{new} notebooks copied to {folder}." if new else f"Your notebooks in {folder} are as you left them."
    return [head, *(line for line in said if line not in ("new", ""))]


def _lay_one(source: Path, folder: Path, editions: dict[str, str]) -> str:
    shipped = _digest(source)
    target = folder / source.name
    if target.is_symlink() or target.exists():
        mine = _digest(target)
        if mine == shipped or editions.get(source.name) == shipped:
            editions[source.name] = shipped
            return ""
        if mine != editions.get(source.name):
            return _lay_beside(source, target, shipped, editions)
    shutil.copyfile(source, target)
    fresh = source.name not in editions
    editions[source.name] = shipped
    return "new" if fresh else f"{source.name} was brought up to date; you had not changed it."


def _lay_beside(source: Path, target: Path, shipped: str, editions: dict[str, str]) -> str:
    name = f"{target.stem}.new.ipynb"
    beside, number = target.with_name(name), 2
    while beside.exists() and _digest(beside) not in (shipped, editions.get(beside.name)):
        beside = target.with_name(f"{target.stem}.new-{number}.ipynb")
        number += 1
    shutil.copyfile(source, beside)
    editions[beside.name] = editions[source.name] = shipped
    return f"You changed {target.name}, so it was left alone; the newer edition is beside it as {beside.name}."


def _editions(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / EDITIONS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        # Without it every file counts as changed by the student, which loses nothing.
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _validate(given: argparse.Namespace) -> int:
    from afteach.teach import validating

    found = validating.bank_faults(given.bank) if given.bank else validating.faults()
    for fault in found:
        print(fault)
    print(f"{len(found)} fault{'s' if len(found) > 1 else ''}." if found else "No fault found.")
    return 1 if found else 0


def _execute(given: argparse.Namespace) -> int:
    from afteach.teach import executing

    chosen = given.notebooks or sorted(paths.notebooks_dir().glob("*.ipynb"))
    for path in chosen:
        done = executing.execute(path)
        print(f"{path.name}: {'written' if done.changed else 'unchanged'}")
        for line in done.read_again:
            print(line)
        sys.stdout.flush()
    return 0


def _submit(given: argparse.Namespace) -> int:
    from afteach import submission

    folders, left_out = submission.find(given.folders, Path.cwd())
    print(submission.write(given.name, folders, Path.cwd()))
    if left_out:
        print(left_out)
    return 0


def _links(given: argparse.Namespace) -> int:
    from afteach.teach import links

    names = [path.name for path in sorted(paths.notebooks_dir().glob("*.ipynb"))]
    print(links.links(given.repo, given.ref, notebooks=names, hub=given.hub, format=given.format))
    return 0


def _grade(given: argparse.Namespace) -> int:
    from afteach import questions
    from afteach.teach import gradebook
    from afteach.teach.roster import read_roster

    roster = read_roster(given.roster) if given.roster else None
    bank = questions.bank(given.bank)
    for line in gradebook.grade(given.places, given.out, roster, bank, given.layout, given.anonymous):
        print(line)
    return 0


def _guide(given: argparse.Namespace) -> int:
    from afteach import questions
    from afteach.teach import guide

    print(guide.write(given.out, questions.bank(given.bank)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
