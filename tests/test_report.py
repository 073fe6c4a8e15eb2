"""What an instructor opens: the report on a class and the teacher's guide."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
import sample

from afteach.cli import main
from afteach.grading import marked
from afteach.questions.model import bank, fingerprint
from afteach.record import citations

NASTY = '<script>alert("x")</script><img src=x onerror=alert(1)> & "so" it went'


LOADING = {"src", "srcset", "href", "data", "action", "formaction", "poster", "background", "cite", "ping", "manifest"}


class Page(HTMLParser):
    """The tags, attributes and text of a page, and all that it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.loads, self.text, self._in = [], [], [], []
        self.sections, self._section = {}, ""
        self.feed(text)
        self.text = " ".join(" ".join(self.text).split())
        self.sections = {name: " ".join(" ".join(parts).split()) for name, parts in self.sections.items()}

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.loads += [value for name, value in attrs if name in LOADING and not (value or "").startswith("#")]
        self.loads += [value for name, value in attrs if name == "style" and "url(" in value]
        if tag == "section":
            self._section = dict(attrs)["id"]
        self._in.append(tag)

    def handle_endtag(self, tag):
        if tag in self._in:
            while self._in.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" in self._in:
            self.loads += re.findall(r"@import[^;]*|url\([^)]*\)", data)
        elif "script" in self._in:
            self.loads += re.findall(r"\bfetch\b|XMLHttpRequest|\bimport\b|https?://[^\s\"']*", data)
        else:
            self.text.append(data)
            self.sections.setdefault(self._section, []).append(data)


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    (tmp_path / "in").mkdir()
    return tmp_path


def hand_in(place, name, given, **more):
    lines = [{"v": 1, "header": True, "name": name, "version": "0", "bank": "x", "at": "2026-05-03T10:00:00Z"}]
    for number, (question_id, answer) in enumerate(given):
        lines.append({"v": 1, "id": f"{name}-{number}", "q": question_id, "f": fingerprint(bank()[question_id]),
                      "answer": answer, "at": f"2026-05-03T10:00:{number:02}.000Z", "try": 1 + number, **more})  # fmt: skip
    file = place / "in" / f"{len(list((place / 'in').iterdir()))}.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n")


def report(place, *options):
    assert main(["grade", str(place / "in"), "--out", str(place / "out"), *options]) == 0
    return Page((place / "out" / "report.html").read_text(encoding="utf-8"))


def test_the_report_names_the_wrong_choice_that_drew_most_with_its_text(place):
    for number in range(6):
        hand_in(place, f"S{number}", [("ex-01", "b" if number < 5 else "a"), ("ex-06", "Zurich")], sure="certain")
    page = report(place)
    hardest = page.sections["hardest"]
    assert "ex-01: Who met Boris?" in hardest and "In which town?" not in hardest
    assert "The wrong choice that drew most: Clara (5 of 6) What it was told: Clara is not in P01." in hardest
    assert "ex-01 Who met Boris? 6 83 % Clara (5)" in page.sections["sure"] and "ex-06" not in page.sections["sure"]


def test_of_words_to_mark_the_report_shows_the_sentence_with_how_many_marked_each(place):
    for number in range(10):
        hand_in(place, f"S{number}", [("ex-13", [3, 11] if number < 3 else [3, 6] if number < 8 else [1, 6])])
    hardest = report(place).sections["hardest"]
    assert (
        "The wrong choice that drew most: met (7 of 10) What it was told: That she met him is what is said." in hardest
    )
    assert "Anna (2) is said (8) to have met (7) Boris. A truce was reportedly (3) offered by Anna." in hardest
    assert "All choices" not in hardest


def test_of_words_to_mark_those_alone_that_were_to_draw_somebody_can_be_idle(place):
    for number in range(10):
        hand_in(place, f"S{number}", [("ex-13", [3, 10])])
    idle = report(place).sections["measure"].partition("Wrong choices that nobody takes")[2]
    assert [row for row in re.findall(r"ex-\d+ .*? 10(?= |$)", idle) if row.startswith("ex-13")] == ["ex-13 met 10"]


def test_the_report_asks_nobody_for_anything_and_runs_no_students_script(place):
    hand_in(place, NASTY, [("ex-08", NASTY), ("ex-06", NASTY)])
    page = report(place)
    assert page.loads == []
    assert not [attrs for tag, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert [tag for tag, _ in page.tags].count("script") <= 1
    assert 'alert("x")' in page.text


@pytest.mark.parametrize(
    "loading",
    [
        '<img src="https://example.org/a.png">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<style>@import "https://example.org/a.css";</style>',
        "<style>p { background: url(//example.org/a.png); }</style>",
        '<script>fetch("https://example.org")</script>',
        '<p style="background: url(a.png)">a</p>',
        '<video poster="a.png"></video>',
    ],
)
def test_what_a_page_would_fetch_is_seen(loading):
    assert Page(f"<main>{loading}</main>").loads


def test_without_names_no_name_is_in_the_report(place):
    hand_in(place, "Anna Example", [("ex-08", "I, Anna Example, think that nobody counted (P01-1).")])
    hand_in(place, "Boris", [])
    page = report(place, "--anonymous")
    assert "nobody counted" in page.text
    assert not re.search("Anna|Example|Boris", page.text)


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Li Wei", "Li thinks so; a lion in Linz, wei", "[name] thinks so; a lion in Linz, [name]"),
        (
            "Anna-Lena Müller-Schmidt",
            "Lena or SCHMIDT, not Schmidtchen; Mu\u0308ller",
            "[name] or [name], not Schmidtchen; [name]",
        ),
        ("An Do", "An said: an answer, do it. Do?", "[name] said: an answer, do it. [name]?"),
        ("রান", "রানী আর রান", "রানী আর [name]"),
        ("李明", "我李明认为", "我[name]认为"),
        ("Мария", "Мария и Мариям", "[name] и Мариям"),
    ],
)
def test_whole_words_of_a_writers_name_are_taken_out_and_no_more(place, name, text, left):
    hand_in(place, name, [("ex-08", text)])
    page = report(place, "--anonymous")
    assert left in page.text


