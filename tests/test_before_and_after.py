"""The measure as a student meets it: offered, drawn, rated, gone on with after a restart, opened at the end; and a class."""

from __future__ import annotations

import csv
import json
import random
import shutil
import statistics
import zipfile

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import afteach
from afteach import student
from afteach.answers import citing, measure_report, measuring, seal
from afteach.answers import log as answers
from afteach.answers.lines import FORMAT, Line, body, encode, header
from afteach.authoring import guide
from afteach.cli import main
from afteach.errors import DataFault, UnknownName
from afteach.grading import gains, simulated
from afteach.grading.gradebook import grade
from afteach.questions import measured
from afteach.questions.model import bank, fingerprint
from afteach.record import lookup, tables

TIMES = ("before", "after")


@pytest.fixture(autouse=True)
def place(root, tmp_path, monkeypatch):
    """The small workbook, and answers of nobody."""
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(root / "tests" / "ferry"))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


class Browser:
    """A measure as a browser sees it: what it is sent, and nothing else."""

    def __init__(self, when):
        self.widget, self.heard, self.number = afteach.measure(when), [], 0
        self.widget.send = lambda content, buffers=None: self.heard.append(content)

    @property
    def stage(self):
        return self.widget.stage

    @property
    def asked(self):
        return self.widget.asked

    def say(self, kind, **more):
        self.number += 1
        self.widget._receive(self.widget, {"type": kind, "n": self.number, **more}, [])

    def rate(self, lean, *opened):
        self.say("hello")
        if opened:
            self.say("open", rows=list(opened))
        self.say("answer", answer={"lean": lean, "trail": list(opened), "why": ""})

    def rate_all(self, lean=lambda one: 50):
        self.say("begin")
        while self.asked:
            records = [row[0] for row in self.asked["records"]]
            self.rate(lean(measured.items()[self.asked["id"]]), records[0])
        return self

    def everything(self):
        """All that reached the browser, as one text."""
        synced = [self.widget.stage, self.widget.asked, self.widget._repr_mimebundle_()[0].get("text/plain")]
        return json.dumps([*synced, *self.heard], ensure_ascii=False)


def knows(one):
    return 90 if one.is_supported else 10


def both(lean=knows):
    return [Browser(when).rate_all(lean) for when in TIMES]


def given_away():
    """What would tell a verdict: how each was altered, what is true, what a record weighs, and the verdicts themselves."""
    statements, records = measured.tables_of()
    found = {
        line[column]
        for line in tables.records(statements)
        for column in ("altered", "true_version")
        if len(line[column]) > 3
    }
    found |= set(tables.labels("verdict", statements).values()) | set(tables.labels("weight", records).values())
    return found | {'"weight"', '"altered"'}


def told(text):
    return sorted(secret for secret in given_away() if secret in text)


@pytest.mark.parametrize("workbook", ["tests/ferry", "."])
def test_nothing_that_tells_a_verdict_leaves_the_kernel_before_both_halves_are_rated(root, monkeypatch, workbook):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(root / workbook))
    statements, records = measured.tables_of()
    first = Browser("before").rate_all()
    second = Browser("after")
    second.say("begin")
    while len(measuring.read().halves["after"].to_come) > 1:
        second.rate(50, *[row[0] for row in second.asked["records"]])
    ids = [line[tables.key(name)] for name in (statements, records) for line in tables.records(name)]
    texts = {
        "browser": first.everything() + second.everything(),
        "load": "".join(str(afteach.load(name).to_dict()) for name in (statements, records)),
        "cite": "".join(str(afteach.cite(row)) for row in ids),
        "pages": "".join(citing.card(row) for row in ids),
        "typed": "".join(str(afteach.check(name, 50)) + str(student.solution(name)) for name in first_rated()),
    }
    assert {name: told(text) for name, text in texts.items() if told(text)} == {}
    assert '"report"' not in texts["browser"] and len(afteach.load(statements)) == 0
    second.rate(50)
    assert told(json.dumps(second.stage, ensure_ascii=False))
    assert len(afteach.load(statements)) == len(measured.items()) and "Sealed" not in str(afteach.cite(ids[0]))
    assert "Sealed" in citing.card(ids[0]), "a page that knows of no answers keeps it shut"


