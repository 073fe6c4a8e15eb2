"""A workbook in another language: whatever a student or a teacher opens says its words, and no English one of the engine."""

from __future__ import annotations

import html
import json
import re
import shutil

import msgspec
import pandas as pd
import pytest

from afteach import ask, charts, check, cite, describe, display, lab, load, progress, solution, words
from afteach.authoring import guide
from afteach.charts import drawn
from afteach.cli import main
from afteach.look import direction
from afteach.questions import model as questions
from afteach.questions import verdict_box
from afteach.record import citations, datapackage, source_card, tables
from afteach.workbook import workbook

OPEN, SHUT = "⟦", "⟧"
MARKED = re.compile(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}")
# What is the same in every language: names of measures, and of files, commands and options.
NAMES = {"n", "kappa", "precision", "true", "false", "none"}
NOT_SHOWN = {"kind", "lang", "dir"}
WRITTEN = {"text", "subtitle", "title", "labels", "what", "where", "who", "when", "head", "label", "said"}
PERSIAN = {"verdict.right": "درست است.", "card.check": "بررسی", "report.title": "برای کلاس", "guide.title": "کتاب معلم"}


def marked(text):
    """A word that nobody would take for English, with its gaps."""
    return OPEN + " ".join(f"{{{gap}}}" for gap in dict.fromkeys(words.FILLED.findall(text))) + SHUT


def in_toml(entry):
    texts = {key: marked(text) for key, text in entry.items()} if isinstance(entry, dict) else marked(entry)
    return (
        "{" + ", ".join(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()) + "}"
        if isinstance(texts, dict)
        else json.dumps(texts, ensure_ascii=False)
    )


