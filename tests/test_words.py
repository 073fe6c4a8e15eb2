"""What the engine says to a student stands in one table, which a workbook may bring in its own language."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess

import pytest
import sample

from afteach import ask, check, load, slips, solution, words, workbook
from afteach.authoring import guide, validating
from afteach.card import card
from afteach.errors import UnknownName
from afteach.questions import model as questions

DARI = """
[verdict]
right = "درست است."
not_yet = "هنوز نه."
look_again = "دوباره به {places} نگاه کنید."

[student]
tries = "{left} بار دیگر از {all}."

[unknown]
near = "{kind} «{name}» نیست. منظور «{best}» است؟"
table = "جدول"

[date]
month_11 = "نوامبر"

[slip]
quotation = "در خط {line} علامت نقل قول نیست."

[card]
check = "بررسی"
copy = {one = "{n} پاسخ", other = "{n} پاسخ‌ها"}
"""
TEMPLATE_WORD = re.compile(r'\bword\("(\w+\.\w+)"')
JS_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


@pytest.fixture
def dari(tmp_path, monkeypatch):
    """The small workbook with a description and some words of its own."""
    data = sample.build(tmp_path) / "data"
    described = (data / "workbook.toml").read_text(encoding="utf-8")
    described = re.sub(r"^(language|direction) = .*\n", "", described, flags=re.M)
    (data / "workbook.toml").write_text('language = "fa-AF"\ndirection = "rtl"\n' + described, encoding="utf-8")
    (data / "words.toml").write_text(DARI, encoding="utf-8")
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    words.in_use.cache_clear()
    yield data
    words.in_use.cache_clear()


def test_a_workbook_speaks_its_own_words_and_english_where_it_has_none(dari):
    assert words.faults() == []
    assert str(check("ex-01", "a")).startswith("درست است. She is the one.")
    assert str(check("ex-04", ["two", "one", "three", "four"])).startswith("Partly. The first one")
    assert str(check("ex-07", [{"relationship": "x", "value": 1}, {"relationship": "iran", "value": 1}])).endswith(
        "دوباره به ev01 نگاه کنید."
    )
    assert str(solution("ex-02")) == "2 بار دیگر از 2."


@pytest.mark.parametrize("own", [False, True], ids=["in English", "in words of its own"])
def test_no_card_and_no_marking_of_one_waits_for_the_words_of_pages(monkeypatch, request, tmp_path, own):
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    if own:
        request.getfixturevalue("dari")
    monkeypatch.setattr(words, "LATER", tmp_path / "absent.toml")
    cached = (words.in_use, words.english, words._read)
    for one in cached:
        one.cache_clear()
    try:
        for one in questions.bank().values():
            assert repr(ask(one.id)) and str(check(one.id, "a"))
        with pytest.raises(FileNotFoundError):
            words.say("report.of_all", count=1, all=2)
    finally:
        for one in cached:
            one.cache_clear()


def test_a_workbooks_own_words_are_read_once_for_cards_and_pages(dari, monkeypatch):
    read = []
    monkeypatch.setattr(words.toml, "loads", lambda text, read_it=words.toml.loads: read.append(text) or read_it(text))
    assert words.say("verdict.right") == "درست است." and words.say("report.of_all", count=1, all=2)
    assert read.count(DARI) == 1


def test_a_slip_and_an_unknown_name_are_told_in_the_words_of_the_workbook(dari):
    with pytest.raises(UnknownName) as told:
        load("evens")
    assert str(told.value) == "جدول «evens» نیست. منظور «events» است؟"
    assert load("events")["when"][0] == "9 نوامبر 2018"
    fault = SyntaxError("unterminated string literal", ("cell", 3, 1, "", 3, 1))
    assert slips.worded(fault, "check('ex-01", {}) == "در خط 3 علامت نقل قول نیست."


def test_a_card_carries_the_words_the_language_and_the_direction_of_its_workbook(dari, root, tmp_path):
    made = ask("ex-01")
    assert (made.asked["lang"], made.asked["dir"]) == ("fa-AF", "rtl")
    assert json.dumps(words.of_card(), ensure_ascii=False) in made._esm and "بررسی" in made._esm
    if not shutil.which("node"):
        pytest.skip("no node was found; install Node.js 20 or newer to test the card's own code")
    (tmp_path / "card.mjs").write_text(made._esm + "\nexport { word };", encoding="utf-8")
    page = (root / "tests" / "js" / "page.mjs").as_uri()
    code = (
        f'import {{ laidOut }} from "{page}"; import card, {{ word }} from "./card.mjs";'
        f"const page = laidOut(card, {json.dumps(made.asked)}); const [form] = page.find('form');"
        "const buttons = page.find('button').map((button) => button.textContent).filter(Boolean);"
        "console.log([form.attributes.lang, form.attributes.dir, buttons[0], buttons[1],"
        ' word("copy", { n: 1 }), word("copy", { n: 3 })].join("|"))'
    )
    (tmp_path / "use.mjs").write_text(code, encoding="utf-8")
    done = subprocess.run(["node", "use.mjs"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout == "fa-AF|rtl|بررسی|Hint|1 پاسخ|3 پاسخ‌ها\n", done.stderr


def test_a_page_for_the_teacher_carries_language_and_direction(dari):
    assert '<html lang="fa-AF" dir="rtl">' in guide.as_html(questions.bank())


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('[verdict]\nrigt = "x"', "'verdict.rigt' is no key"),
        ('[verdict]\nlook_again = "{place}"', "'verdict.look_again' has {place}, which nothing fills in"),
        ("[verdict]\nright = 3", "'verdict.right' must be a text"),
        ('[verdict]\nright = " "', "'verdict.right' must be a text"),
        ('[card]\ncopy = "x"', "'card.copy' needs a text for one and a text for other"),
        ('right = "x"', "'right' is no key"),
        ("[verdict", "words.toml: "),
    ],
)
def test_a_fault_in_the_words_of_a_workbook_is_named_and_no_student_meets_it(dari, entry, reason):
    (dari / "words.toml").write_text(entry, encoding="utf-8")
    assert any(reason in fault for fault in words.faults())
    assert any(reason in fault for fault in validating.faults())
    words.in_use.cache_clear()
    assert str(check("ex-01", "a")).startswith("Right. ")


def test_a_workbook_without_words_of_its_own_speaks_english(tmp_path, monkeypatch):
    words.in_use.cache_clear()
    assert workbook.workbook().language == "en"
    assert words.say("verdict.right") == "Right." and words.say("seal.wait", n=1, ids="a", code="b").startswith(
        "Sealed"
    )
    assert words.say("read.no_choice", given="{ids}", ids="a") == "There is no choice {ids}. There are: a."


def literals(root):
    """Every text in the Python of the package, and every one in the card's own modules; gaps of a text as a pattern."""
    python, script = set(), set()
    for path in (root / "src" / "afteach").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
                python.add("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                python.add(re.escape(node.value))
    for path in card.BROWSER.rglob("*.js"):
        for plain, template in JS_TEXT.findall(path.read_text(encoding="utf-8")):
            gaps = re.split(r"\$\{\w+\}", template) if template else [plain]
            script.add(r"\w+".join(map(re.escape, gaps)))
    return python, script


def test_every_word_of_the_table_is_said_somewhere(root):
    python, script = literals(root)
    told = set()
    for path in (root / "src" / "afteach" / "pages").glob("*.j2"):
        told |= set(TEMPLATE_WORD.findall(path.read_text(encoding="utf-8")))
    # Compiled once: there are more of them than Python remembers.
    python = [re.compile(text) for text in python if "\\." in text and len(text) < 60 and text.strip(r"\w+.") != ""]
    script = [re.compile(text) for text in script if text != r"\w+"]
    idle = []
    # Where there is no server, words stand in for those of the same key.
    for key in dict.fromkeys(key.removeprefix(words.IN_BROWSER) for key in words.english()):
        if key.startswith("card."):
            name = key.removeprefix("card.")
            if not any(text.fullmatch(name) for text in script):
                idle.append(key)
        elif key not in told and not any(text.fullmatch(key) for text in python):
            idle.append(key)
    assert idle == []


def test_every_word_that_is_said_stands_in_the_table(root):
    missing = []
    for path in (root / "src" / "afteach").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args):
                continue
            first = node.args[0]
            named = [part.value for part in ast.walk(first) if isinstance(part, ast.Constant)]
            named = [] if isinstance(first, ast.JoinedStr) else named
            missing += [
                (path.name, name)
                for name in named
                if re.fullmatch(r"\w+\.\w+", str(name)) and name not in words.english()
            ]
    for path in (root / "src" / "afteach" / "pages").glob("*.j2"):
        named = TEMPLATE_WORD.findall(path.read_text(encoding="utf-8"))
        missing += [(path.name, name) for name in named if name not in words.english()]
    for path in card.BROWSER.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for first in re.findall(r"\bword\(([^(){}]*?)[,)]", text) + re.findall(r"\bblank\(([^(){}]*?)\)", text):
            missing += [
                (path.name, name) for name in re.findall(r'"(\w+)"', first) if f"card.{name}" not in words.english()
            ]
    assert missing == []


