"""Which workbook this is, and the one description that the engine has of it: data/workbook.toml."""

import functools
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from afteach import toml
from afteach.errors import AfteachError, DataFault

HERE = Path(__file__).resolve().parent
DESCRIPTION = Path("data") / "workbook.toml"
_FIRST_FOLDER = os.getcwd()
Text = Annotated[str, msgspec.Meta(min_length=1)]
Colour = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}$")]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Group(_Part, frozen=True):
    """Notebooks of one sort, in order, and the sections that each of them must have beside those of all."""

    title: Text
    notebooks: list[str]
    sections: list[str] = []


class Step(_Part, frozen=True):
    """One step of a lesson plan: notebooks for everybody, or one of them for each group of students."""

    notebooks: Annotated[list[str], msgspec.Meta(min_length=1)]
    one_each: bool = False


class Plan(_Part, frozen=True):
    """A way through the workbook for a class."""

    title: Text
    steps: list[Step]
    notes: list[str] = []


class Tie(_Part, frozen=True):
    """How a relationship is drawn and named: one colour everywhere, and its name within a sentence."""

    colour: Colour
    dark: bool = False  # white is read better on it than black
    in_prose: str = ""


class Idea(_Part, frozen=True):
    """A wrong idea that several questions bring to light, and what helps a class that holds it."""

    says: str
    teach: str


class Roles(_Part, frozen=True):
    """Which tables the engine reads for what; empty where a workbook has no such table."""

    claims: Text = "claims"
    checks: str = ""
    codings: str = ""
    figures: str = "figures"
    sources: str = "sources"
    places: str = ""
    outcomes: list[str] = []  # sealed until the forecasts that they settle are recorded


class Measure(_Part, frozen=True):
    """The tables of a measure that is taken before and after: statements that are rated, and the records to rate them by."""

    statements: Text
    records: Text
    after: str = ""  # the notebook in which the second half is offered


class Workbook(_Part, frozen=True):
    """What the engine must know of one workbook; all else stands in datapackage.json and the question bank."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Text
    article: str  # the row of sources that is the article
    groups: list[Group]
    ties: dict[str, Tie]
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    paragraph: str = r"P\d{2}"  # how a paragraph is cited
    sections: list[str] = []  # what every notebook must have
    roles: Roles = Roles()
    measure: Measure | None = None
    credits: dict[
        str, str
    ] = {}  # table -> whose work its rows are, for a source line; "other" for the rest; codings: how
    plans: list[Plan] = []
    ideas: Annotated[dict[str, Idea], msgspec.Meta(max_length=12)] = {}  # name -> a wrong idea; more are not remembered
    charts: dict[str, dict] = {}  # name -> the words and columns of a chart of counts; charts read it

    def __post_init__(self) -> None:
        if not self.notebooks:
            raise ValueError("groups name no notebook")
        if len(set(self.notebooks)) < len(self.notebooks):
            raise ValueError("groups name a notebook twice")
        if self.measure and self.measure.after and self.measure.after not in self.notebooks:
            raise ValueError(f"measure names '{self.measure.after}', which is in no group")
        unknown = {stem for plan in self.plans for step in plan.steps for stem in step.notebooks} - set(self.notebooks)
        if unknown:
            raise ValueError(f"plans name '{min(unknown)}', which is in no group")
        try:
            re.compile(self.paragraph)
        except re.error as fault:
            raise ValueError(f"paragraph is no pattern: {fault}") from None

    @property
    def notebooks(self) -> list[str]:
        """The names of all notebooks, in order, without their ending."""
        return [stem for group in self.groups for stem in group.notebooks]

    @property
    def measure_tables(self) -> tuple[str, ...]:
        """The tables of the measure; none where there is no measure."""
        return (self.measure.statements, self.measure.records) if self.measure else ()

    @property
    def first(self) -> str:
        """The notebook that is opened first."""
        return self.notebooks[0]

    def after(self, stem: str) -> str:
        """The notebook after one; empty after the last."""
        rest = self.notebooks[self.notebooks.index(stem) + 1 :] if stem in self.notebooks else []
        return rest[0] if rest else ""

    def sections_of(self, stem: str) -> list[str]:
        """The sections that a notebook must have."""
        return self.sections + [name for group in self.groups if stem in group.notebooks for name in group.sections]


def root() -> Path:
    """The folder with data/ and notebooks/: AFTEACH_WORKBOOK, else the one that one stands in, else the shipped one.

    Errors: AfteachError where AFTEACH_WORKBOOK names no workbook, or none is shipped.
    """
    # Asked at each look-up of a row, and so without a Path where nothing has changed.
    return _root(os.environ.get("AFTEACH_WORKBOOK", ""), getattr(shell(), "starting_dir", "") or os.getcwd())


@functools.lru_cache(maxsize=64)
def _root(named: str, here: str) -> Path:
    if named:
        folder = here / Path(named).expanduser()
        if (folder / DESCRIPTION).is_file():
            return folder
        raise AfteachError(
            f"AFTEACH_WORKBOOK names {folder}, but there is no {DESCRIPTION.as_posix()} in it. "
            "Unset AFTEACH_WORKBOOK, or point it at the folder of a workbook."
        )
    place = Path(here)
    # Only the wheel carries data/ and notebooks/ inside the package; a checkout has them at its root.
    for folder in (place, *place.parents, HERE, HERE.parent.parent):
        if (folder / DESCRIPTION).is_file():
            return folder
    raise AfteachError("The workbook of afteach is missing. Install afteach again, or run it from its own checkout.")


def start_dir() -> Path:
    """The folder of the notebook that this kernel runs, wherever os.chdir has led it since."""
    return Path(getattr(shell(), "starting_dir", _FIRST_FOLDER))


def shell() -> Any:
    """The IPython that runs this; None where none does."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def data_dir() -> Path:
    """The folder of tables and questions."""
    return root() / "data"


def notebooks_dir() -> Path:
    """The folder of the workbook's own notebooks, never the student's copies."""
    return root() / "notebooks"


def notebook_files() -> list[Path]:
    """The workbook's notebooks that are there, in its own order."""
    files = (notebooks_dir() / f"{stem}.ipynb" for stem in workbook().notebooks)
    return [path for path in files if path.is_file()]


def workbook() -> Workbook:
    """The description of the workbook in use; DataFault names what is wrong with it."""
    path = root() / DESCRIPTION
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Workbook:
    try:
        return msgspec.convert(toml.loads(path.read_text(encoding="utf-8")), Workbook)
    except UnicodeDecodeError as fault:
        raise DataFault(f"{path.name}: byte {fault.start} is not UTF-8. Save the file as UTF-8.") from None
    except (OSError, toml.TOMLDecodeError, RecursionError, msgspec.ValidationError) as fault:
        raise DataFault(f"{path.name}: {str(fault).replace('`', chr(39))}.") from None
