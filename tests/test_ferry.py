"""The whole engine on a second workbook, far from the first: nothing of the first may come out of it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

ROOMS = ("AFTEACH_WORKBOOK", "AFTEACH_ANSWERS", "AFTEACH_PNG")
# What a student types into a kernel; each part prints what it was given.
SESSION = """
from afteach import ask, check, hint, solution, load, describe, cite, contents, progress, submit, charts
from afteach.questions import model
from afteach.record import tables
for name in tables.names():
    print(name, load(name).columns.tolist(), describe(name))
    for row in tables.records(name):
        print(cite(row[tables.resource(name)["schema"]["primaryKey"][0]]))
print(cite("S2"), cite(" s2-1 "))
for question in model.bank().values():
    print(ask(question.id), hint(question.id), check(question.id, ...))
def say(question_id, answer):
    verdict = check(question_id, answer)
    print(f"{question_id} {verdict.outcome}:", verdict.message)
claims = load("claims")
say("fe-01", "a"); say("fe-02", "a"); say("fe-02", "b"); say("fe-03", ["a", "c"]); say("fe-04", "nordlinje")
say("fe-04", "saether"); say("fe-05", "The harbour (co4), if it looked."); say("co-01", ["contract", "winter", "denial"])
say("co-02", {"council": "signs", "company": "denies"}); say("co-03", 1200); say("co-03", 12)
say("co-04", claims["relationship"].value_counts()); say("co-05", 384)
print("sealed:", len(load("afterwards")), cite("then1"))
say("la-01", 0.7)
print("open:", len(load("afterwards")), cite("then1"))
say("la-02", "b"); say("la-03", "Little.")
for question in model.bank():
    print(solution(question))
events, outside, checks = load("events"), load("outside_events"), load("comparisons")
drawn = [
    charts.timeline(events), charts.timeline(outside, relationship="council"), charts.places(events),
    charts.stances(load("stances")), charts.matrix(claims), charts.ladder(claims), charts.wording(claims, checks),
    charts.forecasts(), charts.crossings(load("crossings")), charts.riders(load("riders"), load("figures")),
    charts.complaints(load("complaints")),
]
for figure in drawn:
    print("drawn:", repr(figure), figure.chart.to_json())
print(progress())
print(submit("Åse Þórsdóttir"))
"""


def run(folder, *arguments):
    """Run Python where a person would stand; what they have set for another workbook does not count."""
    environment = {name: value for name, value in os.environ.items() if name not in ROOMS}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def afteach(folder, *arguments):
    return run(folder, "-m", "afteach.cli", *arguments)


@pytest.fixture(scope="module")
def ferry(root, tmp_path_factory):
    """A copy, since answers and results are written beside it."""
    place = tmp_path_factory.mktemp("ferry") / "ferry"
    shutil.copytree(root / "tests" / "ferry", place)
    return place


@pytest.fixture(scope="module")
def session(ferry):
    return run(ferry / "notebooks", "-c", SESSION)


@pytest.fixture(scope="module")
def commands(ferry, session):
    """What each command says and writes, by its name."""
    (handed_in,) = (ferry / "notebooks").glob("answers-*.jsonl")
    said = {
        "validate": afteach(ferry, "validate"),
        "execute": afteach(ferry, "execute"),
        "links": afteach(ferry, "links", "--repo", "island/ferry", "--ref", "main"),
        "guide": afteach(ferry, "guide", "--out", "guide.html") + afteach(ferry, "guide", "--out", "guide.md"),
        "grade": afteach(ferry, "grade", str(handed_in), "--out", "results"),
        "lab": run(ferry, "-c", "from pathlib import Path; from afteach import lab; print(lab.lay_out(Path('mine')))"),
        "submit": afteach(ferry, "submit", str(ferry / "notebooks"), "--name", "Bluebird"),
    }
    for name, places in {"guide": ferry.glob("guide.*"), "grade": (ferry / "results").glob("*")}.items():
        said[name] += "".join(place.read_text(encoding="utf-8-sig") for place in places)
    return said


def test_the_tables_are_read_described_and_cited(session):
    assert "“The island that waits” (November 2019), paragraph S2." in session
    assert "S2-1: The council and the company signed a contract" in session
    assert "Codes of relationship" in session and "The island and its fishers (S5-1)." in session
    assert "the same code for 91% of 11 rows" in session


def test_each_kind_of_question_is_judged(session):
    said = re.findall(r"^((?:fe|co|la)-\d\d) ([a-z ]+):", session, flags=re.M)
    right = [name for name, outcome in said if outcome == "right"]
    assert right == ["fe-02", "fe-03", "fe-04", "co-01", "co-02", "co-03", "co-04", "co-05", "la-02"]
    assert [name for name, outcome in said if outcome == "recorded"] == ["fe-01", "fe-05", "la-01", "la-03"]
    assert "Two digits are missing." in session and "That is the company." in session


def test_what_came_afterwards_is_shut_until_the_forecast_is_recorded(session):
    assert re.search(r"^sealed: 0 then1: Sealed until", session, flags=re.M)
    assert re.search(r"^open: 2 then1: The council let a second boat run", session, flags=re.M)


def test_every_kind_of_chart_is_drawn_from_its_rows(session):
    drawn = re.findall(r"^drawn: (.+)", session, flags=re.M)
    assert len(drawn) == 11 and not [words for words in drawn if words.startswith("Nothing")]
    assert "the article, coded on the quay" in session and "harbour and council" in session


def test_the_commands_find_the_workbook_that_one_stands_in(commands):
    assert "No fault found." in commands["validate"]
    assert commands["execute"].count("unchanged") == 3
    assert re.findall(r"notebooks%2F(\w+)\.ipynb", commands["links"]) == ["intro", "company", "later"]
    assert "A morning" in commands["guide"] and "Leave the counts out" in commands["guide"]
    assert "3 notebooks copied to mine" in commands["lab"]
    assert "answers-bluebird.jsonl is written" in commands["submit"]


def test_what_was_handed_in_is_marked_by_this_bank(commands, ferry):
    with (ferry / "results" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        (student,) = csv.DictReader(file)
    assert float(student["fe-02 now"]) == float(student["co-05 now"]) == 1
    assert "Six sentences" in commands["grade"]


def first_words(root):
    """The names in the first workbook: of its ties, places and people, as written there, that the second has not."""
    names = set()
    for column, table in (("label", "actors"), ("label", "places"), ("country", "places")):
        with (root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            names |= {row[column] for row in csv.DictReader(file)}
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for table in package["resources"]:
        for field in table["schema"]["fields"]:
            if field["name"] == "relationship":
                names |= set(field["labels"].values()) | set(field["labels"])
    own = "".join(path.read_text(encoding="utf-8") for path in (root / "tests" / "ferry" / "data").glob("*.*"))
    words = {word for name in names for word in re.findall(r"[^\W\d_]{4,}", name) if word[0].isupper()}
    return sorted({word for word in words | names if not re.search(rf"\b{re.escape(word)}\b", own)})


def test_nothing_of_the_first_workbook_comes_out_of_it(root, ferry, session, commands):
    words = first_words(root)
    assert {"Taliban", "Moscow", "united-states"} <= set(words)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")
    notebooks = "".join(path.read_text(encoding="utf-8") for path in (ferry / "notebooks").glob("*.ipynb"))
    for name, text in {"session": session, "notebooks": notebooks, **commands}.items():
        found = [text[max(m.start() - 40, 0) : m.end() + 40] for m in pattern.finditer(text)]
        assert found == [], name
