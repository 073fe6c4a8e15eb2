"""Which workbook is in use, and what its description must hold."""

from __future__ import annotations

import contextlib
import copy
import functools
import os
import subprocess
import sys
import tomllib

import pytest
import sample

import afteach
from afteach import errors, lab, workbook
from afteach.authoring import validating
from afteach.charts import entries, frames, style
from afteach.cli import main
from afteach.errors import AfteachError, DataFault
from afteach.questions import model as questions
from afteach.record import agreement, citations, descriptions, lookup, tables


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of a class, and in it the small workbook."""
    made = sample.build(tmp_path / "class" / "walk")
    sample.build_notebook(made / "notebooks")
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(made))
    return made


def change(place, old, new):
    described = place / "data" / "workbook.toml"
    text = described.read_text(encoding="utf-8")
    assert old in text
    described.write_text(text.replace(old, new), encoding="utf-8")


def test_a_named_workbook_comes_before_the_one_that_one_stands_in(place, tmp_path, monkeypatch):
    other = sample.build(tmp_path / "other")
    monkeypatch.chdir(other / "data")
    assert workbook.root() == place
    monkeypatch.delenv("AFTEACH_WORKBOOK")
    assert workbook.root() == other
    monkeypatch.chdir(tmp_path)
    assert workbook.root() not in (place, other), "the shipped one"


def test_a_named_folder_that_holds_no_workbook_is_said(place, monkeypatch, capsys):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(place / "data"))
    with pytest.raises(AfteachError, match=r"AFTEACH_WORKBOOK names .*data, but there is no data/workbook.toml in it"):
        workbook.root()
    for command in (["validate"], ["links", "--repo", "o/n", "--ref", "m"], ["lab", str(place / "x")], ["execute"]):
        assert main(command) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (place / "x").exists()


def test_every_part_of_the_engine_takes_the_workbook_in_use(place, tmp_path):
    assert list(questions.bank().chapters) == ["00-example"]
    assert set(tables.names()) == set(sample.TABLES)
    assert lab.lay_out(tmp_path / "mine") == [f"1 notebook copied to {tmp_path / 'mine'}."]
    assert style.colour("iran") == "#dc9926" and frames.in_prose("iran") == "Iran"
    assert validating.faults() == []


@pytest.mark.parametrize("command", ["validate", "links", "guide", "grade", "execute"])
def test_a_command_says_which_workbook_it_works_on(place, tmp_path, capsys, command):
    (tmp_path / "in").mkdir()
    rest = {"links": ["--repo", "o/n", "--ref", "m"], "guide": ["--out", str(tmp_path / "guide.md")],
            "grade": [str(tmp_path / "in"), "--out", str(tmp_path / "out")]}  # fmt: skip
    main([command, *rest.get(command, [])])
    out = capsys.readouterr()
    said, links = (out.err, out.out) if command == "links" else (out.out, "")
    assert said.splitlines()[0] == f"Workbook: A walk ({place})"
    assert "Workbook" not in links, "what is piped into a page holds links alone"


def test_a_kernel_keeps_its_workbook_when_a_student_goes_elsewhere(place):
    code = (
        "import os; from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance(); os.chdir('/');"
        "from afteach import workbook; print(workbook.root())"
    )
    settings = {name: value for name, value in os.environ.items() if name != "AFTEACH_WORKBOOK"}
    for settings_of in (settings, settings | {"AFTEACH_WORKBOOK": "."}):
        done = subprocess.run([sys.executable, "-c", code], cwd=place, env=settings_of, capture_output=True, text=True)
        assert done.stdout.strip().splitlines()[-1:] == [str(place)], done.stderr


def test_lab_tells_its_kernels_which_workbook_it_laid_out(place, tmp_path, monkeypatch):
    import jupyterlab.labapp

    given = []
    monkeypatch.setattr(jupyterlab.labapp, "main", given.append)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.delenv("AFTEACH_WORKBOOK")
    monkeypatch.chdir(place / "notebooks")
    assert main(["lab", str(tmp_path / "elsewhere"), "--no-browser"]) == 0
    assert os.environ["AFTEACH_WORKBOOK"] == str(place)
    assert "--LabApp.default_url=/lab/tree/00-example.ipynb" in given[0]
    monkeypatch.undo()


def test_load_without_a_name_lists_the_tables(place):
    listed = afteach.load()
    assert repr(listed).splitlines()[2] == "events       4 rows  Events"
    assert "| `events` | 4 | Events |" in listed._repr_markdown_()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"so001"', '"so009"', "workbook.toml: article 'so009' is no row of sources."),
        ('claims = "claims"', 'claims = "claims"\nchecks = "checks"', "workbook.toml: roles names the table 'checks', which"),
        ("[ties]", '[credits]\nwalks = "us"\n[ties]', "workbook.toml: credits names the table 'walks', which there is not."),
        ("russia =", "rusia =", "workbook.toml: ties names 'rusia', which is no relationship of the tables."),
        ("russia =", "rusia =", "workbook.toml: ties lacks 'russia', so it would have no colour of its own."),
        ('["00-example"]', '["00-example", "01-more"]', "workbook.toml: there is no notebook 01-more.ipynb."),
        ('["00-example"]', '["01-more"]', "00-example.ipynb: it is in no group of workbook.toml, so nobody would get it."),
        ('"Goals", ', '"Goals", "Friends", ', "00-example.ipynb: the section '## Friends' is missing"),
    ],
)  # fmt: skip
def test_a_description_that_does_not_fit_the_workbook_is_a_fault(place, old, new, fault):
    change(place, old, new)
    assert [said for said in validating.faults() if said.startswith(fault)]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name = "sample"', 'name = "A b"', r"workbook\.toml: .*name"),
        ('title = "A walk"', "", r"workbook\.toml: .*'title'"),
        ('title = "A walk"', 'title = ""', r"workbook\.toml: .*length >= 1 - at '\$.title'"),
        ('claims = "claims"', 'claims = ""', r"workbook\.toml: .*length >= 1 - at '\$.roles.claims'"),
        ("[ties]", '[measure]\nstatements = ""\nrecords = "x"\n[ties]', r"workbook\.toml: .*'\$.measure.statements'"),
        ("[ties]", "[tie]", r"workbook\.toml: "),
        ("article =", "paragraph = '('\narticle =", r"paragraph is no pattern"),
        (
            'steps = [{ notebooks = ["00-example"]',
            'steps = [{ notebooks = ["07"]',
            "plans name '07', which is in no group",
        ),
    ],
)
def test_a_description_that_cannot_be_read_names_what_is_wrong(place, capsys, old, new, fault):
    change(place, old, new)
    with pytest.raises(DataFault, match=fault):
        workbook.workbook()
    assert main(["validate"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def spots(value, at=()):
    """The way to everything in a description, the outermost first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*at, key)
        yield from spots(held, (*at, key))


