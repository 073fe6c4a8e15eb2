"""Nothing that a reader is shown before a question holds its key."""

from __future__ import annotations

import nbformat
import pytest
import sample
from giving_away import places

import afteach
from afteach.answers import citing
from afteach.questions import model as questions
from afteach.workbook import notebook_files

# What still gives a question away, until its notebook is edited. Whoever mends one takes it out.
NOT_YET: dict[str, str] = {}


def test_no_text_table_or_chart_before_a_question_holds_its_key():
    bank = questions.bank()
    found = [one for path in notebook_files() for one in places(nbformat.read(path, 4).cells, bank)]
    new = [
        f"{one.question}, {one.cell}: {' '.join(one.passage.split())[:150]}"
        for one in found
        if one.question not in NOT_YET
    ]
    mended = sorted(set(NOT_YET) - {one.question for one in found})
    assert new == [], "a passage above a question holds its key: move it into `shows`"
    assert mended == [], "these give nothing away any more: take them out of NOT_YET"


# A passage that tells the key of a question of the small workbook, and one on the same matter that does not.
PASSAGES = {
    "ex-01": ("It was Anna Karenina who met Boris.", "It was Clara Schumann or Anna Karenina."),
    "ex-02": ("Ties with Russia and the north, and with Iran.", "Ties with Peru and with Chad."),
    "ex-03": ("They were 2,400 in all.", "They were 24,000 in all, or 2,400.5."),
    "ex-04": ("First, second, third and fourth in time.", "Fourth, third, second and first in time."),
    "ex-05": ("Anna came alone.", "Anna and others met."),
    "ex-06": ("It was in Zurich.", "It was in Bern."),
    "ex-12": ("22 days lay between them.", "ev22 lies between them."),
    "ex-13": ("The word `reportedly` takes it back.", "A truce was reportedly offered by Anna."),
    "ex-15": ("The second is with Iran.", "The second is with somebody."),
}


@pytest.fixture
def bank(tmp_path, monkeypatch):
    folder = sample.build(tmp_path)
    file = folder / "data" / "questions" / "00-example.toml"
    text = file.read_text()
    # One word is too little to tell a choice by.
    for old, new in (('text = "Anna"\n', 'text = "Anna Karenina"\n'), ('"Clara"\n', '"Clara Schumann"\n')):
        text = text.replace(old, new)
    text = text.replace('text = "Russia", says', 'text = "Russia and the north", says')
    file.write_text(text)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(folder))
    return questions.bank()


def found(bank, question_id, *above):
    cells = [*above, nbformat.v4.new_code_cell(f'ask("{question_id}")')]
    return [one.question for one in places(cells, bank)]


def table(text):
    html = f"<table><tr><th>id</th></tr><tr><td>x</td></tr><tr><td>{text}</td></tr></table>"
    return nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "a table"})


@pytest.mark.parametrize("question_id", PASSAGES)
@pytest.mark.parametrize("made", ["prose", "table", "chart"])
def test_a_passage_that_holds_the_key_is_found_and_one_on_the_same_matter_is_not(bank, question_id, made):
    for text, wanted in zip(PASSAGES[question_id], ([question_id], []), strict=True):
        if made == "prose":
            cell = nbformat.v4.new_markdown_cell(f"## A head\n\nRead on. {text}")
        else:
            chart = nbformat.v4.new_output("display_data", {"application/vnd.vegalite.v5+json": {}, "text/plain": text})
            cell = nbformat.v4.new_code_cell("x", outputs=[table(text) if made == "table" else chart])
        assert found(bank, question_id, cell) == wanted, text


def test_what_stands_in_an_earlier_section_on_a_card_or_below_is_not_counted(bank):
    tells, _ = PASSAGES["ex-06"]
    prose = nbformat.v4.new_markdown_cell(tells)
    card = nbformat.v4.new_output("execute_result", {"text/plain": tells}, metadata={"afteach": "ex-05"})
    assert found(bank, "ex-06", prose, nbformat.v4.new_markdown_cell("## Another\n\nRead on.")) == []
    assert found(bank, "ex-06", nbformat.v4.new_code_cell('ask("ex-05")', outputs=[card])) == []
    assert found(bank, "ex-06", nbformat.v4.new_markdown_cell(f"{tells}\n\n## Another\n\nRead on.")) == []
    assert found(bank, "ex-11", prose) == [], "a guess has no key"


def test_a_click_on_an_id_does_not_tell_how_a_statement_is_coded():
    """The ids of what is to be coded stand in tables and on cards."""
    for named in ("attribution: ", "certainty: "):
        assert named in afteach.cite("P18-3")._repr_html_()
        assert named not in citing.card("P18-3")
    assert "reportedly confirmed" in citing.card("P18-3")
