"""A kind of question stands in one place, and another package can bring its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sample

from afteach import ask, check, hint, progress, solution
from afteach.answers import log as answers
from afteach.authoring import guide, validating
from afteach.card import card, joining
from afteach.errors import Unreadable
from afteach.grading import items
from afteach.grading.attempts import picked
from afteach.questions import kinds, marking, reading
from afteach.questions import model as questions
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Question

QUESTION = """
[[question]]
id = "ex-90"
kind = "scale"
prompt = "How sure is the article of it?"
goal = "read"
level = "apply"
evidence = ["P01-1"]
hint = "Look for `reportedly`."
explain = "It says so flatly."
ends = ["not at all", "wholly"]
key = 9
far = "That is far off."
"""


class Scale(Question, tag="scale", kw_only=True):
    """Give a whole number from 1 to 10."""

    ends: list[str]
    key: int
    far: str

    typed_as = "7"
    field = Path(__file__).resolve().parent / "js" / "scale.js"

    def judge(self, answer: Any) -> Verdict:
        return right(self) if abs(answer - self.key) <= 1 else not_yet(self, self.far)

    def read(self, given: Any, typed: bool) -> int:
        value = reading.as_number(given)
        if value not in range(1, 11):
            raise Unreadable("This asks for a whole number from 1 to 10.")
        return int(value)

    def say(self) -> str:
        return f"{self.key} of 10"

    def picks(self, answer: Any) -> tuple[str, ...]:
        return ("low" if answer < 6 else "high",)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return [("2 or more away", self.far)]

    def public(self) -> dict[str, Any]:
        return {"ends": self.ends}

    def wrong_picks(self) -> dict[str, str]:
        return {"low": "a low number"}

    def right_answers(self) -> list[Any]:
        return [self.key]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The small workbook with one question of a kind that src/ does not know."""
    monkeypatch.setitem(kinds.KINDS, "scale", Scale)
    made = sample.build(tmp_path)
    with (made / "data" / "questions" / "00-example.toml").open("a") as file:
        file.write(QUESTION)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(made))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


def test_a_kind_of_its_own_is_read_asked_judged_kept_and_solved(place):
    assert questions.draft().faults == []
    assert str(check("ex-90", 2)) == "Not yet. That is far off."
    assert check("ex-90", "eleven").outcome == check("ex-90", 11).outcome == "unreadable"
    assert str(hint("ex-90")) == "Look for `reportedly`."
    assert str(check("ex-90", "10")) == "Right. It says so flatly."
    assert [line.answer for line in answers.read().of("ex-90")] == [2, 10]
    assert str(solution("ex-90")).startswith("9 of 10\n")
    assert progress().rows[0][3:5] == (0, 1)


def test_a_kind_of_its_own_has_its_card(place):
    made = ask("ex-90")
    assert made.asked["ends"] == ["not at all", "wholly"] and "key" not in made.asked
    assert 'check("ex-90", 7)' in card.in_words(questions.question("ex-90"), markdown=False)
    told = []
    made.send = told.append
    made._receive(made, {"type": "answer", "answer": 9}, [])
    assert told[0]["outcome"] == "right" and told[0]["saved"]
    assert "kinds.scale" in made._esm
    kinds.KINDS.pop("scale")
    assert "kinds.scale" not in joining.joined()


def test_a_kind_of_its_own_is_counted_and_explained_to_a_teacher(place):
    asked = questions.question("ex-90")
    item = items.Item(asked, n=3)
    for given in (1, 2, 9):
        item.picks.update(picked(asked, given))
    assert item.drew_most() == ("low", 2)
    text = guide.as_markdown(questions.bank())
    assert "| 2 or more away | That is far off. |" in text and "*Right:* 9 of 10" in text
    assert validating.bank_faults(place / "data" / "questions") == []
    path = place / "data" / "questions" / "00-example.toml"
    path.write_text(path.read_text().replace("key = 9\n", 'key = "nine"\n'))
    assert "ex-90" in questions.draft().faults[0]


def test_the_cards_part_of_a_kind_of_its_own_runs_beside_the_others(place, tmp_path):
    if not shutil.which("node"):
        pytest.skip("no node was found; install Node.js 20 or newer to test the card's own code")
    (tmp_path / "card.mjs").write_text(joining.joined() + "\nexport { kinds, letters };", encoding="utf-8")
    code = (
        'import { kinds, letters } from "./card.mjs";'
        'console.log(kinds.scale.lacks("x"), kinds.scale.lacks("7"), kinds.scale.answerOf("7"), letters("陈é"),'
        "Object.keys(kinds).length)"
    )
    (tmp_path / "use.mjs").write_text(code, encoding="utf-8")
    done = subprocess.run(["node", "use.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == f"Write a whole number first.  7 2 {len(kinds.KINDS)}\n", done.stderr


@pytest.mark.parametrize("name", sorted(kinds.KINDS))
def test_every_kind_answers_for_itself(name):
    kind = kinds.named(name)
    module = sys.modules[kind.__module__]
    assert module.__name__ == f"afteach.questions.kinds.{name}"
    own = {
        entry for base in kind.__mro__ if base is not Question and issubclass(base, Question) for entry in vars(base)
    }
    assert {"typed_as", "judge", "read", "say"} <= own
    assert kind.__doc__ and module.__doc__


def test_nothing_else_in_the_engine_asks_for_a_kind_by_its_name(root):
    """A new kind would have to be added there too."""
    import ast

    found = []
    for path in sorted((root / "src" / "afteach").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Compare, ast.Match)):
                continue
            subject = node.left if isinstance(node, ast.Compare) else node.subject
            words = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
            if isinstance(subject, ast.Attribute) and subject.attr == "kind" and words & set(kinds.KINDS):
                found.append((path.name, node.lineno))
    assert found == []
    texts = {path.name: path.read_text(encoding="utf-8") for path in card.BROWSER.glob("*.js")}
    assert [name for name, text in texts.items() if ".kind ===" in text or 'case "' in text] == []


def test_a_verdict_of_every_kind_on_its_right_and_its_wrong_answer(place):
    bank = questions.bank()
    assert {bank[one].kind for one in sample.RIGHT} | {"reflect", "forecast", "scale"} == set(kinds.KINDS)
    for question_id, answer in sample.RIGHT.items():
        assert marking.judge(bank[question_id], answer).outcome == "right"
        assert marking.judge(bank[question_id], sample.WRONG[question_id]).outcome in ("not yet", "partly")
        assert [marking.judge(bank[question_id], own).outcome for own in bank[question_id].right_answers()] in (
            ["right"],
            ["right", "right"],
        )