def first_rated():
    return [one.statement.id for one in measuring.read().halves["before"].rated]


def test_the_offer_alone_is_stored_whatever_was_rated_and_it_says_what_it_costs():
    offer = afteach.measure("before")._repr_mimebundle_()[0]["text/plain"]
    assert "4 short statements" in offer and "about 5 minutes" in offer and "leave it out" in offer
    both()
    assert afteach.measure("before")._repr_mimebundle_()[0]["text/plain"] == offer


def test_whether_one_begins_or_not_nothing_is_written_before_the_click(place):
    Browser("before").say("hello")
    assert not (place / "answers").exists() and answers.read().lines == ()


def test_the_form_that_comes_first_is_drawn_once_kept_in_the_file_and_stays(place, monkeypatch):
    drawn = set()
    for number in range(30):
        monkeypatch.setenv("AFTEACH_ANSWERS", str(place / f"user-{number}"))
        Browser("before").say("begin")
        form = measuring.read().drawn
        for when in TIMES:
            Browser(when).say("begin")
        assert measuring.read().drawn == form
        assert f'"q":"measure.drawn","f":"","answer":"{form}"' in "".join(
            file.read_text() for file in (place / f"user-{number}").glob("*.jsonl")
        )
        drawn.add(form)
    assert drawn == {"A", "B"}, "thirty users of one hub who all drew the same"


def test_the_second_half_has_the_other_form_also_where_it_is_taken_alone():
    second = Browser("after")
    second.rate_all()
    assert {one.statement.form for one in measuring.read().halves["after"].rated} == (
        {"A", "B"} - {measuring.read().drawn}
    )
    assert "once the first half is rated" in second.stage["words"]
    assert "other half" not in second.stage["words"] and "report" not in second.stage


def test_after_a_restart_it_goes_on_where_it_stood_and_asks_nothing_twice():
    first = Browser("before")
    first.say("begin")
    seen = [first.asked["id"]]
    first.rate(40)
    expected = first.asked["id"]
    again = Browser("before")
    assert again.stage["place"] == "Statement 2 of 4" and again.asked["id"] == expected
    while again.asked:
        seen.append(again.asked["id"])
        again.rate(40)
    assert len(set(seen)) == len(seen) == 4
    assert "later" in again.stage["words"], "which notebook has the second half"


def test_answers_that_a_browser_kept_go_on_even_without_the_line_of_the_draw():
    first = Browser("before")
    first.say("begin")
    first.rate(40)
    form = measuring.read().drawn
    assert measuring.standing(line for line in answers.read().lines if line.q != measured.DRAWN).drawn == form
    begun = next(content for content in first.heard if content["type"] == "begun")
    assert measured.DRAWN in begun["line"], "the draw is kept by the browser too"


def test_where_the_disk_refuses_the_statement_stays_and_says_so(place):
    first = Browser("before")
    first.say("begin")
    asked = first.asked["id"]
    shutil.rmtree(place / "answers")
    (place / "answers").write_text("in the way")
    first.rate(40)
    assert first.asked["id"] == asked
    verdict = next(content for content in reversed(first.heard) if content["type"] == "verdict")
    assert not verdict["saved"] and verdict["problem"]
    (place / "answers").unlink()
    first.rate(40)
    assert first.asked["id"] != asked


def test_a_rating_that_cannot_be_read_is_none_and_the_first_that_can_stays():
    first = Browser("before")
    first.say("begin")
    asked = first.asked["id"]
    for odd in (None, "", 101, -1, 0.5, True, [], {"lean": "x"}):
        first.say("answer", answer={"lean": odd, "trail": []})
        assert first.asked["id"] == asked
    first.rate(40)
    student.check(asked, 90)
    assert [one.lean for one in measuring.read().halves["before"].rated] == [40]


def test_typed_and_clicked_ratings_are_one():
    first = Browser("before")
    first.say("begin")
    record = first.asked["records"][0][0]
    assert str(student.check(first.asked["id"], 70, record)) == "Recorded."
    (rated,) = measuring.read().halves["before"].rated
    assert (rated.lean, rated.trail) == (70, [record])