@pytest.fixture(scope="module")
def strange(root, tmp_path_factory):
    """The workbook on the ferry with a mark in the place of every word of the engine, and a few words in Persian."""
    place = tmp_path_factory.mktemp("strange") / "ferry"
    shutil.copytree(root / "tests" / "ferry", place)
    described = place / "data" / "workbook.toml"
    text = described.read_text(encoding="utf-8").replace('language = "en"', 'language = "fa"\ndirection = "rtl"')
    described.write_text(text, encoding="utf-8")
    own = {key: in_toml(entry) for key, entry in words.english().items()}
    own |= {key: json.dumps(text, ensure_ascii=False) for key, text in PERSIAN.items()}
    lines = [f"[{key.partition('.')[0]}]\n{json.dumps(key.partition('.')[2])} = {text}" for key, text in own.items()]
    parts: dict[str, list[str]] = {}
    for line in lines:
        part, entry = line.split("\n", 1)
        parts.setdefault(part, []).append(entry)
    (place / "data" / "words.toml").write_text(
        "\n\n".join("\n".join([part, *entries]) for part, entries in parts.items()) + "\n", encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFTEACH_WORKBOOK", str(place))
        patch.setenv("AFTEACH_ANSWERS", str(place / "answers"))
        patch.chdir(place)
        words.in_use.cache_clear()
        assert words.faults() == []
        yield place
    words.in_use.cache_clear()


@pytest.fixture(scope="module")
def own_texts(strange):
    """All that the workbook itself says, as one text."""
    files = [*strange.glob("data/**/*"), *strange.glob("notebooks/*.ipynb")]
    said = [path.read_text(encoding="utf-8") for path in files if path.is_file() and path.name != "words.toml"]
    said += ["; ".join(citations.summary_parts(tables.resource(name), row)) for name, row in every_row()]
    return plain(" ".join(said).replace("\\n", " ").replace('\\"', '"'))


def plain(text):
    """Letters alone, in lower case, so that a mark or a line break between two words parts nothing."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def foreign(text, own_texts):
    """What stands outside the marks and is no text of the workbook."""
    while MARKED.search(text):
        text = MARKED.sub(" | ", text)
    for word in PERSIAN.values():
        text = text.replace(word, " | ")
    pieces = (plain(piece) for piece in re.split(r"[|\n:;,.()\[\]“”\"{}<>/]", text))
    return sorted(
        {piece for piece in pieces if re.search(r"[a-z]", piece) and piece not in NAMES and piece not in own_texts}
    )


def text_of(page):
    """What a page says: its texts and what its attributes tell a screen reader."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    told = re.findall(r'(?:aria-label|title|alt|content)="([^"]*)"', re.sub(r"<meta[^>]*>", "", page))
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", page), *told]))


def test_the_marks_show_an_english_word_of_the_engine(own_texts):
    assert foreign(f"{OPEN}a {OPEN}b{SHUT}{SHUT}, Handed in twice. S3", own_texts) == ["handed in twice"]


def answered(strange):
    """Answers of every sort, right and wrong, as two students hand them in."""
    said = []
    for one in questions.bank().values():
        right = list(one.right_answers())
        said.append(check(one.id, right[0] if right else 0.7 if one.foretells else "S3."))
        said.append(ask(one.id))
    said += [check("fe-02", "a"), check("fe-02", "c"), check("co-03", 12), check("fe-03", ["a", "c"])]
    said += [solution(one) for one in questions.bank()]
    return said


def test_a_student_meets_no_english_word_of_the_engine(strange, own_texts):
    said = [repr(one) for one in answered(strange)]
    said += [f"{describe(name)!r}\n{describe(name)._repr_markdown_()}" for name in tables.names()]
    said += [str(cite(name)) for name in ("S3", "S3-1", "co3", "doc1")]
    said += [
        text_of(str(source_card.html([row[key]], checks=True))) for name, row in every_row() for key in [key_of(name)]
    ]
    said += [text_of(load("claims")._repr_html_() or ""), repr(progress())]
    for one in questions.bank().values():
        card = ask(one.id)
        said += shown(card.asked)
        assert (card.asked["lang"], card.asked["dir"]) == ("fa", "rtl")
    assert not (left := foreign("\n".join(said), own_texts)), "\n".join(left)


def shown(asked):
    """What a card shows of its question: texts, and no name of a field."""
    if isinstance(asked, dict):
        return [text for key, value in asked.items() if key not in NOT_SHOWN for text in shown(value)]
    return [text for value in asked for text in shown(value)] if isinstance(asked, list | tuple) else [str(asked)]


def every_row():
    for name in tables.names():
        for row in tables.records(name):
            yield name, row


def key_of(name):
    return datapackage.one(tables.resource(name)["schema"]["primaryKey"])


def test_the_page_of_a_teacher_has_no_english_word_of_the_engine(strange, own_texts):
    page = guide.as_html(questions.bank())
    assert '<html lang="fa" dir="rtl">' in page and "کتاب معلم" in page
    assert not (left := foreign(text_of(page), own_texts)), "\n".join(left)
    assert not (left := foreign(guide.as_markdown(questions.bank()), own_texts)), "\n".join(left)


def test_report_and_feedback_have_no_english_word_of_the_engine(strange, own_texts, tmp_path, capsys):
    answered(strange)
    assert main(["submit", str(strange), "--name", "Ada"]) == 0
    assert lab.lay_out(tmp_path / "mine") and lab.lay_out(tmp_path / "mine")
    told = [capsys.readouterr().out, *lab.lay_out(tmp_path / "other")]
    assert not (left := foreign("\n".join(told), own_texts)), "\n".join(left)
    handed = next(strange.glob("answers-*.jsonl"))
    # As many as it takes for every part of a report; half of them answer half, and one hands in nothing.
    lines = handed.read_text(encoding="utf-8").splitlines()
    (tmp_path / "class").mkdir()
    for number in range(26):
        kept = [lines[0].replace("Ada", f"Ada {number}"), *lines[1 : None if number % 2 else len(lines) // 2]]
        (tmp_path / "class" / f"answers-ada-{number}.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (tmp_path / "class.csv").write_text("name\nAda 1\nFerry\n", encoding="utf-8")
    grade = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--roster", str(tmp_path / "class.csv")]
    for options in (["--feedback", str(tmp_path / "back")], ["--anonymous"]):
        assert main([*grade, *options]) == 0
        report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert '<html lang="fa" dir="rtl">' in report and "برای کلاس" in report
        assert report.count("0 %") == report.count(f"0 %{direction.END}") > 0
        assert f"{direction.LEFT_TO_RIGHT}90–100{direction.END}" in report
        # What it counts are cells of the files beside it, which stay in English.
        files = plain(
            " ".join((tmp_path / "out" / name).read_text("utf-8") for name in ("problems.csv", "gradebook.csv"))
        )
        assert not (left := foreign(text_of(report), f"{own_texts} {files}")), "\n".join(left)
    for path in (*(tmp_path / "back").rglob("*.html"), *strange.glob("answers-*.html")):
        assert not (left := foreign(text_of(path.read_text(encoding="utf-8")), own_texts + " ada")), "\n".join(left)


def test_a_page_and_a_card_lie_by_the_direction_of_their_language(root):
    """What is hidden to the left of a page that is read from the right makes the page begin there, and blank."""
    sheets = [*(root / "src" / "afteach").glob("card/**/*.css"), *(root / "src" / "afteach").glob("look/*.css")]
    for path in (root / "src" / "afteach" / "pages" / "style.css.j2", *sheets):
        found = re.findall(r"(?:[\w-]+-left|(?<![\w-])left|text-align):[^;]*", path.read_text(encoding="utf-8"))
        assert [one for one in found if not re.search(r"start|end|center", one)] == [], path.name


def test_a_line_that_runs_from_right_to_left_turns_no_range_and_no_share(strange, monkeypatch):
    """Without a mark around it "53 %" is read "% 53", and a range from its end."""
    said, held = (
        "30–40, 53 %, 1980 – 1989, 12 (S3-1), 2020-02-29",
        "<30–40>, <53 %>, <1980 – 1989>, 12 (S3-1), 2020-02-29",
    )
    held = held.replace("<", direction.LEFT_TO_RIGHT).replace(">", direction.END)
    spec = {"title": said, "datasets": {"rows": [{"text": said}]}}
    shown = {
        "box": verdict_box.html("not yet", said),
        "table": display.frame_html(pd.DataFrame({"said": [said]})),
        "chart": json.dumps(charts.render.render(spec)[0], ensure_ascii=False),
    }
    monkeypatch.setattr(citations, "cite", lambda _: said)
    shown["paragraph"] = cite("S3").cards
    assert [name for name, page in shown.items() if page.count(held) != 1 + (name == "chart")] == []
    assert [name for name in ("box", "table", "paragraph") if ' dir="rtl"' not in shown[name]] == []
    monkeypatch.setattr(direction, "workbook", lambda: msgspec.structs.replace(workbook(), direction="ltr"))
    assert verdict_box.html("not yet", said) == shown["box"].replace(held, said).replace(' dir="rtl"', "")


def test_no_template_holds_a_word_of_its_own(root):
    """The parts too that no page above has shown."""
    for path in (root / "src" / "afteach" / "pages").glob("*.html.j2"):
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", "", bare, flags=re.S)) == [], (
            path
        )


def test_a_chart_has_no_english_word_of_the_engine(strange, own_texts):
    said = []
    for chart, calls in drawn.draws().items():
        for given in calls:
            rows = [load(name) for name in given]
            draw = getattr(charts, chart)
            figures = [draw(*rows), *(draw(*(table.head(few) for table in rows)) for few in (0, 2))]
            if chart in ("timeline", "stances"):
                figures += [draw(*rows, relationship=tie) for tie in list(tables.labels())[:2]]
            for figure in figures:
                title = figure.chart.title
                said += [figure.description, *(title["text"] if isinstance(title, dict) else [])]
            said += written(figures[0]._repr_mimebundle_()[0]["application/vnd.vegalite.v5+json"])
    said += [charts.forecasts().description]
    assert not (left := foreign("\n".join(said), own_texts)), "\n".join(left)


def written(node, key=""):
    """What a chart writes: titles, names of controls, and the texts of its rows."""
    if isinstance(node, dict):
        return [text for name, value in node.items() for text in written(value, name)]
    if isinstance(node, list):
        return [text for value in node for text in written(value, key)]
    return [node] if key in WRITTEN and isinstance(node, str) else []
