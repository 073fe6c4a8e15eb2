"""The card in Python: what it sends, what it keeps to itself, and what it does with nonsense."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sample

from afteach import student
from afteach.answers import log as answers
from afteach.card import card, saving
from afteach.card import contents as bars
from afteach.card.contents import contents
from afteach.questions.model import bank
from afteach.record import agreement


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    student._hints_shown.clear()
    student._shown.clear()
    return tmp_path


@pytest.fixture
def shown(place):
    """A card of any question, and what it has sent."""

    def make(question_id):
        made = card.ask(question_id)
        made.said = []
        made.send = lambda content, buffers=None: made.said.append(content)
        return made

    return make


def tell(made, **content):
    made._receive(made, content, [])
    return made.said


KINDS = sorted(sample.RIGHT | {"ex-08": "", "ex-09": 0, "ex-11": "a"})


@pytest.mark.parametrize("question_id", KINDS)
def test_what_is_synced_holds_no_key_no_feedback_and_no_hint(shown, question_id):
    made = shown(question_id)
    one = bank()[question_id]
    state = json.dumps(made.get_state())
    secrets = [one.explain, one.shows, *one.hints, getattr(one, "model", None), *getattr(one, "accept", [])]
    secrets += [choice.says for name in ("choices", "left") for choice in getattr(one, name, [])]
    own = state.replace(made._esm, "").replace(json.dumps(str(made._esm))[1:-1], "")
    assert [secret for secret in secrets if secret and secret in own] == []
    assert '"right": true' not in own


@pytest.mark.parametrize("question_id", sorted(sample.RIGHT))
@pytest.mark.parametrize("answers_given", [sample.RIGHT, sample.WRONG], ids=["right", "wrong"])
def test_clicking_and_typing_are_judged_alike(shown, place, monkeypatch, question_id, answers_given):
    answer = answers_given[question_id]
    typed = student.check(question_id, answer)
    (first,) = answers.read().of(question_id)
    monkeypatch.setenv("AFTEACH_ANSWERS", str(place / "clicked"))
    (verdict,) = [one for one in tell(shown(question_id), type="answer", answer=answer) if one["type"] == "verdict"]
    assert (verdict["outcome"], verdict["message"]) == (typed.outcome, typed.message)
    assert verdict["saved"] is True
    (second,) = answers.read().of(question_id)
    assert first.answer == second.answer


@pytest.mark.parametrize("question_id", sorted(sample.RIGHT))
def test_clicking_what_was_typed_or_clicking_twice_is_no_new_try(shown, question_id):
    student.check(question_id, sample.RIGHT[question_id])
    made = shown(question_id)
    for _ in range(2):
        said = tell(made, type="answer", answer=sample.RIGHT[question_id])
    assert len(answers.read().of(question_id)) == 1
    assert [one["tries"] for one in said if one["type"] == "state"][-1] == 1
    assert all(one["saved"] for one in said if one["type"] == "verdict")


def test_the_line_for_the_browser_is_the_line_on_disk(shown, place):
    said = tell(shown("ex-01"), type="answer", answer="b", sure="certain")
    (line,) = [one["line"] for one in said if one["type"] == "verdict"]
    (file,) = (place / "answers").glob("*.jsonl")
    assert json.loads(line) == json.loads(file.read_text())
    assert (json.loads(line)["answer"], json.loads(line)["sure"]) == ("b", "certain")


@pytest.mark.parametrize("question_id", sorted(sample.RIGHT))
def test_the_evidence_of_a_question_is_every_row_of_it(shown, question_id):
    made = shown(question_id)
    tell(made, type="answer", answer=sample.RIGHT[question_id])
    (evidence,) = [message for message in tell(made, type="evidence") if message["type"] == "evidence"]
    for row_id in bank()[question_id].evidence:
        assert evidence["html"].count(f'<span class="af-ref">{row_id}</span>') == 1


def test_the_solution_does_not_travel_before_it_is_earned(shown):
    made = shown("ex-01")
    assert "Anna did" not in json.dumps(tell(made, type="solution"))
    tell(made, type="answer", answer="b")
    tell(made, type="answer", answer="b")
    assert "Anna did" not in json.dumps(tell(made, type="solution"))
    tell(made, type="answer", answer="a")
    assert "Anna did" in json.dumps(tell(made, type="solution"))


@pytest.mark.parametrize(
    "content",
    [
        None, 7, "answer", [], {}, {"type": None}, {"type": []}, {"type": {}}, {"type": "dance"}, {"type": "answer"},
        {"type": "answer", "answer": {"a": {"b": [1]}}}, {"type": "answer", "answer": ["a"] * 10_000},
        {"type": "answer", "answer": "x" * 10**6}, {"type": "answer", "answer": float("nan")},
        {"type": "answer", "answer": "a", "sure": {"x": 1}}, {"type": "restore"}, {"type": "restore", "lines": 3},
        {"type": "restore", "lines": [None, 1, {}, {"v": 1}, "{"]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("question_id", ["ex-01", "ex-04", "ex-05", "ex-08", "ex-09"])
def test_nonsense_from_a_browser_is_answered_in_words_and_breaks_nothing(shown, question_id, content):
    made = shown(question_id)
    made._receive(made, content, [])
    assert made.said
    assert all(isinstance(one, dict) and "type" in one for one in made.said)
    json.dumps(made.said)


@pytest.mark.parametrize("kind", ["hello", "answer", "hint", "evidence", "solution", "look_back", "restore", "dance"])
def test_each_message_has_one_reply_that_carries_its_number(shown, kind):
    said = tell(shown("ex-01"), type=kind, n=7, answer="a", lines=[])
    assert [one["re"] for one in said if "re" in one] == [7]
    made = shown("ex-01")
    tell(made, type=kind, n=8, answer="a", lines=[])
    assert [one["re"] for one in made.said if "re" in one] == [8]


@pytest.mark.parametrize("number", [None, True, 0, -1, 1.5, "7", [7], {}, 2**53, 10**400, float("nan")])
def test_a_number_that_is_none_is_not_sent_back(shown, number):
    said = tell(shown("ex-01"), type="hello", n=number)
    assert [one["type"] for one in said] == ["state"]
    assert "re" not in said[0]


def test_an_answer_names_the_log_it_joins_so_that_no_browser_mixes_two(shown, place):
    def logged(answer):
        said = tell(shown("ex-01"), type="answer", answer=answer)
        return next((json.loads(one["line"])["id"], one["log"]) for one in said if one["type"] == "verdict")

    (first, log), (second, same) = logged("b"), logged("a")
    assert (log, same) == (first, first) != (second, second)
    for file in (place / "answers").glob("*.jsonl"):
        file.unlink()
    third, other = logged("b")
    assert other == third


def test_an_answer_that_could_not_be_saved_says_so(shown, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers._Writer, "append", full)
    (verdict,) = [one for one in tell(shown("ex-01"), type="answer", answer="a") if one["type"] == "verdict"]
    assert verdict["outcome"] == "right"
    assert verdict["saved"] is False
    assert "No space left" in verdict["problem"]
    assert verdict["line"], "the browser can still keep it"
    (state,) = [one for one in tell(shown("ex-01"), type="hello") if one["type"] == "state"]
    assert state["saved"] is False


def test_a_read_only_folder_is_said(shown, place):
    folder = place / "answers"
    folder.write_text("a file where the folder should be")
    (verdict,) = [one for one in tell(shown("ex-01"), type="answer", answer="a") if one["type"] == "verdict"]
    assert (verdict["outcome"], verdict["saved"]) == ("right", False)


def test_answers_that_a_browser_kept_come_back_once(shown, place):
    (line,) = [one["line"] for one in tell(shown("ex-01"), type="answer", answer="b") if one["type"] == "verdict"]
    for file in (place / "answers").glob("*.jsonl"):
        file.unlink()
    made = shown("ex-06")
    for _ in range(2):
        tell(made, type="restore", lines=[json.loads(line)])
    assert [one.answer for one in answers.read().lines] == ["b"]


def test_a_question_that_changed_since_is_marked(shown, place):
    tell(shown("ex-01"), type="answer", answer="a")
    file = place / "data" / "questions" / "00-example.toml"
    file.write_text(file.read_text().replace("Who met Boris?", "Who met Boris then?"))
    (state,) = [one for one in tell(shown("ex-01"), type="hello") if one["type"] == "state"]
    assert (state["changed"], state["answer"]) == (True, "a")


def test_a_card_elsewhere_of_the_same_question_is_told(shown):
    one, other = shown("ex-01"), shown("ex-01")
    tell(one, type="answer", answer="a")
    assert [said["outcome"] for said in other.said if said["type"] == "state"] == ["right"]


@pytest.mark.parametrize("question_id", KINDS)
def test_without_widgets_the_card_is_words_that_say_how_to_answer(shown, question_id):
    made = shown(question_id)
    data, _ = made._repr_mimebundle_()
    for text in (repr(made), data["text/plain"], data["text/markdown"]):
        assert bank()[question_id].prompt in text
        assert "Run this cell" not in text, "alone on a fresh kernel it knows no names"
        if bank()[question_id].kind != "value":
            assert "Run > Run All Cells" in text
        assert f'check("{question_id}"' in text


def test_a_plain_terminal_shows_the_words(place):
    code = "from afteach import ask; print(ask('ex-01'))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "Who met Boris?" in told
    assert "- a Anna" in told


@pytest.mark.parametrize(
    ("environment", "other", "same"),
    [
        ({"JUPYTERHUB_USER": "anna"}, {"JUPYTERHUB_USER": "boris"}, False),
        ({"BINDER_REPO_URL": "x", "JUPYTERHUB_USER": "one"}, {"BINDER_REPO_URL": "x", "JUPYTERHUB_USER": "two"}, True),
        ({}, {"JUPYTERHUB_USER": "anna"}, False),
    ],
)
def test_the_browsers_copy_belongs_to_one_user_and_holds_no_name(monkeypatch, environment, other, same):
    def scope(settings):
        for name in ("JUPYTERHUB_USER", "BINDER_REPO_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return card._scope()

    assert (scope(environment) == scope(other)) is same
    assert "anna" not in scope({"JUPYTERHUB_USER": "anna"})


def test_two_workbooks_never_share_a_browsers_copy(place):
    first, described = card._scope(), place / "data" / "workbook.toml"
    described.write_text(described.read_text(encoding="utf-8").replace('"sample"', '"dam"'), encoding="utf-8")
    assert card._scope() != first


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's own count of memory")
def test_ten_cards_take_little_memory(place):
    """Beyond anywidget itself and what judging needs, under 15 MB."""
    code = (
        "import anywidget\n"
        "class Plain(anywidget.AnyWidget):\n    _esm = 'export default {render() {}}'\n"
        "def used():\n    return int(open('/proc/self/statm').read().split()[1]) * 4096 / 2**20\n"
        "plain = [Plain() for _ in range(10)]\n"
        "before = used()\n"
        "from afteach import ask\n"
        f"cards = [ask(one) for one in {KINDS[:10]!r}]\n"
        "for one in cards:\n    one.show_state()\n"
        "print(used() - before)\n"
    )
    grown = float(subprocess.check_output([sys.executable, "-c", code], text=True))
    print(f"ten cards: {grown:.1f} MB")
    assert grown < 15


def test_a_saved_notebook_keeps_the_card_as_words_and_every_other_widget_as_it_was(shown):
    data, metadata = shown("ex-01")._repr_mimebundle_()
    other = {"data": {saving.VIEW: {"model_id": "1"}}, "metadata": {}}
    ours = {"data": {saving.VIEW: {"model_id": "2"}, **data}, "metadata": metadata}
    cells = [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [ours, other, {"output_type": "stream"}]}]
    saving.without_cards(model={"type": "notebook", "content": {"cells": cells}}, path="x", contents_manager=None)
    assert saving.VIEW not in ours["data"]
    assert "Who met Boris?" in ours["data"]["text/markdown"]
    assert saving.VIEW in other["data"]


@pytest.mark.parametrize(
    "model", [{"type": "file", "content": "x"}, {"type": "notebook", "content": None}, {"type": "notebook"}]
)
def test_whatever_else_is_saved_is_left_alone(model):
    before = dict(model)
    saving.without_cards(model=model, path="x")
    assert model == before


@pytest.mark.parametrize(
    ("question_id", "answer", "marks"),
    [
        ("ex-01", "b", {"b": "wrong"}),
        ("ex-01", "a", {"a": "right"}),
        ("ex-02", ["a", "c"], {"c": "wrong"}),
        ("ex-04", ["one", "three", "two", "four"], {"one": "right", "three": "wrong"}),
        ("ex-05", {"anna": "came", "boris": "slept"}, {"anna": "right", "boris": "wrong"}),
        ("ex-05", {"anna": "slept", "boris": "went"}, {"anna": "wrong"}),
        ("ex-03", {"value": 24, "unit": "people"}, {}),
        ("ex-11", "a", {}),
    ],
)
def test_what_was_chosen_is_marked_and_what_was_not_is_never_given_away(shown, question_id, answer, marks):
    states = [one for one in tell(shown(question_id), type="answer", answer=answer) if one["type"] == "state"]
    assert states[-1]["marks"] == marks


def test_a_guess_asked_again_shows_the_first_one_however_often_it_is_recorded(shown):
    made = shown("ex-11")
    assert [one["type"] for one in tell(made, type="look_back", n=1)] == ["notice"]
    for answer in ("a", "b"):
        tell(made, type="answer", answer=answer)
    rows = [one["rows"] for one in tell(made, type="look_back") if one["type"] == "look_back"]
    assert rows == [[("few", True, False), ("many", False, False)]]
    assert [one["type"] for one in tell(shown("ex-01"), type="look_back")] == ["notice"]


def test_a_guess_has_no_hint_to_click(shown):
    (guess,), (judged,) = tell(shown("ex-11"), type="hello"), tell(shown("ex-01"), type="hello")
    assert (guess["hasHints"], judged["hasHints"]) == (False, True)


def test_the_evidence_of_a_question_on_codes_hides_them_until_it_is_solved():
    coded = [one for one in bank().values() if _asked_codes(one)]
    assert coded
    for one in coded:
        hidden, whole = card.evidence(one, solved=False), card.evidence(one, solved=True)
        assert [column for column in _asked_codes(one) if f"{column}: " in hidden] == [], one.id
        assert all(f"{column}: " in whole for column in _asked_codes(one)), one.id


def _asked_codes(one):
    return {column for column, codes in agreement.code_lists().items() if one.coded_key(codes) is not None}


def test_a_card_leads_on_to_the_notebook_after_its_own():
    stems = list(bank().chapters)
    first, last = bank().of(stems[0])[0], bank().of(stems[-1])[0]
    assert card.public(first)["next"] == stems[1]
    assert card.public(last)["next"] == ""


class Contents:
    """As much of a server's contents manager as the hook asks for."""

    def __init__(self, root):
        self.root_dir = str(root)