def test_what_is_rated_is_no_question_no_mark_and_no_part_of_an_export(place, capsys):
    both()
    assert all(not first and not now for _, _, _, first, now, _ in afteach.progress().rows)
    assert "answers to 0 of" in str(afteach.submit("Bluebird"))
    assert not [name for name in bank() if name.startswith(measured.PREFIX)]
    file = place / "given.jsonl"
    file.write_bytes(header("Bluebird", "1", bank().fingerprint) + body(answers.read().lines))
    grade([file], place / "out")
    assert table(place / "out" / "problems.csv") == []
    (student_line,) = table(place / "out" / "gradebook.csv")
    assert not [column for column in student_line if "measure" in column] and student_line["status"] == "handed in"


def test_another_word_than_before_and_after_is_named_and_a_workbook_without_a_measure_says_so(root, monkeypatch):
    with pytest.raises(UnknownName, match="before"):
        afteach.measure("befor")
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(root / "src" / "afteach" / "authoring" / "template"))
    assert str(afteach.measure("before")) == "This workbook has no measure."
    assert measured.items() == {} and seal.sealed_tables() == ["afterwards"]


# The report


def report():
    found = measure_report.report(measuring.read())
    assert found
    return found


def test_who_knew_it_all_along_is_told_no_change_and_each_number_has_its_interval():
    shown = both()[1].stage["report"]
    found = report()
    assert "No change in telling them apart can be seen" in shown and "4 statements a half" in shown
    assert [row[1][:4] for row in found.numbers.rows] == ["1.00", "90 (", "10 ("]
    assert all("to" in cell for row in found.numbers.rows for cell in row[1:])
    assert len(found.statements) == 8 and all("You rated it" in one.rating for one in found.statements)
    assert "opened “Log" in shown or "opened “A letter" in shown
    assert "Your path: opened" in shown and ".." not in shown


def test_who_opened_nothing_is_told_so_in_a_sentence():
    for when in TIMES:
        one = Browser(when)
        one.say("begin")
        while one.asked:
            one.rate(50)
    assert one.stage["report"].count("You opened no record.") == 8 and ".." not in one.stage["report"]


def test_who_only_trusts_less_is_told_so():
    first, second = Browser("before"), Browser("after")
    first.rate_all(lambda one: 80 + one.is_supported)
    second.rate_all(lambda one: 20 + one.is_supported)
    found = report()
    assert "more distrust" in " ".join(found.lines) and "No change" in found.lines[0]


def test_halves_in_the_wrong_order_are_shown_and_not_compared():
    Browser("after").rate_all(knows)
    Browser("before").rate_all(knows)
    assert "cannot be compared" in report().lines[0] and len(report().statements) == 8


def test_a_text_of_the_tables_is_escaped_in_the_report(root, place, monkeypatch):
    shutil.copytree(root / "tests" / "ferry", place / "ferry")
    rows = place / "ferry" / "data" / "rated.csv"
    rows.write_text(rows.read_text(encoding="utf-8").replace("The crane", "<img src=x onerror=alert(1)> The crane"))
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(place / "ferry"))
    shown = both()[1].stage["report"]
    assert "&lt;img" in shown and "<img" not in shown


# A class


def of_today(question_id):
    """The fingerprint of a statement as it is worded now; empty where there is none."""
    one = measured.items().get(question_id)
    return fingerprint(one) if one else ""


def hand_in(path, name, answered, drawn="A", day=1):
    """A hand-in of somebody who rated both halves; `answered` gives for a half and a statement the rating, or None."""
    chance, lines = random.Random(name), []

    def line(question_id, answer, at):
        of = of_today(question_id)
        return Line(v=FORMAT, id=f"{chance.getrandbits(64):016x}", q=question_id, f=of, answer=answer, at=at, try_=1)

    lines.append(line(measured.DRAWN, drawn, f"2030-01-{day:02}T09:00:00Z"))
    for one in measured.items().values():
        when = "before" if one.form == drawn else "after"
        if (lean := answered(when, one)) is not None:
            at = f"2030-01-{day + (when == 'after'):02}T10:00:00Z"
            lines.append(line(one.id, {"lean": lean, "trail": one.records[:1]}, at))
    path.write_bytes(header(name, "1", bank().fingerprint) + body(lines))
    return lines


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=","))


def of_class(place, count, answered):
    (place / "in").mkdir()
    for number in range(count):
        hand_in(place / "in" / f"s{number}.jsonl", f"Student {number}", answered, "AB"[number % 2])
    grade([place / "in"], place / "out", feedback=place / "back")
    return (place / "out" / "report.html").read_text(encoding="utf-8")


