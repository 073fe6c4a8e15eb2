"""The bank goes out to other programs with key and feedback, and questions of others come in; nothing is lost in silence."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import moodle_xml_parser.parser as moodle_parser
import pygiftparser.parser as gift_parser
import pytest
import sample
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from afteach import cli
from afteach.answers import seal
from afteach.exchange import anki, exporting, gift, items, moodle, qti21, shares, texts
from afteach.exchange.items import Choose, Item, Option
from afteach.questions import model

FORMATS = list(exporting.FORMATS)
QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
# The official schema is not ours to ship.
XSD = Path(__file__).resolve().parents[2] / "shared" / "qti21" / "qtiv2p1" / "imsqti_v2p1.xsd"
HOSTILE = "a < b & c > d \"q\" 'p' {x} ~ = # : \\ -> ### // $ % سلام 你好"


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path / "book")))
    return model.bank()


@pytest.fixture
def found(small):
    return items.gather(small)[0]


def item(question: Choose | None = None, prompt: str = "Which?") -> Item:
    body = question or Choose([Option("a", "yes", "So it is.", True), Option("b", "no", "No.")], several=False)
    return Item("q-1", "nb", "choice", "recall", "goal", prompt, body, ["Look."], ["After."], "yes", [])


def moodle_questions(bank):
    tree = ElementTree.fromstring(moodle.write(bank, "T")[0])
    return {q.findtext("name/text"): q for q in tree.iter("question") if q.get("type") != "category"}


def qti_items(bank):
    package = zipfile.ZipFile(io.BytesIO(qti21.write(bank, "T")[0]))
    trees = [ElementTree.fromstring(package.read(name)) for name in package.namelist() if name.startswith("items/")]
    return {tree.get("title"): tree for tree in trees}


def gift_questions(bank):
    return {q.title: q for q in gift_parser.parseFile(io.StringIO(gift.write(bank, "T")[0].decode()))}


def ungift(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.replace(r"\n", "\n"))


def words_of(markup: str) -> str:
    """What a browser would show of a piece of HTML."""
    tree = etree.HTML(f"<div>{markup}</div>")
    for line in tree.iter("br"):
        line.tail = "\n" + (line.tail or "")
    return "".join(tree.itertext())


# The whole bank


def as_told(text: str) -> str:
    """A text of the bank as a reader sees it."""
    return squeezed(words_of(texts.html(text)))


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("to", FORMATS)
def test_every_question_goes_out_or_is_listed(to, tmp_path, capsys):
    out = tmp_path / f"bank.{to}"
    assert cli.main(["export", "--to", to, "--out", str(out)]) == 0
    lines = capsys.readouterr().err.splitlines()
    listed = dict(line.split(": ", 1) for line in lines)
    assert len(listed) == len(lines), "one line a question"
    left_out = {name for name, why in listed.items() if why.startswith("left out")}
    data = out.read_bytes()
    if to == "csv":
        gone = {row["question"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
    elif to == "anki":
        gone = {fields.split("\x1f")[0] for _, fields in notes(data)}
    elif to == "qti21":
        package = zipfile.ZipFile(io.BytesIO(data))
        files = [name for name in package.namelist() if name.startswith("items/")]
        gone = {ElementTree.fromstring(package.read(name)).get("title") for name in files}
    elif to == "gift":
        gone = set(re.findall(r"^::(.*?)::", data.decode(), flags=re.M))
    else:
        gone = {q.name for q in moodle_parser.parse_file(str(out))["multichoice"]} | set(
            re.findall(r"<name>\s*<text>(.*?)</text>", data.decode())
        )
    assert gone | left_out == set(model.bank()) and not gone & left_out
    beside = out.with_name(f"{out.name}.left-behind.csv")
    assert beside.exists() == bool(listed)
    if listed:
        rows = list(csv.reader(io.StringIO(beside.read_text("utf-8-sig"))))[1:]
        assert [row[0] for row in rows] == list(listed)


def test_every_choice_of_the_whole_bank_comes_back_with_its_key_and_its_feedback(tmp_path):
    whole = items.gather(model.bank())[0]
    (tmp_path / "m.xml").write_bytes(moodle.write(whole, "T")[0])
    in_moodle = {q.name: q.options for q in moodle_parser.parse_file(str(tmp_path / "m.xml"))["multichoice"]}
    in_qti, in_gift = qti_items(whole), gift_questions(whole)
    asked = {name: one for name, one in model.bank().items() if one.kind in ("choice", "many") and not one.guess}
    assert len(asked) > 20 and set(asked) <= set(in_moodle)
    for name, one in asked.items():
        text = [(as_told(choice.text), choice.right, as_told(choice.says)) for choice in one.choices]
        assert [
            (squeezed(words_of(o.answer)), o.score_fraction > 0, squeezed(words_of(o.feedback)))
            for o in in_moodle[name]
        ] == text, name
        key = [v.text for v in in_qti[name].findall(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]
        said = {f.get("identifier"): "".join(f.itertext()) for f in in_qti[name].iter(f"{QTI}modalFeedback")}
        offered = {c.get("identifier"): "".join(c.itertext()) for c in in_qti[name].iter(f"{QTI}simpleChoice")}
        back = [(squeezed(words), choice in key, squeezed(said.get(choice, ""))) for choice, words in offered.items()]
        assert back == text, name
        read = [
            (squeezed(words_of(ungift(a.answer))), a.fraction > 0, squeezed(words_of(ungift(a.feedback or ""))))
            for a in in_gift[name].answers.answers
        ]
        assert read == text, name


def test_every_question_of_the_whole_bank_brings_moodle_its_evidence_and_its_tags():
    read = moodle_questions(items.gather(model.bank())[0])
    assert len(read) > 100
    for name, tree in read.items():
        one = model.bank()[name]
        told = words_of(tree.findtext("generalfeedback/text") or "")
        tags = {tag.findtext("text") for tag in tree.iter("tag")}
        assert one.level in tags and len(tags) > 1, name
        evidence = [] if one.foretells else [row_id for row_id in one.evidence if not seal.table_of(row_id)]
        assert [row_id for row_id in evidence if f"{row_id}: " not in told] == [], name


@pytest.mark.skipif(not XSD.is_file(), reason="the QTI 2.1 schema is not beside this checkout")
@pytest.mark.parametrize("which", ["small", "whole"])
def test_every_item_is_valid_by_the_official_schema(which, tmp_path, monkeypatch):
    if which == "small":
        monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    schema = etree.XMLSchema(etree.parse(str(XSD)))
    package = zipfile.ZipFile(io.BytesIO(qti21.write(items.gather(model.bank())[0], "T")[0]))
    read = [name for name in package.namelist() if name.startswith("items/")]
    for name in read:
        schema.assertValid(etree.fromstring(package.read(name)))
    assert len(read) > 10


def test_the_manifest_names_every_item_once(found):
    package = zipfile.ZipFile(io.BytesIO(qti21.write(found, "T")[0]))
    manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
    named = [r.get("href") for r in manifest.iter("{http://www.imsglobal.org/xsd/imscp_v1p1}resource")]
    assert sorted(["imsmanifest.xml", *named]) == sorted(package.namelist())


@pytest.mark.parametrize("to", FORMATS)
def test_what_came_of_a_forecast_never_goes_out(to, small, tmp_path, monkeypatch):
    """Neither in words nor in any other way: a bank whose outcome is the opposite gives the same."""
    file = tmp_path / "book" / "data" / "questions" / "00-example.toml"
    shown = []
    for outcome in ("true", "false"):
        text = re.sub("resolved = (true|false)", f"resolved = {outcome}", file.read_text("utf-8"))
        file.write_text(text, "utf-8")
        bank = model.bank(file)
        [forecast] = [one for one in items.gather(bank)[0] if one.id == "ex-09"]
        shown.append(forecast)
    assert shown[0] == shown[1] and "They did." not in str(shown[0])


def test_the_explanation_of_sealed_outcomes_stays(tmp_path):
    sealed = [one for one in items.gather(model.bank())[0] if "sealed" in str(one.stays)]
    assert sealed
    for one in sealed:
        assert model.bank()[one.id].explain not in one.after


# The same key and the same feedback


def test_moodle_gives_a_right_choice_the_whole_point_and_says_what_the_bank_says(found, tmp_path):
    (tmp_path / "m.xml").write_bytes(moodle.write(found, "T")[0])
    read = {q.name: q for q in moodle_parser.parse_file(str(tmp_path / "m.xml"))["multichoice"]}
    one = read["ex-01"]
    assert [(o.answer, o.score_fraction, words_of(o.feedback)) for o in one.options] == [
        ("Anna", 100, "She is the one."),
        ("Clara", 0, "Clara is not in P01."),
    ]
    assert one.single and "Anna did (P01-1)." in one.general_feedback


def test_moodle_gives_nothing_for_ticking_all(found, tmp_path):
    (tmp_path / "m.xml").write_bytes(moodle.write(found, "T")[0])
    read = {q.name: q for q in moodle_parser.parse_file(str(tmp_path / "m.xml"))["multichoice"]}
    for name in ("ex-02", "ex-13"):
        worth = [option.score_fraction for option in read[name].options]
        assert not read[name].single
        assert sum(w for w in worth if w > 0) == pytest.approx(100, abs=0.001) and sum(worth) <= 0.001


@given(right=st.integers(1, 10), wrong=st.integers(1, 60))
def test_shares_are_ones_that_moodle_takes(right, wrong):
    options = [Option(f"r{n}", "r", right=True) for n in range(right)]
    found = shares.shares([*options, *(Option(f"w{n}", "w") for n in range(wrong))])
    assert {abs(worth) for worth in found.values()} <= set(shares.PARTS.values())
    assert sum(found.values()) <= 0.001


def test_moodle_keeps_number_word_pairs_and_order(found):
    read = moodle_questions(found)
    number = read["ex-03"]
    assert number.get("type") == "numerical" and number.findtext("units/unit/unit_name") == "people"
    answers = [(a.get("fraction"), a.findtext("text"), a.findtext("tolerance")) for a in number.iter("answer")]
    assert answers == [("100", "2400", "24"), ("0", "24", "0")]
    word = [(a.get("fraction"), a.findtext("text")) for a in read["ex-06"].iter("answer")]
    assert word == [("100", "Zürich"), ("100", "Zuerich"), ("0", "bern")]
    pairs = [(s.findtext("text"), s.findtext("answer/text")) for s in read["ex-05"].iter("subquestion")]
    assert pairs == [("Anna", "came"), ("Boris", "went"), ("", "slept")]
    order = [(a.get("fraction"), a.findtext("text")) for a in read["ex-04"].iter("answer")]
    assert order == [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth")]
    assert read["ex-08"].get("type") == "essay" and "One good answer" in read["ex-08"].findtext("graderinfo/text")


def test_a_line_that_does_not_belong_has_no_place(found):
    pairs = {
        words_of(s.findtext("text")): s.findtext("answer/text")
        for s in moodle_questions(found)["ex-14"].iter("subquestion")
    }
    assert pairs['russia = events["relationship"] = "russia"'] == "does not belong"
    assert pairs["len(rows)"] == "3"


def test_qti_has_the_key_of_every_kind(found):
    read = qti_items(found)

    def key(name):
        return [value.text for value in read[name].findall(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]

    assert key("ex-01") == ["c_a"] and key("ex-02") == ["c_a", "c_b"] and key("ex-03") == ["2400"]
    assert key("ex-04") == ["c_one", "c_two", "c_three", "c_four"] and key("ex-06") == ["Zürich"]
    assert key("ex-05") == ["l_anna r_came", "l_boris r_went"]
    assert key("ex-13") == ["c_3", "c_11"] and key("ex-14") == ["c_mask", "c_keep", "c_count"]
    assert key("ex-09") == [] and key("ex-11") == []


def test_qti_maps_ticking_all_to_nothing_and_what_counts_neither_way_to_nought(found):
    for name in ("ex-02", "ex-13"):
        worth = {e.get("mapKey"): float(e.get("mappedValue")) for e in qti_items(found)[name].iter(f"{QTI}mapEntry")}
        assert sum(worth.values()) == pytest.approx(0, abs=0.001)
        assert sum(w for w in worth.values() if w > 0) == pytest.approx(1, abs=0.001)
    assert worth["c_2"] == worth["c_4"] == 0


def test_qti_says_to_a_choice_what_the_bank_says(found):
    said = {f.get("identifier"): "".join(f.itertext()) for f in qti_items(found)["ex-01"].iter(f"{QTI}modalFeedback")}
    assert said["c_a"] == "She is the one." and said["c_b"] == "Clara is not in P01."


def test_gift_is_read_by_another_grammar_with_the_same_key_and_feedback(found):
    read = gift_questions(found)
    assert all(question.valid for question in read.values())
    one = [(a.answer.strip(), a.fraction, a.feedback) for a in read["ex-01"].answers.answers]
    assert one == [("Anna", 100, "She is the one."), ("Clara", 0, "Clara is not in P01.")]
    assert [float(a.fraction) for a in read["ex-02"].answers.answers] == [50, 50, -50, -50]
    assert float(read["ex-03"].answers.answers[0].value) == 2400
    pairs = [(a.question.strip(), a.answer.strip()) for a in read["ex-05"].answers.answers]
    assert pairs == [("Anna", "came"), ("Boris", "went"), ("", "slept")]


def test_a_card_of_anki_keeps_its_id_so_that_a_second_import_updates_it(found):
    first, second = (dict(notes(anki.write(found, title)[0])) for title in ("T", "Another title"))
    assert first == second
    assert any("She" not in fields and "Anna" in fields for fields in first.values())


def notes(data: bytes) -> list[tuple[str, str]]:
    """The notes of a deck: the id by which Anki knows each, and its fields."""
    base = sqlite3.connect(":memory:")
    base.deserialize(zipfile.ZipFile(io.BytesIO(data)).read("collection.anki2"))
    return base.execute("select guid, flds from notes").fetchall()


# Hostile texts

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.sampled_from("\n{}~=#:&<>\"'\\")
)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS.filter(lambda text: text.strip() and not re.search(r"[`*]", text)))
@example(HOSTILE)
@example("one\ntwo\n\nthree")
@example("]]> <!-- <script>alert(1)</script> ${x} \\n")
def test_any_text_comes_out_as_it_went_in(text):
    asked = item(Choose([Option("a", text, text, True), Option("b", "no", "No.")], several=False), prompt=text)
    wanted = " ".join(items.clean(text).split())
    options = [items.clean(text), "no"]
    [question] = moodle_questions([asked]).values()
    shown = [
        question.findtext("questiontext/text"),
        question.findtext("answer/text"),
        question.findtext("answer/feedback/text"),
    ]
    assert [" ".join(words_of(one).split()) for one in shown] == [wanted] * 3
    [tree] = qti_items([asked]).values()
    shown = [
        tree.find(f"{QTI}itemBody/{QTI}div"),
        next(tree.iter(f"{QTI}simpleChoice")),
        next(tree.iter(f"{QTI}modalFeedback")),
    ]
    for element in shown:
        for line in element.iter(f"{QTI}br"):
            line.tail = "\n" + (line.tail or "")
        assert " ".join("".join(element.itertext()).split()) == wanted
    [read] = gift_parser.parseFile(io.StringIO(gift.write([asked], "T")[0].decode()))
    assert read.valid and len(read.answers.answers) == len(options)
    shown = [read.text, read.answers.answers[0].answer, read.answers.answers[0].feedback]
    assert [" ".join(words_of(ungift(one)).split()) for one in shown] == [wanted] * 3


def test_a_sign_that_xml_refuses_is_shown_as_unknown():
    assert items.clean("a\x01b\r\nc") == "a\ufffdb\nc"


# What can go wrong


@pytest.mark.parametrize(
    "given",
    [
        ["--to", "csv", "--out", "no/such/folder/x.csv"],
        ["--to", "csv", "--out", "x.csv", "--notebook", "09-nowhere"],
        ["--to", "csv", "--out", "x.csv", "--bank", "nowhere.toml"],
    ],
)
def test_a_place_that_cannot_be_used_is_said_in_one_line(given, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path / "book")))
    assert cli.main(["export", *given]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_package_that_is_missing_is_named_with_what_installs_it(small, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["export", "--to", "qti21", "--out", str(tmp_path / "x.zip")]) == 2
    assert "lxml" in (said := capsys.readouterr().err) and "exchange" in said and len(said.splitlines()) == 1


# From JupyterQuiz

QUIZ = [
    {"question": "Pick <b>one</b>", "type": "multiple_choice", "code": "x = 1", "answers": [
        {"answer": "A", "correct": True, "feedback": "Yes."}, {"answer": HOSTILE, "correct": False, "feedback": "No."}]},
    {"question": "Tick", "type": "many_choice", "answers": [
        {"answer": "A", "correct": True, "feedback": "Yes."}, {"code": "y = 2", "correct": False}]},
    {"question": "Pi?", "type": "numeric", "precision": 2, "answers": [
        {"type": "value", "value": 3.14, "correct": True, "feedback": "Right."},
        {"type": "range", "range": [4, 5], "correct": False, "feedback": "Less."}, {"type": "default", "feedback": "No."}]},
    {"question": "Town?", "type": "string", "answers": [
        {"answer": "Zürich", "correct": True, "fuzzy_threshold": 0.8}, {"answer": "Bern", "correct": False, "feedback": "No."}]},
    {"question": "Match", "type": "match", "pairs": [{"label": "a", "answer": "x"}, {"label": "b", "answer": "y"}],
     "options": ["x", "y", "z"]},
    {"question": "Dance", "type": "dance"},
]  # fmt: skip


def test_every_kind_of_jupyterquiz_comes_in_and_the_bank_is_valid(tmp_path, capsys):
    quiz, out = tmp_path / "quiz.json", tmp_path / "quiz.toml"
    quiz.write_text(json.dumps(QUIZ), "utf-8")
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "question 6: left out" in said and "range" in said and "fuzzy_threshold" in said
    bank = model.bank(out)
    assert [q.kind for q in bank.values()] == ["choice", "many", "text", "text", "match"]
    one, *_, pairs = bank.values()
    assert one.right_answers() == ["1"] and one.choices[1].says == "No." and "`x = 1`" in one.prompt
    assert pairs.key == {"l1": "r1", "l2": "r2"} and len(pairs.right) == 3
    assert cli.main(["validate", "--bank", str(out)]) == 0
    first = out.read_text("utf-8")
    quiz.write_text(json.dumps([QUIZ[4], *QUIZ[:4]]), "utf-8")
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err and out.read_text("utf-8") == first
    out = tmp_path / "again.toml"
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(out)]) == 0
    assert set(model.bank(out)) == set(re.findall(r'^id = "(jq-\w+)"', first, flags=re.M))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": 1}', "[1, 2]", '[{"question": "x", "type": ["y"]}]', "\ufeff[", "[" * 100_000]
)
def test_a_file_that_is_none_of_jupyterquiz_is_said_in_one_line(text, tmp_path, capsys):
    quiz = tmp_path / "quiz.json"
    quiz.write_text(text, "utf-8")
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(tmp_path / "x.toml")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1 and not (tmp_path / "x.toml").exists()


TWO = [{"answer": "a", "correct": True, "feedback": "f"}, {"answer": "b", "feedback": "f"}]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"type": "multiple_choice", "answers": TWO, "code": "x = \ud800\x00\x1b1"}, ""),
        ({"type": "multiple_choice", "answers": [TWO[0], {"code": "\udfff = 1", "feedback": "f"}]}, ""),
        ({"type": "numeric", "answers": [{"value": 3, "correct": True}, {"value": 10**400, "feedback": "no"}]}, "300 digits"),
        ({"type": "string", "answers": [{"answer": "Ann", "correct": True}, {"answer": "ann ", "feedback": "no"}]}, "it is right"),
    ],
)  # fmt: skip
def test_signs_and_numbers_that_no_bank_can_hold_are_left_out_or_told(question, said, tmp_path, capsys):
    quiz, out = tmp_path / "quiz.json", tmp_path / "quiz.toml"
    quiz.write_text(
        json.dumps([{"question": "Which?"} | question, {"question": "Or?", "type": "many_choice", "answers": TWO}])
    )
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(out)]) == 0
    assert said in capsys.readouterr().err
    assert cli.main(["validate", "--bank", str(out)]) == 0


def test_questions_that_ask_the_same_and_have_other_answers_all_come_in(tmp_path, capsys):
    quiz, out = tmp_path / "quiz.json", tmp_path / "quiz.toml"
    asked = {"question": "Which is right?", "type": "multiple_choice"}
    other = [{"answer": "c", "correct": True, "feedback": "f"}, {"answer": "d", "feedback": "f"}]
    quiz.write_text(json.dumps([asked | {"answers": answers} for answers in (TWO, other, TWO, other)]))
    assert cli.main(["import", "jupyterquiz", str(quiz), "--out", str(out)]) == 0
    told = capsys.readouterr().err
    assert len(model.bank(out)) == 2 and "has other answers" in told and told.count("left out: it stands") == 2


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["question", "type", "answers", "answer", "correct", "feedback", "value", "range", "pairs", "label", "code"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["multiple_choice", "many_choice", "numeric", "string", "match"]), parts=JSONS, asked=TEXTS)
def test_whatever_stands_in_a_quiz_there_is_a_valid_bank_or_one_line(kind, parts, asked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("quiz")
    question = {"question": asked, "type": kind, "answers": parts, "pairs": parts}
    (folder / "q.json").write_text(json.dumps([question]), "utf-8")
    if cli.main(["import", "jupyterquiz", str(folder / "q.json"), "--out", str(folder / "q.toml")]) == 0:
        assert cli.main(["validate", "--bank", str(folder / "q.toml")]) == 0