def test_what_is_filled_in_is_what_the_text_asks_for(root):
    """A value under another name would leave a gap in the sentence."""
    wrong = []
    for path in (root / "src" / "afteach").rglob("*.py"):
        for node, given in said_with(ast.parse(path.read_text(encoding="utf-8"))):
            text = words.english()[node.args[0].value]
            gaps = set(words.FILLED.findall(text if isinstance(text, str) else "".join(text.values())))
            if given - ({"n"} if isinstance(text, dict) else set()) != gaps - {"n"}:
                wrong.append((path.name, node.args[0].value))
    assert wrong == []


def said_with(tree):
    """Each call of say() with a key of its own, and the names of its values; those of `**about` stand where about is made."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.Lambda):
            continue
        nodes = list(ast.walk(function))
        made = {
            node.targets[0].id: {key.value for key in node.value.keys}
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name)
            and all(isinstance(key, ast.Constant) for key in node.value.keys)
        }  # fmt: skip
        for node in nodes:
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "say"
                and isinstance(node.args[0], ast.Constant)
            ):
                named = [{one.arg} if one.arg else made.get(one.value.id, {"?"}) for one in node.keywords]
                yield node, set().union(*named)


def test_the_card_has_no_words_of_its_own():
    spoken = [
        (path.name, plain or template)
        for path in card.BROWSER.rglob("*.js")
        for plain, template in JS_TEXT.findall(re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M))
        if re.search(r"[A-Za-z]{3,},? [a-z]{2,}|^[A-Z][a-z]+\b", plain or template) and "af-" not in (plain or template)
    ]
    # An error that the card itself catches.
    assert spoken == [("post.js", "nobody is there")]