def test_a_class_that_learned_is_told_so_with_who_began_with_what(place):
    noise = random.Random(1)

    def learned(when, one):
        far = 5 if when == "before" else 30
        return max(0, min(100, round(50 + (far if one.is_supported else -far) + noise.gauss(0, 25))))

    page = of_class(place, 40, learned)
    assert "better than before" in page and "20 began with form A, 20 began with form B" in page
    rows = table(place / "out" / "measure.csv")
    assert len(rows) == 8 and {row["ratings before"] for row in rows} == {"20"}
    assert {row["opened first"] for row in rows} == {f"mc{2 * n + 1:02}: 40" for n in range(8)}


def test_a_class_that_only_trusts_less_is_told_so(place):
    page = of_class(place, 20, lambda when, one: (60 if when == "before" else 20) + 5 * one.is_supported)
    assert "No gain is seen" in page and "Only more distrust is seen" in page


def test_a_half_is_counted_as_begun_and_a_page_back_says_what_the_student_saw(place):
    page = of_class(place, 6, lambda when, one: 50 if when == "before" else None)
    assert "Too few students rated both halves" in page and "Begun by 6 more" in page


def pages_back(place):
    return [
        page.read_text(encoding="utf-8") for page in sorted((place / "back").rglob("*.html"))
    ] or [zipped.read(name).decode() for file in (place / "back").glob("*.zip") for zipped in [zipfile.ZipFile(file)]
          for name in zipped.namelist() if name.endswith(".html")]  # fmt: skip


def test_a_page_back_tells_what_the_student_saw_and_waits_with_it_for_the_second_half(place):
    of_class(place, 2, lambda when, one: knows(one))
    pages = pages_back(place)
    assert len(pages) == 2 and all("You rated it" in page and "decides it" in page for page in pages)
    for folder in ("in", "back"):
        shutil.rmtree(place / folder)
    of_class(place, 2, lambda when, one: knows(one) if when == "before" else None)
    pages = pages_back(place)
    assert len(pages) == 2 and all("opens once both halves are rated" in page for page in pages)
    assert not [told(page) for page in pages if told(page)]


def test_a_class_without_the_measure_has_no_table_of_it(place):
    (place / "in").mkdir()
    file = place / "in" / "a.jsonl"
    file.write_bytes(header("Bluebird", "1", bank().fingerprint))
    grade([place / "in"], place / "out")
    assert not (place / "out" / "measure.csv").exists()
    assert "Nobody has begun the measure" in (place / "out" / "report.html").read_text(encoding="utf-8")


def standings(place, *files):
    from afteach.grading.matching import read_class

    return gains.of_class(read_class([place / name for name in files], bank()))


def test_two_files_of_one_student_are_one_and_the_first_rating_counts(place):
    lines = hand_in(place / "one.jsonl", "Bluebird", lambda when, one: 30)
    again = [Line(**{**{f: getattr(line, f) for f in Line.__struct_fields__}, "try_": 2, "id": f"{n:016x}",
                     "answer": {"lean": 99, "trail": []}}) for n, line in enumerate(lines[1:])]  # fmt: skip
    for name, part in (
        ("Bluebird/answers/20260301T100000-12-0123abcd.jsonl", lines[:5]),
        ("Bluebird/answers/20260302T100000-13-0123abcd.jsonl", [*lines[3:], *again]),
    ):
        (place / "in" / name).parent.mkdir(exist_ok=True, parents=True)
        (place / "in" / name).write_bytes(body(part))
    (standing,) = standings(place, "in")
    assert standing.can_be_compared
    assert {one.lean for half in standing.halves.values() for one in half.rated} == {30}


def test_a_rating_of_a_statement_that_was_worded_otherwise_does_not_count(place, monkeypatch):
    lines = hand_in(place / "a.jsonl", "Bluebird", lambda when, one: 30)
    one = next(one for one in measured.items().values() if one.form == "A")
    worded = {**measured.items(), one.id: msgspec.structs.replace(one, text="Another sentence, of another verdict.")}
    monkeypatch.setattr(measured, "items", lambda: worded)
    for standing in (measuring.standing(lines), *standings(place, "a.jsonl")):
        assert [left.id for left in standing.halves["before"].to_come] == [one.id]
        assert standing.halves["after"].is_whole