def test_a_saved_copy_says_what_was_answered_and_how_it_stood(shown, place):
    data, metadata = shown("ex-01")._repr_mimebundle_()
    plain = data["text/plain"]
    model = {"type": "notebook", "content": {"cells": [{"outputs": [{"data": data, "metadata": metadata}]}]}}

    def saved():
        saving.without_cards(model=model, path="cards.ipynb", contents_manager=Contents(place))
        return data["text/plain"]

    assert saved() == plain, "nothing is answered yet"
    for answer, outcome in (("b", "Not yet"), ("a", "Right"), ("a", "Right")):
        tell(shown("ex-01"), type="answer", answer=answer)
        said = f"You answered `{answer}`. {outcome}. To wake this card, choose Run > Run All Cells."
        assert saved() == f"{plain}\n\n{said}"
        assert data["text/markdown"].count("You answered") == 1


@pytest.mark.parametrize("kept", [b"", b"[1]", b"{", b'{"ex-01": 7}', b"[" * 100_000])
def test_what_cannot_be_read_of_how_it_stood_stops_no_save(shown, place, kept):
    (place / "answers").mkdir()
    (place / "answers" / ".standing.json").write_bytes(kept)
    data, metadata = shown("ex-01")._repr_mimebundle_()
    plain = data["text/plain"]
    model = {"type": "notebook", "content": {"cells": [{"outputs": [{"data": data, "metadata": metadata}]}]}}
    saving.without_cards(model=model, path="cards.ipynb", contents_manager=Contents(place))
    assert data["text/plain"] == plain


