"""The afteach command. Errors are one line that names the file and the next step; never a traceback."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from afteach.errors import AfteachError, one_line

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def main(argv: list[str] | None = None) -> int:
    """Run the afteach command; returns its exit status: 0, 1 where validate finds faults, 2 for an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A folder or a name may hold letters that this terminal cannot show; that must not end the work.
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    try:
        try:
            given = parser.parse_args(argv)
            return given.run(given) or 0
        finally:
            sys.stdout.flush()
    except AfteachError as fault:
        problem = str(fault)
    except OSError as fault:
        # Windows has a number of its own for a reader who went away.
        if isinstance(fault, BrokenPipeError) or (os.name == "nt" and fault.errno == errno.EINVAL):
            _leave(sys.stdout)
            return 1
        named = f"{fault.filename}: " if fault.filename else ""
        problem = f"{named}{fault.strerror or fault}. Check the path and try again."
    except KeyboardInterrupt:
        problem = "stopped."
    try:
        print(f"afteach: {one_line(problem)}", file=sys.stderr, flush=True)
    except OSError:
        _leave(sys.stderr)
    return 2


def _leave(stream: TextIO) -> None:
    """What is left to be printed goes nowhere, for nobody reads it, and Python would complain of that at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="afteach", description="A workbook that reads one article as evidence.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_students(commands)
    _add_authors(commands)
    _add_teachers(commands)
    _add_exchange(commands)
    return parser


def _add_students(commands: Commands) -> None:
    lab = commands.add_parser("lab", help="copy the notebooks into a folder and open JupyterLab")
    lab.add_argument("folder", nargs="?", metavar="DIR", help="default: my-workbook")
    lab.add_argument("--port", type=int, help="the port to listen on; default: the first free one from 8888")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--bring-back", action="store_true", help="copy notebooks again that you have deleted")
    lab.set_defaults(run=_lab)

    submit = commands.add_parser("submit", help="write one file to hand in")
    submit.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="the folders of your notebooks")
    submit.add_argument("--name", required=True, help="your name or a pseudonym")
    submit.set_defaults(run=_submit)


def _add_authors(commands: Commands) -> None:
    new = commands.add_parser("new", help="write an empty workbook, to be filled with another article")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is not there yet, or empty")
    new.add_argument("--title", default="", help="default: the folder's name")
    new.set_defaults(run=_new)

    validate = commands.add_parser("validate", help="list every fault in tables, keys, questions and notebooks")
    validate.add_argument("--bank", metavar="FILE", type=Path, help="check one question file or folder alone")
    validate.set_defaults(run=_validate)

    execute = commands.add_parser("execute", help="run the notebooks in place, leaving no random trace")
    execute.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="default: all")
    execute.set_defaults(run=_execute)

    links = commands.add_parser("links", help="a Binder or JupyterHub link for each notebook")
    links.add_argument("--repo", required=True, metavar="OWNER/NAME")
    links.add_argument("--ref", required=True, help="a branch, tag or commit")
    links.add_argument("--hub", metavar="URL", help="a JupyterHub instead of Binder")
    links.add_argument("--format", choices=["markdown", "html", "text"], default="markdown")
    links.set_defaults(run=_links)


def _add_teachers(commands: Commands) -> None:
    grade = commands.add_parser("grade", help="mark what students handed in")
    grade.add_argument("places", nargs="+", type=Path, metavar="FILE", help="files, folders or zips, as they come")
    grade.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder for the results")
    grade.add_argument("--roster", type=Path, metavar="CSV", help="the class list, to see who is missing")
    grade.add_argument("--bank", type=Path, metavar="FILE", help="your own question file or folder")
    grade.add_argument(
        "--layout", choices=["plain", "moodle", "canvas"], default="plain", help="how to write the gradebook"
    )
    grade.add_argument("--feedback", type=Path, metavar="DIR", help="a page for each student, zipped for the platform")
    grade.add_argument(
        "--late", default="", metavar="DATE", help="mark what was handed in after 2030-05-03 or 2030-05-03T17:00"
    )
    grade.add_argument("--anonymous", action="store_true", help="no names in report.html")
    grade.set_defaults(run=_grade)

    site = commands.add_parser("site", help="write the workbook as a folder for any web server")
    site.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder, or one of an earlier site")
    site.add_argument(
        "--pyodide", type=Path, metavar="FILE", help="Pyodide, archive or folder, for notebooks that run in the browser"
    )
    site.set_defaults(run=_site)

    serve = commands.add_parser("serve", help="serve a built site from this machine to one room")
    serve.add_argument("folder", type=Path, metavar="DIR", help="the folder that afteach site wrote")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    serve.set_defaults(run=_serve)

    guide = commands.add_parser("guide", help="write the teacher's guide")
    guide.add_argument("--out", required=True, type=Path, metavar="FILE", help="a file that ends in .html or .md")
    guide.add_argument("--bank", type=Path, metavar="FILE", help="your own question file or folder")
    guide.set_defaults(run=_guide)


def _add_exchange(commands: Commands) -> None:
    export = commands.add_parser("export", help="write the question bank for Moodle, Canvas, Anki and others")
    export.add_argument("--to", required=True, choices=["moodle", "qti21", "gift", "csv", "anki"], help="the format")
    export.add_argument("--out", required=True, type=Path, metavar="FILE", help="the file to write")
    export.add_argument("--notebook", default="", metavar="NAME", help="the questions of one notebook alone")
    export.add_argument("--bank", type=Path, metavar="FILE", help="your own question file or folder")
    export.set_defaults(run=_export)

    take_in = commands.add_parser("import", help="turn questions of another program into a question file")
    take_in.add_argument("format", choices=["jupyterquiz"], help="what wrote the file")
    take_in.add_argument("file", type=Path, metavar="FILE")
    take_in.add_argument("--out", required=True, type=Path, metavar="FILE", help="the question file to write (.toml)")
    take_in.set_defaults(run=_import)


def _say_which(stream: TextIO) -> None:
    """Which workbook a command works on: it goes by the folder that one stands in, which is easily another one."""
    from afteach.words import say
    from afteach.workbook import root, workbook

    print(say("lab.workbook", title=workbook().title, folder=root()), file=stream, flush=True)


def _lab(given: argparse.Namespace) -> None:
    from afteach import lab
    from afteach.words import say

    try:
        folder = Path(given.folder).expanduser() if given.folder is not None else lab.usual_folder(Path.cwd())
    except RuntimeError:
        raise AfteachError(
            f"There is nobody whose folder {given.folder} could be. Name another: afteach lab DIR"
        ) from None
    if given.port is not None:
        lab.try_port(given.port)
    _say_which(sys.stdout)
    for line in lab.lay_out(folder, given.bring_back):
        print(line)
    browser = lab.has_screen() and not given.no_browser
    if not browser:
        print(say("lab.open_address"))
    sys.stdout.flush()
    lab.open_lab(folder, given.port, browser)


def _new(given: argparse.Namespace) -> None:
    from afteach.authoring import new

    for line in new.write(given.folder.expanduser(), given.title):
        print(line)


def _validate(given: argparse.Namespace) -> int:
    from afteach.authoring import validating

    if given.bank is None:
        _say_which(sys.stdout)
    found = validating.bank_faults(given.bank) if given.bank else validating.faults()
    for fault in found:
        print(one_line(fault))
    print(f"{len(found)} fault{'s' if len(found) > 1 else ''}." if found else "No fault found.")
    return 1 if found else 0


def _execute(given: argparse.Namespace) -> None:
    from afteach.authoring import executing
    from afteach.workbook import notebook_files

    chosen = given.notebooks or notebook_files()
    _say_which(sys.stdout)
    for path in chosen:
        done = executing.execute(path)
        print(f"{path.name}: {'written' if done.changed else 'unchanged'}")
        for line in done.read_again:
            print(line)
        sys.stdout.flush()


def _submit(given: argparse.Namespace) -> None:
    from afteach.answers import submission

    folders, left_out = submission.find(given.folders, Path.cwd())
    print(submission.write(given.name, folders, Path.cwd()).said)
    if left_out:
        print(left_out)


def _links(given: argparse.Namespace) -> None:
    from afteach.authoring import links
    from afteach.workbook import notebook_files

    names = [path.name for path in notebook_files()]
    made = links.links(given.repo, given.ref, notebooks=names, hub=given.hub, format=given.format)
    # The links themselves are piped into a page.
    _say_which(sys.stderr)
    print(made)


def _grade(given: argparse.Namespace) -> None:
    from afteach.grading import gradebook
    from afteach.grading.class_list import read_roster
    from afteach.questions import model as questions

    roster = read_roster(given.roster) if given.roster else None
    bank = questions.bank(given.bank)
    _say_which(sys.stdout)
    options = {"anonymous": given.anonymous, "feedback": given.feedback, "late": given.late}
    for line in gradebook.grade(given.places, given.out, roster, bank, given.layout, **options):
        print(line)


def _site(given: argparse.Namespace) -> None:
    from afteach.site import building

    _say_which(sys.stdout)
    for line in building.build(given.out, given.pyodide):
        print(line, flush=True)


def _serve(given: argparse.Namespace) -> None:
    from afteach.site import serving

    with serving.open_server(given.folder, given.port) as server:
        for line in serving.told(given.port):
            print(line, flush=True)
        server.serve_forever()


def _guide(given: argparse.Namespace) -> None:
    from afteach.authoring import guide
    from afteach.questions import model as questions

    _say_which(sys.stdout)
    print(guide.write(given.out, questions.bank(given.bank)))


def _export(given: argparse.Namespace) -> None:
    from afteach.exchange import exporting
    from afteach.questions import model as questions

    done, lost = exporting.export(questions.bank(given.bank), given.to, given.out, given.notebook)
    _say_which(sys.stdout)
    for line in done:
        print(line, flush=True)
    for line in lost:
        print(line, file=sys.stderr)


def _import(given: argparse.Namespace) -> None:
    from afteach.exchange import jupyterquiz

    done, lost = jupyterquiz.take_in(given.file, given.out)
    for line in done:
        print(line, flush=True)
    for line in lost:
        print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
