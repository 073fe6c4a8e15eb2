"""Reading the question bank, and refusing a bad one."""

from __future__ import annotations

import pytest
import sample

from afteach.errors import DataFault, UnknownName
from afteach.questions import model as questions


@pytest.fixture
def bank_file(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    return tmp_path / "data" / "questions" / "00-example.toml"


def test_a_good_bank_is_read_in_order(bank_file):
    bank = questions.bank()
    assert list(bank) == [f"ex-{n:02}" for n in range(1, 17)]
    assert bank["ex-01"].kind == "choice" and bank["ex-01"].notebook == "00-example"
    assert bank.chapters["00-example"].minutes == 20
    assert questions.draft().faults == []


def test_a_fault_that_asks_ends_with_its_question_mark(bank_file):
    text = bank_file.read_text(encoding="utf-8")
    bank_file.write_text(text.replace('evidence = ["fg02"]', 'evidence = ["fq02"]'), encoding="utf-8")
    assert next(fault for fault in questions.draft().faults if "fq02" in fault).endswith(
        "called 'fq02'. Did you mean 'fg02'?"
    )


def test_the_bank_has_the_order_of_the_notebooks_and_not_of_the_alphabet(bank_file):
    other = bank_file.with_name("a-second.toml")
    other.write_text(bank_file.read_text(encoding="utf-8").replace('"ex-', '"se-'), encoding="utf-8")
    description = bank_file.parents[1] / "workbook.toml"
    text = description.read_text(encoding="utf-8")
    assert '"00-example"]' in text
    description.write_text(text.replace('"00-example"]', '"00-example", "a-second"]'), encoding="utf-8")
    assert list(questions.bank().chapters) == ["00-example", "a-second"]
    description.write_text(text.replace('"00-example"]', '"a-second", "00-example"]'), encoding="utf-8")
    assert list(questions.bank().chapters) == ["a-second", "00-example"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "ex-02"', 'id = "ex-01"', r"00-example.toml, question 2 \(ex-01\): the id 'ex-01' is taken"),
        ('id = "ex-01"', f'id = "{"x" * 65}"', "must be 1 to 64 letters"),
        ('kind = "many"', 'kind = "lots"', r"question 2 \(ex-02\): Invalid value 'lots'"),
        ('goal = "read"', 'goal = "sing"', "the goal 'sing' is none of: read"),
        ('says = "Clara is not in P01."', "", "choice 'b' has no feedback"),
        ("right = true", "right = false", "0 choices are right; one must be"),
        ('evidence = ["P01-1"]', 'evidence = ["P91-1"]', "There is no row called 'P91-1'"),
        ('evidence = ["P01-1"]', "evidence = []", "cites no evidence"),
        ('hint = ["Read P01.", "Her name is short."]', 'hint = ""', "it has no hint"),
        ('key = "fg02"', 'key = "fg99"', "key: There is no row called 'fg99'"),
        ('key = "fg02"', 'key = "P01-1"', "a row of claims, not a figure"),
        ('key = ["one", "two", "three", "four"]', 'key = ["one", "two"]', "key must list every choice id once"),
        ('boris = "went"}', 'boris = "flew"}', "not in right"),
        ('by = "relationship"', 'by = "relation"', "no column of events called 'relation'"),
        ('accept = ["Zürich", "Zuerich"]', "accept = []", "accept is empty"),
        ('model = "One good answer', 'model = "The answer', "must begin 'One good answer'"),
        ('prompt = "Who met Boris?"', 'prompt = "Who <b>met</b> Boris?"', "HTML is not read"),
        ('prompt = "Who met Boris?"', 'prompt = "Who met Boris?"\ncolour = 3', "unknown field 'colour'"),
        ('days = ["ev01", "ev02"]', 'days = ["ev01", "ev04"]', "'ev04' has no date"),
        ("minutes = 20", "minutes = twenty", "00-example.toml: "),
        ('id = "b"\ntext = "Clara"', 'id = "a"\ntext = "Clara"', "two of its choices have the same id"),
        ("tolerance = 0.01", "tolerance = -1", "a tolerance cannot be below 0"),
    ],
)
def test_a_bad_bank_names_file_question_and_reason(bank_file, old, new, reason):
    text = bank_file.read_text(encoding="utf-8")
    assert old in text
    bank_file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFault, match=reason):
        questions.bank()


def test_every_fault_is_listed_not_only_the_first(bank_file):
    text = bank_file.read_text(encoding="utf-8")
    bank_file.write_text(text.replace('goal = "read"', 'goal = "sing"').replace('"fg02"', '"fg99"'), encoding="utf-8")
    assert len(questions.draft().faults) >= 12


def test_a_truncated_bank_is_refused(bank_file):
    text = bank_file.read_text(encoding="utf-8")
    for cut in range(40, len(text) - 2, 97):
        bank_file.write_text(text[:cut], encoding="utf-8")
        found = questions.draft().faults
        whole = text[:cut].rstrip().endswith(("]", '"', "}", "true", "days"))
        assert found or whole, text[:cut][-60:]


def test_a_bank_of_one_file_or_another_folder_is_read(bank_file, tmp_path):
    assert len(questions.bank(bank_file)) == 16
    with pytest.raises(DataFault, match="Check the path"):
        questions.bank(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataFault, match="holds no question file"):
        questions.bank(tmp_path / "empty")


def test_an_unknown_question_gets_a_suggestion(bank_file):
    with pytest.raises(UnknownName, match=r"Did you mean 'ex-01'\?"):
        questions.question("ex_01")


def test_the_fingerprint_changes_with_the_wording_and_not_with_key_or_feedback(bank_file):
    before = questions.fingerprint(questions.question("ex-01"))
    text = bank_file.read_text(encoding="utf-8")
    bank_file.write_text(text.replace("Clara is not in P01.", "Look at P01."), encoding="utf-8")
    assert questions.fingerprint(questions.question("ex-01")) == before
    bank_file.write_text(text.replace('text = "Clara"', 'text = "Carla"'), encoding="utf-8")
    assert questions.fingerprint(questions.question("ex-01")) != before
