"""The real tables and the real question bank."""

from __future__ import annotations

import csv
import json
import re
import shutil

import nbformat
import pytest

from afteach.cli import main
from afteach.questions import computed, marking
from afteach.questions.model import bank
from afteach.record import agreement, citations, descriptions, lookup, tables
from afteach.workbook import data_dir, root, workbook

CHAPTERS = list(bank().chapters)
QUESTIONS = list(bank().values())
BY_ID = [one.id for one in QUESTIONS]


def test_the_data_package_is_valid():
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(data_dir() / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:20]


def test_the_whole_workbook_has_no_fault(capsys):
    assert main(["validate"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", tables.names())
def test_a_table_is_read_described_and_cited(name):
    frame = tables.load(name)
    assert len(frame) > 0
    card = str(descriptions.Description(name))
    assert all(column in card for column in frame.columns if column not in tables.ADDED)
    first = str(frame.iloc[0, 0])
    assert len(str(citations.cite(first))) > len(first)


@pytest.mark.parametrize("name", tables.names())
def test_a_table_says_what_it_cannot_show_and_under_which_licence(name):
    entry = tables.resource(name)
    assert len(entry["limits"]) > 60
    assert all(field["description"] for field in entry["schema"]["fields"])


ALLEGED = [
    pytest.param(row, id=next(iter(row.values())))
    for name in ("stances", "outside_events")
    for row in tables.records(name)
    if row["standing"] != "documented"
]
UNFOUND = re.compile(r"\b(no|not|nothing|nobody)\b[^.;:]*\b(found|seen)\b", re.IGNORECASE)


@pytest.mark.parametrize("row", ALLEGED)
def test_what_is_claimed_or_disputed_names_claimant_denial_and_what_was_shown(row):
    assert row["claimant"]
    assert row["denier"]
    assert row["shown"]
    assert row["searched"] or "no denial found" not in row["denier"]


def test_help_that_its_state_denies_is_never_documented():
    helping = [row for row in tables.records("stances") if row["stance"] in ("backs", "shelters")]
    assert helping
    assert [row["stance_id"] for row in helping if row["denier"] and row["standing"] == "documented"] == []


def test_what_came_after_keeps_to_the_rule_that_its_table_states():
    rows = tables.records("after_2020")
    assert [row["after_2020_id"] for row in rows if (row["kind"] == "other") != (row["direction"] == "context")] == []
    for row in rows:
        if row["kind"] != "other":
            assert "2021-08-15" <= row["start"] <= "2025-11-08", row
            assert row["relationship"] != "kabul", row
        if row["kind"] in ("force", "expulsion") and row["direction"] == "away":
            assert row["state_says"] and row["authorities_say"], row
        if row["relationship"] != "region":
            assert row["state_says"] or row["authorities_say"], f"{row['after_2020_id']} has the word of neither side"


def test_what_the_article_alone_claims_names_the_row_that_was_found_or_looked_for():
    rows = {next(iter(row.values())): row for name in ("outside_events", "fact_checks") for row in tables.records(name)}
    for event in tables.records("events"):
        if event["standing"] != "documented":
            found = [rows[row_id] for row_id in re.findall(r"\b(?:oe|fc)\d+\b", event["note"])]
            assert any(row.get("denier") or row.get("searched") or row.get("claimant") for row in found), event[
                "event_id"
            ]


@pytest.mark.parametrize("name", ["fact_checks", "stances", "outside_events"])
def test_a_row_that_found_nothing_says_what_was_looked_for_where_and_when(name):
    """A row may say that nothing was shown in public: that is no search of ours."""
    bare = []
    for row in tables.records(name):
        told = "; ".join(text for column, text in row.items() if column not in ("shown", "searched"))
        if (UNFOUND.search(told) or row.get("verdict") == "not-found") and not row["searched"]:
            bare.append(next(iter(row.values())))
    assert bare == [], "fill `searched`: what was looked for, where and when"
    for row in tables.records(name):
        assert not row["searched"] or re.search(r": stored public pages, \d{4}-\d\d-\d\d", row["searched"]), row


def test_a_check_names_a_source_unless_no_record_speaks():
    silent = ("not-found", "not-checkable", "not-checked")
    wrong = [
        row["fact_check_id"]
        for row in tables.records("fact_checks")
        if (row["verdict"] in silent) == bool(row["source_id"])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in tables.names() if name != "claims"])
def test_every_row_that_a_row_names_exists(name):
    known = {next(iter(row.values())) for table in tables.names() for row in tables.records(table)}
    named = {
        (next(iter(row.values())), row_id)
        for row in tables.records(name)
        for column, text in row.items()
        if column != "url"
        for row_id in re.findall(r"\b(?:ev|fg|st|fc|oe|dc|cl|vo|tl|md|cc|af|so|P)\d\d(?:-\d+|\d)?\b", text)
        if not re.fullmatch(r"P\d\d", row_id)
    }
    assert {pair for pair in named if pair[1] not in known} == set()


# A side named by its opponents' word, a spelling that we do not use, and words that dress deaths up.
SLANTED = re.compile(
    r"forces of Kabul|Kabul's (?:forces|troops|soldiers|army)|\bTurkey\b|\bregimes?\b|\bpuppets?\b|\bTaliban terrorists?\b"
    r"|\bmartyr\w*|\bneutrali[sz]ed\b|\bliquidated\b|\beliminated\b|\bslaughter\w*|\bheroic\b",
    re.IGNORECASE,
)
# Here other people's own words stand, titles and quotations.
THEIRS = {"title", "url", "publisher", "wording", "words"}


def test_our_own_words_name_every_side_as_neutrally(notebook_files):
    said = [
        (next(iter(row.values())), text)
        for name in tables.names()
        for row in tables.records(name)
        for column, text in row.items()
        if column not in THEIRS
    ]
    said += [
        (f"{path.stem} {cell['id']}", cell.source)
        for path in notebook_files
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "markdown"
    ]
    said += [(path.stem, path.read_text(encoding="utf-8")) for path in (data_dir() / "questions").glob("*.toml")]
    said += [("datapackage.json", (data_dir() / "datapackage.json").read_text(encoding="utf-8"))]
    assert [(place, found.group()) for place, text in said if (found := SLANTED.search(text))] == []


def test_quoted_wording_stays_within_six_words():
    long = [row["claim_id"] for row in tables.records("claims") if len(re.findall(r"[\w’'-]+", row["wording"])) > 6]
    assert long == []


# The languages of the country of a tie; for the American one those of Afghanistan.
LANGUAGES = {
    "united-states": {"Dari", "Pashto", "Persian"},
    "pakistan": {"Urdu", "Pashto"},
    "russia": {"Russian"},
    "iran": {"Persian"},
    "china": {"Chinese"},
}


@pytest.mark.parametrize("tie", LANGUAGES)
def test_each_tie_is_heard_twice_in_a_language_of_the_country(tie):
    heard = [row for row in tables.records("voices") if row["relationship"] == tie]
    assert len({row["source_id"] for row in heard if row["language"] in LANGUAGES[tie]}) >= 2


def test_afghans_of_several_sides_speak_and_not_all_of_them_are_men():
    whom = [(row["speaker"], row["as_whom"]) for row in tables.records("voices")]
    assert len({speaker for speaker, who in whom if "woman of the Republic's team" in who}) >= 2
    assert any("Hazara" in who for _, who in whom) and any("in its own text" in who for _, who in whom)


def test_a_voice_says_in_which_language_its_source_is_and_is_quoted_in_few_words():
    languages = {row["source_id"]: row["language"] for row in tables.records("sources")}
    assert sum(language != "English" for language in languages.values()) >= 15
    for row in tables.records("voices"):
        assert languages[row["source_id"]] == row["language"], row["voice_id"]
        assert len(row["words"].split()) <= 6, row["voice_id"]


def test_claims_were_coded_twice_and_the_passes_differ_somewhere():
    for column in ("kind", "attribution"):
        total, raw, kappa = agreement.of(column)
        assert total == len(tables.load("claims"))
        assert 0.6 < raw < 1
        assert 0.4 < kappa < 1


def right_answer(one):
    match one.kind:
        case "choice":
            return next(choice.id for choice in one.choices if choice.right)
        case "many":
            return [choice.id for choice in one.choices if choice.right]
        case "order" | "match" | "mark":
            return one.key
        case "text":
            return one.accept[0]
        case "weigh":
            return one.right_answers()[0]
    expected = computed.resolved(one)
    if isinstance(expected, dict):
        return [
            {**{f"by{i}": part for i, part in enumerate(group)}, "value": value} for group, value in expected.items()
        ]
    if isinstance(expected, list):
        key = tables.load(one.key.table).columns[0]
        columns = dict.fromkeys(one.key.columns, "")
        return [{**columns, key: row_id} for row_id in expected]
    return expected


def wrong_answers(one):
    match one.kind:
        case "choice":
            return [choice.id for choice in one.choices if not choice.right]
        case "many":
            ids = [choice.id for choice in one.choices]
            right = [choice.id for choice in one.choices if choice.right]
            return [ids, *([x for x in right if x != drop] for drop in right if len(right) > 1),
                    *([*right, choice.id] for choice in one.choices if not choice.right)]  # fmt: skip
        case "order":
            return [one.key[::-1], [one.key[1], one.key[0], *one.key[2:]],
                    *([*one.key, choice_id] for choice_id in one.distractors)]  # fmt: skip
        case "mark":
            places = range(1, len(one.words()) + 1)
            return [list(places), *([n for n in one.key if n != drop] for drop in one.key if len(one.key) > 1),
                    *([*one.key, n] for n in places if n not in {*one.key, *one.either})]  # fmt: skip
        case "match":
            return [{left.id: other.id} | {k: v for k, v in one.key.items() if k != left.id}
                    for left in one.left for other in one.right if other.id != one.key[left.id]]  # fmt: skip
        case "text":
            return ["something else entirely", *one.slips]
        case "weigh":
            inside, carrying = one.right_answers()[0]["lean"], list(one.carries)
            unlooked = [{"lean": inside, "trail": [row for row in one.records if row not in one.carries][:1]}]
            return [*unlooked, *({"lean": n, "trail": carrying} for n in range(101) if not _fits(one, n))]
    expected = computed.resolved(one)
    if isinstance(expected, dict):
        return [right_answer(one)[1:], [{**row, "value": row["value"] + 1} for row in right_answer(one)]]
    if isinstance(expected, list):
        return [right_answer(one)[1:]]
    if isinstance(expected, str):
        return ["something else"]
    allowed = max(one.tolerance, one.relative_tolerance * abs(expected))
    near = allowed * 1.01 + max(abs(expected), 1) / 50
    return [
        expected + near,
        expected - near,
        expected * 2 + 1 + one.tolerance,
        -expected - 1 - one.tolerance,
        *(slip.value for slip in one.slips),
    ]


def _fits(one, lean):
    low, high = (answer["lean"] for answer in one.right_answers())
    return low <= lean <= high


MARKED = [one for one in QUESTIONS if one.kind not in ("reflect", "forecast") and not one.guess]


@pytest.mark.parametrize("one", MARKED, ids=[one.id for one in MARKED])
def test_the_right_answer_passes_and_every_wrong_one_fails(one):
    verdict = marking.judge(one, right_answer(one))
    assert (verdict.outcome, verdict.score) == ("right", 1), verdict.message
    for answer in wrong_answers(one):
        verdict = marking.judge(one, answer)
        assert verdict.outcome in ("partly", "not yet"), answer
        assert verdict.score < 1
        assert one.say() not in verdict.message or one.kind == "many"


@pytest.mark.parametrize("one", QUESTIONS, ids=BY_ID)
def test_an_empty_answer_is_no_answer_to_any_question(one):
    for blank in (None, "", [], {}, {"value": "", "unit": ""}, "   "):
        assert marking.judge(one, blank).outcome in ("unanswered", "unreadable")


@pytest.mark.parametrize("one", QUESTIONS, ids=BY_ID)
def test_every_choice_teaches(one):
    if one.kind in ("choice", "many") and not one.guess:
        assert all(choice.says for choice in one.choices)
    if one.kind == "match":
        assert all(choice.says for choice in one.left)
    if one.kind == "order":
        # Nothing wrong can stand before the line that comes first.
        assert {choice.id for choice in one.choices if choice.says} == {*one.key[1:], *one.distractors}
    assert one.hints
    assert one.explain


@pytest.mark.parametrize("one", QUESTIONS, ids=BY_ID)
def test_no_key_rests_on_a_check_that_found_nothing(one):
    """Whatever is evidence may be not found; not all of it, where an answer is judged."""
    checks = [lookup.row(row_id)[1] for row_id in one.evidence if lookup.row(row_id)[0] == "fact_checks"]
    others = [row_id for row_id in one.evidence if lookup.row(row_id)[0] != "fact_checks"]
    if one.kind != "reflect" and not others:
        assert any(check["verdict"] != "not-found" for check in checks)


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_notebook_asks_enough_and_in_several_ways(stem):
    asked = bank().of(stem)
    assert 6 <= len([one for one in asked if one.kind != "forecast"]) <= 14, (
        "six to fourteen questions, forecasts apart"
    )
    assert len({one.kind for one in asked}) >= 4
    # One line at least is written by the student; lines put in order come before the first of a new word.
    assert any(one.kind == "value" for one in asked)
    assert sum(one.kind == "value" or getattr(one, "code", False) for one in asked) >= 2
    assert sum(one.kind == "reflect" for one in asked) >= 1
    goals = bank().chapters[stem].goals
    assert {one.goal for one in asked if not one.guess} == set(goals), "each goal is tested by a question"


def test_the_right_choice_stands_in_every_place():
    """Whoever always picks the same letter, or the longest text, should not do well."""
    single = [one for one in MARKED if one.kind == "choice"]
    places = [next(i for i, c in enumerate(one.choices) if c.right) for one in single]
    longest = [max(one.choices, key=lambda c: len(c.text)).right for one in single]
    assert max(places.count(place) for place in set(places)) <= 0.5 * len(single)
    assert sum(longest) <= 0.5 * len(single)


def paragraphs_of(one) -> set[str]:
    found = set(re.findall(r"\bP\d\d\b", one.prompt))
    for row_id in one.evidence:
        _, row = lookup.row(row_id)
        claim = row_id if re.fullmatch(r"P\d\d-\d+", row_id) else row.get("claim_id", "")
        found |= {claim[:3]} if claim else set()
    return found


def test_every_paragraph_is_cited_by_a_notebook_and_asked_about(notebook_files):
    prose = {path.stem: path.read_text(encoding="utf-8") for path in notebook_files}
    missing = []
    for paragraph in sorted({row["paragraph"] for row in tables.records("claims")}):
        cited = [stem for stem, text in prose.items() if re.search(rf"\b{paragraph}\b", text)]
        asked = [one.id for one in QUESTIONS if paragraph in paragraphs_of(one)]
        print(paragraph, "cited:", " ".join(name[:2] for name in cited), "asked:", " ".join(asked))
        if not cited or not asked:
            missing.append(paragraph)
    assert missing == []


def add_a_row(path, schema):
    """Write the last row of a table once more, under an id and names of its own."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    key = schema["primaryKey"] if isinstance(schema["primaryKey"], str) else schema["primaryKey"][0]
    alone = [field["name"] for field in schema["fields"] if field.get("constraints", {}).get("unique")]
    row = dict(rows[-1])
    for column in {key, *alone}:
        row[column] += "9" if column == key and row[column][-1].isdigit() else " too" if column != key else "-too"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(row), lineterminator="\n").writerow(row)


def test_one_more_valid_row_in_each_table_is_no_fault(tmp_path, monkeypatch, capsys):
    """A newcomer adds a row and nothing else; which prose is to be read again `execute` says."""
    for folder in ("data", "notebooks"):
        shutil.copytree(root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("answers", ".*"))
    for table in json.loads((tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        # A statement of the measure comes with its records, and with one in the other form.
        if table["name"] != workbook().measure.statements:
            add_a_row(tmp_path / "data" / table["path"], table["schema"])
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    assert main(["validate"]) == 0, capsys.readouterr().out