def test_times_or_a_draw_that_were_edited_are_not_compared(place):
    hand_in(place / "sound.jsonl", "Sound", lambda when, one: 30)
    text = (place / "sound.jsonl").read_text()
    (place / "swapped.jsonl").write_text(text.replace('"answer":"A"', '"answer":"B"').replace("Sound", "Swapped"))
    (place / "odd.jsonl").write_text(text.replace('"answer":"A"', '"answer":["A"]').replace("Sound", "Odd"))
    sound, swapped, odd = (standings(place, f"{name}.jsonl")[0] for name in ("sound", "swapped", "odd"))
    assert sound.can_be_compared and not swapped.can_be_compared
    assert odd.can_be_compared, "what was rated first tells which form came first"


def opened_line(at):
    statements, _ = measured.tables_of()
    return Line(v=FORMAT, id="ff" * 8, q=f"seal.{statements}", f="", answer="opened", at=at, try_=1)


def test_what_was_rated_after_the_tables_were_opened_does_not_count(place):
    lines = [*hand_in(place / "a.jsonl", "Bluebird", lambda when, one: 30), opened_line("2030-01-01T12:00:00Z")]
    (place / "a.jsonl").write_bytes(header("Bluebird", "1", "") + body(lines))
    own = measuring.standing(seal.counted(lines, seal.awaited(bank().values())))
    for standing in (*standings(place, "a.jsonl"), own):
        assert standing.halves["before"].is_whole and not standing.halves["after"].rated


def test_opening_the_tables_of_the_measure_spoils_no_forecast(root, place, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(root))
    forecast = next(one for one in bank().values() if one.foretells)
    later = Line(v=FORMAT, id="ee" * 8, q=forecast.id, f="", answer=0.7, at="2030-01-03T12:00:00Z", try_=1)
    lines = [opened_line("2030-01-01T12:00:00Z"), later]
    (place / "a.jsonl").write_bytes(header("Bluebird", "1", "") + body(lines))
    grade([place / "a.jsonl"], place / "out")
    assert not [row for row in table(place / "out" / "problems.csv") if "open" in row["problem"]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from([measured.DRAWN, *(f"{measured.PREFIX}me{n}" for n in range(10)), "seal.rated", "measure."])
TIMES_GIVEN = st.sampled_from(["2030-01-01T10:00:00Z", "2030-01-02T10:00:00.5Z", "2030-13-41T99:00:00Z"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, JSON | st.builds(dict, lean=JSON, trail=JSON), TIMES_GIVEN), max_size=30))
def test_whatever_lines_hold_the_measure_reads_what_it_can_and_fails_at_nothing(place, given_lines):
    lines = [
        Line(v=FORMAT, id=f"{n:016x}", q=name, f=of_today(name), answer=answer, at=at, try_=1)
        for n, (name, answer, at) in enumerate(given_lines)
    ]
    found = measuring.standing(lines)
    rated = [one for half in found.halves.values() for one in half.rated]
    assert len({one.statement.id for one in rated}) == len(rated)
    assert all(0 <= one.lean <= 100 for one in rated)
    file = place / "a.jsonl"
    file.write_bytes(header("Bluebird", "1", "") + b"".join(encode(line) + b"\n" for line in lines))
    grade([file], place / "out")


def test_the_guide_says_how_large_a_class_it_takes_as_the_simulation_counts_it(root, monkeypatch):
    text = guide.as_markdown(bank())
    for gain in guide.GAINS:
        assert f"| {gain:g} | {simulated.class_size(gain, 2, 2)} |" in text
    assert "4 statements about other matters" in text
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(root / "src" / "afteach" / "authoring" / "template"))
    assert "suspicious" not in guide.as_markdown(bank())


# A measure that is wrong


