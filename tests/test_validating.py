"""`afteach validate` lists every fault in one run, each by file, place and reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import sample

from afteach import charts, cli
from afteach.authoring import validating
from afteach.questions import model as questions
from afteach.record import descriptions, tables


class Workbook:
    """A copy of the sample workbook that a test spoils."""

    def __init__(self, folder):
        self.data = sample.build(folder) / "data"
        self.notebook = sample.build_notebook(folder / "notebooks")
        self.bank = self.data / "questions" / "00-example.toml"

    def change(self, name, old, new, times=1):
        path = self.notebook if name == "notebook" else self.bank if name == "bank" else self.data / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} holds no {old!r}"
        path.write_text(text.replace(old, new, times), encoding="utf-8")

    def describe(self, spoil):
        """Change datapackage.json by a function that gets it as a dict."""
        path = self.data / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        spoil(package)
        path.write_text(json.dumps(package), encoding="utf-8")


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    made = Workbook(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(made.data.parent))
    return made


def table(package, name):
    return next(entry for entry in package["resources"] if entry["name"] == name)


def column(package, name, wanted):
    return next(field for field in table(package, name)["schema"]["fields"] if field["name"] == wanted)


def test_a_sound_workbook_has_no_fault(workbook):
    assert validating.faults() == []


TABLES = {
    "a value of the wrong type": ("events.csv", "2.5", "heavy", "events.csv, row 2: weight 'heavy' is not of type number"),
    "a number that is none": ("events.csv", "2.5", "nan", "events.csv, row 2: weight 'nan' is not of type number"),
    "an endless number": ("events.csv", "2.5", "inf", "events.csv, row 2: weight 'inf' is not of type number"),
    "an unknown code": ("events.csv", "russia", "rusia", "events.csv, row 2: relationship 'rusia' is none of"),
    "an id twice": ("events.csv", "ev02", "ev01", "events.csv, row 3: the id 'ev01' is taken"),
    "an id that another table has": ("figures.csv", "fg01", "ev01", "figures.csv: the id 'ev01' is also used in events"),
    "a row without an id": ("sources.csv", "so002", "", "sources.csv, row 3: source_id is empty"),
    "a link to nowhere": ("events.csv", "P02-1", "P09-9", "events.csv, row 4: claim_id 'P09-9' is not in claims"),
    "a date of no calendar": ("events.csv", "2018-11-09", "2018-11-31", "events.csv, row 2: '2018-11-31'"),
    "a row cut short": ("claims.csv", "P01-2,P01,", "P01-2,", "claims.csv, row 3: 3 fields, 4 expected"),
    "another head": ("claims.csv", "claim_id,", "claimid,", "claims.csv, row 1: the columns differ"),
    "an open quotation": ("events.csv", "First", '"First', "events.csv, row"),
}  # fmt: skip
BANK = {
    "a goal that is none": ('goal = "read"', 'goal = "sing"', "(ex-01): the goal 'sing' is none of: read"),
    "evidence that is none": ('evidence = ["P01-1"]', 'evidence = ["P91-1"]', "(ex-01): evidence: There is no row called 'P91-1'"),
    "a number key that is text": (
        'key = "fg02"', 'key = {table = "events", row = "ev01", column = "title"}',
        "(ex-03): the key gives the text 'First meeting', and one number is asked for",
    ),
    "a number key of groups": (
        'key = "fg02"', 'key = {table = "events", by = "relationship", agg = "count"}',
        "(ex-03): the key gives numbers by group, and one number is asked for",
    ),
    "a number key of rows": (
        'key = "fg02"', 'key = {table = "events", where = {relationship = "iran"}}',
        "(ex-03): the key gives rows, and one number is asked for",
    ),
    "an empty cell as key": (
        'key = "fg02"', 'key = {table = "events", row = "ev02", column = "weight"}',
        "(ex-03): key: the row 'ev02' has no number there, but ''",
    ),
    "a mistyped column": ('where = {relationship =', 'where = {relation =', "(ex-10): key: There is no column called 'relation'"),
    "a mistyped code": (
        'where = {relationship = "russia"}', 'where = {relationship = "rusia"}',
        "(ex-10): key: There is no code of relationship called 'rusia'. Did you mean 'russia'?",
    ),
    "a mistyped value": (
        'where = {relationship = "russia"}', 'where = {title = "Truse"}',
        "(ex-10): key: no row of events has title 'Truse'",
    ),
    "one mistyped value among several": (
        'where = {relationship = "russia"}', 'where = {event_id = ["ev01", "ev77"]}',
        "(ex-10): key: no row of events has event_id 'ev77'",
    ),
    "an unknown comparison": (
        'where = {relationship = "russia"}', 'where = {"weight =>" = 2}',
        "(ex-10): key: 'weight =>' compares with '=>'; there are: >=, >, <=, <, !=",
    ),
    "a comparison of text": (
        'where = {relationship = "russia"}', 'where = {"title >=" = "M"}',
        "(ex-10): key: 'title >=' compares text; only numbers and dates have an order",
    ),
    "a number compared with a word": (
        'where = {relationship = "russia"}', 'where = {"weight >" = "heavy"}',
        "(ex-10): key: 'weight >' compares numbers, and 'heavy' is none",
    ),
    "a date compared with a word": (
        'where = {relationship = "russia"}', 'where = {"start >=" = "spring"}',
        "(ex-10): key: 'start >=' compares dates, and 'spring' is not written as",
    ),
    "a date that could mean two days": (
        'where = {relationship = "russia"}', 'where = {"start >" = "2018"}',
        "(ex-10): key: 'start >' needs a date to the day, such as '2018-01-01'",
    ),
    "a sum of words": ('agg = "count"', 'agg = "sum:title"', "(ex-07): agg 'sum:title' needs numbers, and title is of type string"),
    "an unknown count": ('agg = "count"', 'agg = "median:weight"', "(ex-07): a key cannot be counted with 'median:weight'"),
    "groups without a count": (', agg = "count"', "", "(ex-07): 'by' needs 'agg'"),
    "two forms at once": ('days = ["ev01", "ev02"]', 'days = ["ev01", "ev02"], agg = "count"', "(ex-12): the key has several forms: days, a query"),
    "an endless tolerance": ("relative_tolerance = 0.01", "tolerance = inf", "(ex-03): tolerance is inf, and must be a finite number"),
    "a tolerance that is no number": ("relative_tolerance = 0.01", "tolerance = nan", "(ex-03): tolerance is nan"),
    "a tolerance below 0": ("relative_tolerance = 0.01", "tolerance = -3", "(ex-03): tolerance is -3: a tolerance cannot be below 0"),
    "a tolerance of everything": ("relative_tolerance = 0.01", "relative_tolerance = 5", "(ex-03): relative_tolerance is a share"),
    "a slip that is right": ("slips = [{value = 24,", "slips = [{value = 2401,", "(ex-03): the slip 2401.0 is judged right"),
    "a spelling without a letter": ('accept = ["Zürich", "Zuerich"]', 'accept = ["!!!"]', "(ex-06): '!!!' in accept has no letter"),
    "an id that is too long": ('id = "ex-01"', f'id = "{"e" * 65}"', "must be 1 to 64 letters"),
    "an id of two words": ('id = "a"\ntext = "Anna"', 'id = "a b"\ntext = "Anna"', "(ex-01): the id in choices 'a b' must be"),
    "two ids that read alike": ('id = "b"\ntext = "Clara"', 'id = "A"\ntext = "Clara"', "(ex-01): two of its choices have the same id"),
    "minutes below 1": ("minutes = 20", "minutes = 0", "00-example.toml: minutes is 0"),
    "feedback on the line that comes first": (
        'text = "First"}', 'text = "First", says = "It is dated to a day."}', "(ex-04): no answer is told 'It is dated to a day.' (First, ",
    ),
    "feedback on the right side": ('text = "slept"}', 'text = "slept", says = "Who?"}', "(ex-05): no answer is told 'Who?' (slept, "),
    "feedback on a guess": ('text = "few"}', 'text = "few", says = "So few?"}', "(ex-11): no answer is told 'So few?' (few)"),
    "a slip beside a slip": (
        '{value = 24, says', '{value = 24, says = "Less."}, {value = 24.1, says', "(ex-03): no answer is told 'You lost two digits.' (24.1 people)",
    ),
    "a number foreseen of rows": (
        'sort = "start"}', 'sort = "start"}\nslips = [{value = 3, says = "Which?"}]', "(ex-10): no answer is told 'Which?' (3)",
    ),
    "HTML in a model answer": ("One good answer: whoever", "One good answer: <b>whoever</b>", "(ex-08): HTML is not read"),
}  # fmt: skip
PACKAGE = {
    "a path that leads out": (
        lambda p: table(p, "figures").update(path="../../etc/passwd"),
        "datapackage.json, table 'figures': the path '../../etc/passwd' leads out of the folder",
    ),
    "a whole path": (lambda p: table(p, "figures").update(path="/etc/hostname"), "the path '/etc/hostname' leads out"),
    "a path of Windows": (lambda p: table(p, "figures").update(path="C:\\secret.csv"), "leads out of the folder"),
    "a name twice": (lambda p: table(p, "figures").update(name="events"), "table 'events': the name is taken"),
    "a table that is a text": (lambda p: p["resources"].append("figures"), "table 6: it must be an object, and is a text"),
    "no schema": (lambda p: table(p, "figures").pop("schema"), "table 'figures': 'schema' is missing"),
    "no limits": (lambda p: table(p, "figures").pop("limits"), "table 'figures': 'limits' is missing"),
    "sources that are a text": (lambda p: table(p, "figures").update(sources="x"), "'sources' must be a list, and is a text"),
    "a code that is none": (
        lambda p: column(p, "claims", "relationship").update(constraints={"enum": [{}]}), "column 'relationship': 'enum' must be a list of codes",
    ),
    "a role that is no list": (
        lambda p: column(p, "claims", "relationship").update(roles={"sure": [{}]}), "'roles' must map roles to lists of codes",
    ),
    "an unknown type": (lambda p: column(p, "figures", "value").update(type="money"), "column 'value': the type 'money' is none of"),
    "an enum that is a text": (
        lambda p: column(p, "events", "relationship").update(constraints={"enum": "russia"}),
        "column 'relationship': 'enum' must be a list of codes",
    ),
    "a broken pattern": (
        lambda p: column(p, "events", "title").update(constraints={"pattern": "("}),
        "column 'title': the pattern '(' cannot be used",
    ),
    "a column without a name": (lambda p: column(p, "figures", "unit").pop("name"), "table 'figures': column 4 has no name"),
    "a key that is no column": (
        lambda p: table(p, "figures")["schema"].update(primaryKey="id"), "table 'figures': 'primaryKey' must name one of its columns",
    ),
    "a link to no table": (
        lambda p: table(p, "figures")["schema"]["foreignKeys"][0]["reference"].update(resource="claim"),
        "table 'figures': 'foreignKeys' refers to the table 'claim', which does not exist",
    ),
    "a summary of no column": (
        lambda p: table(p, "figures").update(summary="{whta}"), "table 'figures': 'summary' names the column 'whta'",
    ),
    "a summary that reaches further": (
        lambda p: table(p, "figures").update(summary="{what.__class__}"), "only the plain name of a column can stand in braces",
    ),
    "labels that are a list": (
        lambda p: column(p, "events", "relationship").update(labels=["Russia"]), "'labels' must map codes to texts",
    ),
}  # fmt: skip
NOTEBOOK = {
    "a missing section": ("## Goals", "## Aims", "00-example.ipynb: the section '## Goals' is missing"),
    "a question of nobody": ('ask(\\"ex-01\\")', 'ask(\\"ex-91\\")', "00-example.ipynb: the question 'ex-91' is not in the bank"),
    "a row that is none": ("Read on.", "Read ev77.", "there is no row 'ev77'"),
    "cells that are null": ('"cells": [', '"cells": null, "was": [', "00-example.ipynb is no notebook that can be read: it has no list of cells"),
    "broken JSON": ('"cells": [', '"cells": [,', "00-example.ipynb is no notebook that can be read: "),
    "a cell that is null": ('"cells": [', '"cells": [null,', "00-example.ipynb is no notebook that can be read: "),
    "a cell not executed": ('"execution_count": 4', '"execution_count": null', "cell 4: it was not executed"),
}  # fmt: skip
ALONE = [
    *(("table", what, (name, old, new), said) for what, (name, old, new, said) in TABLES.items()),
    *(("bank", what, ("bank", old, new), said) for what, (old, new, said) in BANK.items()),
    *(("package", what, (spoil,), said) for what, (spoil, said) in PACKAGE.items()),
    *(("notebook", what, ("notebook", old, new), said) for what, (old, new, said) in NOTEBOOK.items()),
]


@pytest.mark.parametrize(
    ("question", "old"), [("ex-01", 'text = "Anna"'), ("ex-04", 'text = "First"'), ("ex-05", 'text = "slept"')]
)
def test_an_idea_that_no_answer_can_show_is_a_fault(workbook, question, old):
    description = workbook.data / "workbook.toml"
    description.write_text(description.read_text() + '\n[ideas.all]\nsays = "Everybody came."\nteach = "Count."\n')
    workbook.change("bank", old, f'{old}{chr(10) if question == "ex-01" else ", "}idea = "all"')
    assert validating.faults() == [f"00-example.toml ({question}): no answer shows the idea 'all', so delete it."]


@pytest.mark.parametrize(
    ("sort", "how", "said"), [(s, h, t) for s, _, h, t in ALONE], ids=[f"{s}: {w}" for s, w, *_ in ALONE]
)
def test_each_fault_is_found_alone(workbook, capsys, sort, how, said):
    workbook.describe(*how) if sort == "package" else workbook.change(*how)
    assert cli.main(["validate"]) == 1
    out = capsys.readouterr().out
    assert said in out
    assert "Traceback" not in out and "does not work" not in out


@pytest.mark.parametrize(
    "text", ["[]", "null", "3", '"x"', "{", '{"resources": null}', '{"resources": []}', '{"resources": {}}', "[" * 100_000],
)  # fmt: skip
def test_a_data_package_of_any_shape_is_one_fault_and_the_rest_is_read(workbook, capsys, text):
    (workbook.data / "datapackage.json").write_text(text, encoding="utf-8")
    workbook.change("bank", "minutes = 20", "minutes = 0")
    workbook.change("notebook", "## Goals", "## Aims")
    assert cli.main(["validate"]) == 1
    out = capsys.readouterr().out
    assert "datapackage.json" in out and "minutes is 0" in out and "## Goals" in out
    workbook.change("bank", "minutes = 0", "minutes = 20")
    assert cli.main(["guide", "--out", str(workbook.data / "guide.md")]) == 2
    error = capsys.readouterr().err
    assert "datapackage.json" in error and error.count("\n") == 1


def test_files_in_another_encoding_are_faults(workbook, capsys):
    for path in (workbook.notebook, workbook.bank, workbook.data / "figures.csv", workbook.data / "datapackage.json"):
        kept = path.read_bytes()
        path.write_text(kept.decode(), encoding="utf-16")
        assert cli.main(["validate"]) == 1
        out = capsys.readouterr().out
        assert path.name in out and "UTF-8" in out
        path.write_bytes(kept)


def test_a_notebook_that_needs_one_that_is_not_there_is_a_fault(workbook):
    path = workbook.data / "questions" / "00-example.toml"
    path.write_text('needs = "00-elsewhere"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "00-example.toml: needs names the notebook '00-elsewhere', which there is not." in validating.faults()


def test_a_bank_without_a_notebook_is_a_fault(workbook):
    extra = sample.BANK.replace('"ex-', '"ey-')
    (workbook.data / "questions" / "05-extra.toml").write_text(extra, encoding="utf-8")
    assert validating.faults() == ["05-extra.toml: there is no notebook 05-extra.ipynb."]


def test_a_missing_table_does_not_hide_the_faults_of_the_others(workbook):
    (workbook.data / "claims.csv").unlink()
    workbook.change("events.csv", "2.5", "heavy")
    workbook.change("bank", 'goal = "read"', 'goal = "sing"')
    found = "\n".join(validating.faults())
    assert "claims.csv is missing" in found and "weight 'heavy'" in found and "'sing'" in found
    assert "is not in claims" not in found


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights on this system")
def test_a_row_outside_the_folder_is_never_read_aloud(workbook, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_text("the secret line\n", encoding="utf-8")
    (workbook.data / "link.csv").symlink_to(secret)
    workbook.describe(lambda package: table(package, "figures").update(path="link.csv"))
    found = "\n".join(validating.faults())
    assert "leads out of the folder" in found and "secret line" not in found


def test_many_faults_of_every_sort_are_listed_in_one_run(workbook, capsys):
    """All in tables that others refer to, in questions that stand in one file, in one notebook."""
    workbook.change("workbook.toml", "so001", "so099")
    workbook.describe(lambda package: table(package, "codings").pop("limits"))
    workbook.change("claims.csv", "P01-2,P01,iran", "P01-2,P01,iren")
    workbook.change("sources.csv", "so002", "ev01")
    workbook.change("events.csv", "2.5", "heavy")
    workbook.change("events.csv", "2019,,4", "2019-02-31,,4")
    workbook.change("figures.csv", "fg01,P01-2", "fg01,P77-7")
    picked = [
        "evidence that is none", "a number key of groups", "a mistyped code", "two forms at once", "a spelling without a letter",
        "two ids that read alike", "HTML in a model answer",
    ]  # fmt: skip
    for what in picked:
        workbook.change("bank", *BANK[what][:2])
    (workbook.data / "questions" / "05-extra.toml").write_text('title = "x"', encoding="utf-8")
    for what in ("a missing section", "a row that is none", "a cell not executed"):
        workbook.change("notebook", *NOTEBOOK[what][:2])
    (workbook.notebook.parent / "09-other.ipynb").write_text('{"cells": null}', encoding="utf-8")
    assert cli.main(["validate"]) == 1
    out = capsys.readouterr().out
    wanted = [
        "workbook.toml: article 'so099' is no row of sources", "table 'codings': 'limits' is missing", "claims.csv, row 3: relationship 'iren'",
        "the id 'ev01' is also used in", "(ex-16): evidence: There is no row called 'so002'", "events.csv, row 2: weight 'heavy'", "events.csv, row 4: '2019-02-31'",
        "figures.csv, row 2: claim_id 'P77-7' is not in claims", "05-extra.toml: ", "09-other.ipynb is no notebook", "09-other.ipynb: it is in no group",
        *(BANK[what][2] for what in picked),
        *(NOTEBOOK[what][2] for what in ("a missing section", "a row that is none", "a cell not executed")),
    ]  # fmt: skip
    assert [said for said in wanted if said not in out] == []
    # Nothing is said twice, and nothing follows from another fault alone.
    lines = out.splitlines()
    assert len(lines) == len(set(lines)) == len(wanted) + 2
    assert lines[-1] == f"{len(wanted)} faults."


@pytest.mark.skipif(os.name == "nt", reason="a pipe that breaks is told in another way on Windows")
@pytest.mark.parametrize("lines", [1, 500])
def test_a_reader_who_stops_early_is_no_error(lines):
    """`afteach validate | head`, with few lines that wait for the end and with many that do not."""
    code = "import sys; from afteach import cli; from afteach.authoring import validating; "
    code += f"validating.faults = lambda: ['a fault' * 20] * {lines}; sys.exit(cli.main(['validate']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        run.stdout.close()
        assert (run.stderr.read(), run.wait()) == ("", 1)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ('{"weight >=" = 4}', ["ev03"]),
        ('{"weight >" = 2.5}', ["ev03"]),
        ('{"weight <=" = 2.5}', ["ev01", "ev04"]),
        ('{"weight <" = 10}', ["ev01", "ev03", "ev04"]),
        ('{"weight !=" = 4}', ["ev01", "ev02", "ev04"]),
        ("{weight = 4}", ["ev03"]),
        ('{weight = "4.0"}', ["ev03"]),
        ("{public = true}", ["ev01", "ev04"]),
        ('{"relationship !=" = "iran"}', ["ev01", "ev03", "ev04"]),
        ('{"relationship !=" = ["iran"]}', ["ev01", "ev03", "ev04"]),
        ('{"start >=" = "2018-12"}', ["ev02", "ev03"]),
        ('{"start <" = "2019"}', ["ev01", "ev02"]),
        ('{"start >" = "2018-11-09"}', ["ev02", "ev03"]),
        ('{"start <=" = "2018-11-09"}', ["ev01"]),
        ('{"end >=" = "2019-03"}', ["ev03"]),
        ('{"end <" = "2019"}', ["ev01"]),
        ('{"start >=" = "2018-12", "start <" = "2019"}', ["ev02"]),
    ],
)
def test_a_comparison_means_what_it_says(workbook, where, ids):
    import tomllib

    from afteach.questions import keys

    key = keys.Lookup(table="events", where=tomllib.loads(f"where = {where}")["where"])
    assert keys.faults(key) == []
    assert keys.resolve(key) == ids


def test_numbers_are_compared_as_numbers_and_not_as_text(workbook):
    from afteach.questions import keys

    workbook.change("events.csv", "2.5", "100")
    workbook.change("events.csv", "2019,,4", "2019,,20")
    assert "100" < "20"
    assert keys.resolve(keys.Lookup(table="events", where={"weight >=": 99})) == ["ev01"]
    assert keys.resolve(keys.Lookup(table="events", sort="weight", where={"weight >": 0})) == ["ev04", "ev03", "ev01"]


def test_an_id_of_64_letters_is_kept_and_one_of_65_is_a_fault(workbook):
    workbook.change("bank", 'id = "ex-01"', f'id = "{"e" * 64}"')
    assert questions.draft().faults == []
    workbook.change("bank", "e" * 64, "e" * 65)
    assert "must be 1 to 64 letters" in questions.draft().faults[0]


def test_a_code_that_a_chart_cannot_draw_is_a_fault(workbook):
    text = "stance_id,relationship,track,stance,start,end,standing\nst01,russia,trade,open,2018,,claimed\n"
    (workbook.data / "stances.csv").write_text(text, encoding="utf-8")

    def add(package):
        made = json.loads(json.dumps(table(package, "events")))
        fields = [{"name": name, "type": "string", "description": "x"} for name in text.split("\n")[0].split(",")]
        made.update(
            name="stances", path="stances.csv", summary="", schema={"fields": fields, "primaryKey": "stance_id"}
        )
        package["resources"].append(made)

    workbook.describe(add)
    # The codes are the data's own: where none are listed, a chart has a mark for whatever stands there.
    assert validating.faults() == []
    drawn = charts.stances(tables.load("stances").assign(claimant="", denier=""))
    assert len(drawn.table) == 1 and "not drawn" not in drawn.description

    def list_codes(package):
        fields = table(package, "stances")["schema"]["fields"]
        fields[2]["constraints"] = {"enum": ["contact", "force"]}

    workbook.describe(list_codes)
    (fault,) = validating.faults()
    assert fault.startswith("stances.csv, row 2: track 'trade' is none of: contact, force")
    (workbook.data / "stances.csv").write_text(text.replace("trade", ""), encoding="utf-8")
    assert "track is empty, and charts.stances would leave the row out" in validating.faults()[0]


def test_what_no_rule_foresaw_is_a_fault_and_no_traceback(workbook, monkeypatch):
    monkeypatch.setattr(descriptions, "Description", lambda name: {}["nothing"])
    assert "events.csv: describe('events') does not work: KeyError: 'nothing'." in validating.faults()


def test_a_chart_that_fails_on_the_tables_is_a_fault(workbook, monkeypatch):
    monkeypatch.setattr(charts, "matrix", lambda rows: {}["tile"])
    assert validating.faults() == ["charts.matrix(load('claims')) does not work: KeyError: 'tile'."]