def test_the_order_of_quotations_without_names_says_nothing(place):
    for number in range(12):
        hand_in(place, f"S{number:02}", [("ex-08", f"text-{number:02} of mine")])
    orders = set()
    for _ in range(4):
        text = report(place, "--anonymous").text
        orders.add(tuple(re.findall(r"text-(\d\d)", text)))
    assert len(orders) > 1 and all(len(set(order)) == 12 for order in orders)


def test_reflections_that_a_report_has_no_room_for_are_counted(place, monkeypatch):
    monkeypatch.setattr(marked, "MOST_LETTERS_KEPT", 250)
    for number in range(4):
        hand_in(place, f"S{number}", [("ex-08", f"{number}" * 100)])
    page = report(place)
    assert "2 reflections are not shown here" in page.text
    assert "2 reflections are not in report.html" in (place / "out/problems.csv").read_text(encoding="utf-8-sig")


def test_every_chart_of_the_report_has_a_title_a_description_and_a_table(place):
    for number in range(4):
        hand_in(place, f"S{number}", [("ex-01", "b"), ("ex-02", ["a", "b"])])
    page = report(place)
    charts = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(charts) >= 3
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs in charts)
    assert len([tag for tag, _ in page.tags if tag == "table"]) >= len(charts)
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")


def test_who_handed_in_nothing_is_missing_and_not_zero(place):
    hand_in(place, "Anna", [("ex-01", "a")])
    (place / "roster.csv").write_text("name\nAnna\nBoris\n")
    page = report(place, "--roster", str(place / "roster.csv"))
    assert "Boris" in page.text.partition("Who has not started")[2]
    boris = next(
        line for line in (place / "out" / "gradebook.csv").read_text().splitlines() if line.startswith('"Boris"')
    )
    assert ",0" not in boris


@pytest.fixture
def guide(place):
    def make(ending):
        assert main(["guide", "--out", str(place / f"guide.{ending}")]) == 0
        return (place / f"guide.{ending}").read_text(encoding="utf-8")

    return make


def test_the_guide_holds_every_question_with_answer_reason_and_evidence(guide):
    text = Page(guide("html")).text
    for one in bank().values():
        assert one.prompt.replace("`", "") in text
        assert one.explain in text
        card = text.partition(f"{one.id}: {one.prompt.replace('`', '')}")[2]
        listed = card.partition("Evidence:")[2]
        assert listed.index(str(citations.cite(one.evidence[0]))) < 3
        assert " ".join(str(citations.cite(row_id)) for row_id in one.evidence) in listed
        for choice in getattr(one, "choices", []):
            if choice.says and one.kind in ("choice", "many") and not choice.right:
                assert choice.text in text and choice.says in text
    for part in ("A walk", "Tell one from two.", "Who would leave a meeting out?", "One sentence.", "One class"):
        assert part in text


def test_the_guide_in_markdown_says_the_same(guide):
    text = guide("md")
    assert all(one.prompt in text for one in bank().values())
    assert text.startswith("# ")


def test_the_guide_loads_nothing(guide):
    page = Page(guide("html"))
    assert page.loads == []
    assert not [tag for tag, _ in page.tags if tag in ("link", "img", "iframe", "script", "object", "embed")]


def test_the_guide_opens_each_notebook_with_its_key_points(guide, place):
    cells = [
        nbformat.v4.new_markdown_cell("# A walk\n\nWho walked **with whom**?\n\n"),
        nbformat.v4.new_code_cell('ask("ex-01")'),
        nbformat.v4.new_markdown_cell("## Key points\n\n- Two met\n  in spring.\n- *Nobody* counted.\n\nThat is all."),
    ]
    (place / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), place / "notebooks" / "00-example.ipynb")
    text = Page(guide("html")).text
    assert "Who walked with whom ?" in text
    assert "Key points Two met in spring. Nobody counted. Points for discussion" in text
    assert "### Key points\n\n- Two met in spring.\n- *Nobody* counted.\n\n### Points" in guide("md")


def test_a_guide_of_an_unknown_kind_is_refused_in_one_line(place, capsys):
    assert main(["guide", "--out", str(place / "guide.docx")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