class Shell:
    """IPython in a kernel whose front end names the cell that runs."""

    def __init__(self):
        self.kernel, self.parent, self.runs = self, {}, 0

    def get_parent(self):
        return self.parent

    def run(self, cell, code):
        """Run a cell and show what it gives, as often as it is run with a message of its own."""
        self.runs += 1
        self.parent = {"header": {"msg_id": f"m{self.runs}"}, "metadata": {"cellId": cell} if cell else {}}
        made = code()
        made._repr_mimebundle_()
        self.parent = {}
        return made


@pytest.fixture
def shell(place, monkeypatch):
    made = Shell()
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    return made


def lives(widget):
    return widget.comm is not None


MAKES = {
    "a card": lambda: card.ask("ex-01"),
    "a bar": lambda: contents("00-example"),
}


@pytest.mark.parametrize("what", MAKES)
def test_what_a_cell_showed_two_runs_ago_is_closed_and_what_it_showed_last_lives(shell, what):
    first, second, third = (shell.run("c1", MAKES[what]) for _ in range(3))
    assert [lives(one) for one in (first, second, third)] == [False, True, True]
    assert first.layout.comm is None
    told = {*card._cards, *bars._bars}
    assert first not in told and {second, third} <= told


def test_two_cards_of_one_question_in_two_cells_both_live_however_often_they_run(shell):
    for _ in range(4):
        both = [shell.run(cell, MAKES["a card"]) for cell in ("c1", "c2")]
    assert all(map(lives, both))
    for one in both:
        one.said = []
        one.send = lambda content, buffers=None, said=one.said: said.append(content)
    tell(both[0], type="answer", answer="a")
    assert [one["outcome"] for one in both[1].said] == ["right"]


def test_a_card_that_was_given_a_name_and_is_shown_elsewhere_lives(shell):
    mine = shell.run("c1", MAKES["a card"])
    shell.run("c2", lambda: mine)
    for _ in range(3):
        shell.run("c1", MAKES["a card"])
    assert lives(mine)


def test_where_no_cell_is_named_nothing_is_closed(shell):
    assert all(map(lives, [shell.run("", MAKES["a card"]) for _ in range(4)]))


def test_the_verdict_goes_out_before_any_other_card_or_bar_is_told(shown):
    made, other = shown("ex-01"), shown("ex-01")
    made.said = other.said = []
    tell(made, type="answer", answer="a", n=3)
    assert [(one["type"], one.get("re")) for one in made.said] == [("verdict", 3), ("state", None), ("state", None)]