def spoil(root, place, monkeypatch, name, old, new):
    shutil.copytree(root / "tests" / "ferry", place / "ferry")
    path = place / "ferry" / "data" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(place / "ferry"))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rated.csv", "named,holds", "named,fails", "each form needs the same number of statements that are holds"),
        ("rated.csv", "me5,B", "me5,A", "each form needs the same number"),
        ("papers.csv", "mc02,me1", "mc02,me2", "me1 has fewer than 2 records"),
        ("datapackage.json", '"settled": [\n        "holds",', '"settled": [', "must settle two"),
    ],
)
def test_what_is_wrong_with_a_measure_is_named_with_its_file(root, place, monkeypatch, name, old, new, said):
    spoil(root, place, monkeypatch, name, old, new)
    assert any(said in fault for fault in measured.faults()), list(measured.faults())


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rated.csv", ",B,", ",A,", "there are 1 forms"),
        ("datapackage.json", '"settled": [\n        "holds",', '"settled": [', "must settle two"),
        ("workbook.toml", 'statements = "rated"', 'statements = "claims"', "claims.csv: the measure needs the columns form"),
    ],
)  # fmt: skip
def test_tables_that_are_no_measure_are_named_wherever_they_are_used_and_never_a_traceback(
    root, place, monkeypatch, capsys, name, old, new, said
):
    spoil(root, place, monkeypatch, name, old, new)
    with pytest.raises(DataFault, match=said):
        afteach.measure("before")
    assert main(["guide", "--out", str(place / "guide.html")]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("papers.csv", "mc02,me1", "mc02,me2", "papers.csv: me1 has fewer than 2 records"),
        ("workbook.toml", 'records = "papers"', 'records = "paper"', "measure names the table 'paper'"),
        ("workbook.toml", 'after = "later"', 'after = "latest"', "measure names 'latest', which is in no group"),
    ],
)
def test_validate_says_so(root, place, monkeypatch, capsys, name, old, new, said):
    spoil(root, place, monkeypatch, name, old, new)
    status = main(["validate"])
    printed = capsys.readouterr()
    assert status in (1, 2) and said in printed.out + printed.err


def test_the_real_measure_is_balanced_and_its_records_are_at_least_two(root, monkeypatch):
    """Each form has as many that hold as not, of each wording and each kind of speaker; at most one apart in a cell."""
    monkeypatch.delenv("AFTEACH_WORKBOOK")
    monkeypatch.chdir(root)
    found = list(measured.items().values())
    rows = {one.id: lookup.row(one.statement)[1] for one in found}
    assert {one.form for one in found} == {"A", "B"} and len({one.topic for one in found}) >= 4
    for is_supported in (True, False):
        own = {form: [one for one in found if one.form == form and one.is_supported == is_supported] for form in "AB"}
        assert len(own["A"]) == len(own["B"]) >= 8
        for column in ("certainty", "attribution"):
            for code in {row[column] for row in rows.values()}:
                counts = [sum(rows[one.id][column] == code for one in side) for side in own.values()]
                assert max(counts) - min(counts) <= 1, (column, code, counts)
    assert all(2 <= len(one.records) <= 4 for one in found)
    for one in found:
        weights = [lookup.row(record)[1]["weight"] for record in one.records]
        assert "decisive" in weights and sum(weight in ("decisive", "supports") for weight in weights) >= 2, one.id
    long = {
        side: statistics.mean(len(one.text.split()) for one in found if one.is_supported == side)
        for side in (True, False)
    }
    assert abs(long[True] - long[False]) < 2, "the length of a statement tells no verdict"
    first = [lookup.row(one.records[0])[1]["weight"] == "decisive" for one in found]
    assert 0.2 < sum(first) / len(first) < 0.8, "the record that decides does not always stand first"


def test_a_workbook_that_has_lost_its_measure_costs_nobody_an_answer(place, root, monkeypatch):
    mine, later = Browser("before"), Browser("after")
    mine.say("begin")
    shown = mine.stage
    shutil.copytree(root / "tests" / "ferry", place / "ferry")
    described = place / "ferry" / "data" / "workbook.toml"
    before, after = described.read_text(encoding="utf-8").split("[measure]\n")
    described.write_text(before + after[after.index("[") :], encoding="utf-8")
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(place / "ferry"))
    assert measured.items() == {}
    question = afteach.ask(next(iter(bank())))
    question.send = lambda content, buffers=None: None
    question._receive(question, {"type": "restore", "lines": []}, [])
    assert mine.stage == shown
    later.say("begin")
    assert later.heard[-1]["type"] == "notice" and "no measure" in later.heard[-1]["text"]