@pytest.mark.parametrize(
    "wrong", [7, -1.5, True, "", "\u202e\n\x07", "x" * 100_000, [], [7], ["a", ["b"]], {}, {"a": 1}]
)
def test_a_wrong_value_anywhere_in_a_description_is_a_fault_in_words_or_does_no_harm(monkeypatch, root, wrong):
    whole = tomllib.loads((root / "tests" / "ferry" / "data" / "workbook.toml").read_text(encoding="utf-8"))
    for way in spots(whole):
        given = copy.deepcopy(whole)
        held = functools.reduce(lambda value, key: value[key], way[:-1], given)
        held[way[-1]] = wrong
        monkeypatch.setattr(workbook.toml, "loads", lambda text, given=given: given)
        workbook._read.cache_clear()
        monkeypatch.setenv("AFTEACH_WORKBOOK", str(root / "tests" / "ferry"))
        try:
            about = workbook.workbook()
        except DataFault as fault:
            assert str(fault).startswith("workbook.toml: ") and len(errors.one_line(str(fault))) < 1100, way
            continue
        monkeypatch.setattr(entries, "workbook", lambda about=about: about)
        for name in about.charts:
            with contextlib.suppress(DataFault):
                entries.entry(name)
    workbook._read.cache_clear()


def test_a_message_stays_on_one_line_and_does_nothing_to_a_terminal(place, capsys):
    change(place, '"so001"', r'"so\nx\u001b[2J\u202e' + "y" * 50_000 + '"')
    assert main(["validate"]) == 1
    [told] = [line for line in capsys.readouterr().out.splitlines() if "is no row of sources" in line]
    assert told.isprintable() and len(told) < 1100 and r"so x\x1b[2J\u202eyyy" in told
    (place / "data" / "workbook.toml").write_text('title = "\u200c')
    assert main(["grade", "x\n\x1b[2Jx", "--out", str(place / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_shapes_of_ids_are_those_of_the_tables(place):
    found = lookup.id_pattern().findall(
        "P01-1, ev01, ev09, cg001 and fg77 are ids; P01, walk, ex-01 and zz01 are none."
    )
    assert found == ["P01-1", "ev01", "ev09", "cg001", "fg77"]
    text = (place / "data" / "events.csv").read_text(encoding="utf-8")
    (place / "data" / "events.csv").write_text(text.replace("ev01", "der-1").replace("ev02", "walk"), encoding="utf-8")
    assert lookup.id_pattern().findall("der-1, der-22 and walk") == ["der-1", "der-22"]


def test_a_paragraph_is_cited_as_the_workbook_says(place):
    change(place, "article =", "paragraph = '§\\d+'\narticle =")
    claims = place / "data" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace(",P02,", ",§7,"), encoding="utf-8")
    assert citations.cite("§7") == "“The long walk” (2020), paragraph §7."


def test_the_line_under_a_chart_credits_as_the_workbook_says(place):
    assert style.source_line("events") == "Source: invented; table events."
    change(place, "[ties]", '[credits]\nevents = "two walkers"\nother = "others"\n[ties]')
    assert style.source_line("events", "claims") == "Source: two walkers; others; tables events and claims."


def test_a_frame_is_known_by_the_id_of_its_rows(place):
    assert [frames.table_of(tables.load(name), "none") for name in ("events", "claims")] == ["events", "claims"]
    assert frames.table_of(tables.load("events")[["title"]], "none") == "none"


def test_a_workbook_without_codings_describes_its_claims(place):
    change(place, 'codings = "codings"', "")
    assert "coded" not in repr(descriptions.Description("claims")) and agreement.coded_columns() == []
