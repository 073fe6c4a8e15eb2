"""A small workbook of invented rows, so that the tests of the code do not hang on the real tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

TABLES = {
    "sources": (
        "source_id,title,publisher,date,url,kind,funding\n"
        "so001,The long walk,,2020,,newspaper,unknown\n"
        "so002,A second view,Daily Paper,2019-05-03,https://example.org/a,newspaper,private\n"
    ),
    "claims": (
        "claim_id,paragraph,relationship,statement\n"
        "P01-1,P01,russia,Anna met Boris in the spring.\n"
        "P01-2,P01,iran,They met at least twice.\n"
        "P02-1,P02,russia,A truce was offered.\n"
    ),
    "events": (
        "event_id,claim_id,relationship,title,start,end,weight,public\n"
        "ev01,P01-1,russia,First meeting,2018-11-09,,2.5,true\n"
        "ev02,P01-2,iran,Second meeting,2018-12,2019-02-03,,false\n"
        "ev03,P02-1,russia,Truce,2019,,4,\n"
        "ev04,P02-1,russia,Undated talk,,,1,true\n"
    ),
    "figures": "figure_id,claim_id,value,unit,what,as_of\nfg01,P01-2,2,meetings,meetings,2019\nfg02,P02-1,2400,people,people,\n",
    "codings": (
        "coding_id,claim_id,coding_pass,kind\n"
        "cg001,P01-1,first,meeting\ncg002,P01-2,first,meeting\ncg003,P02-1,first,offer\n"
        "cg004,P01-1,second,meeting\ncg005,P01-2,second,offer\ncg006,P02-1,second,offer\n"
    ),
}
TYPES = {"weight": "number", "value": "number", "public": "boolean"}
ENUMS = {
    "relationship": ["russia", "iran"],
    "coding_pass": ["first", "second"],
    "kind": ["meeting", "offer", "newspaper"],
}
SUMMARY = {
    "claims": "{statement}",
    "events": "{title}",
    "figures": "{what}; {value} {unit}; {as_of}",
    "sources": "{title}",
}
LINKS = {"events": "claims", "figures": "claims", "codings": "claims"}

BANK = """
title = "A walk"
minutes = 20
[goals]
read = "Tell one from two."

[[question]]
id = "ex-01"
kind = "choice"
prompt = "Who met Boris?"
goal = "read"
level = "recall"
evidence = ["P01-1"]
hint = ["Read P01.", "Her name is short."]
explain = "Anna did (P01-1)."
shows = "A name stands in the row (P01-1).\\n\\nThe date stands in another: 9 November 2018 (ev01)."
[[question.choices]]
id = "a"
text = "Anna"
says = "She is the one."
right = true
[[question.choices]]
id = "b"
text = "Clara"
says = "Clara is not in P01."

[[question]]
id = "ex-02"
kind = "many"
prompt = "Which ties are named?"
goal = "read"
level = "recall"
evidence = ["P01-1", "P01-2"]
hint = "There are two."
explain = "Both stand in P01."
choices = [
  {id = "a", text = "Russia", says = "P01-1.", right = true},
  {id = "b", text = "Iran", says = "P01-2.", right = true},
  {id = "c", text = "Peru", says = "Peru is not in the table."},
  {id = "d", text = "Chad", says = "Chad is not in the table."},
]

[[question]]
id = "ex-03"
kind = "number"
prompt = "How many people?"
goal = "read"
level = "apply"
evidence = ["fg02"]
hint = "Look at fg02."
explain = "See fg02."
key = "fg02"
unit = "people"
relative_tolerance = 0.01
slips = [{value = 24, says = "You lost two digits."}]

[[question]]
id = "ex-04"
kind = "order"
prompt = "Earliest first."
goal = "read"
level = "apply"
evidence = ["ev01", "ev02", "ev03"]
hint = "Sort by start."
explain = "By start."
key = ["one", "two", "three", "four"]
choices = [
  {id = "four", text = "Fourth"}, {id = "one", text = "First"},
  {id = "two", text = "Second", says = "It is dated to a day."}, {id = "three", text = "Third"},
]

[[question]]
id = "ex-05"
kind = "match"
prompt = "Who did what?"
goal = "read"
level = "understand"
evidence = ["P01-1"]
hint = "Two of them."
explain = "So it stands."
left = [{id = "anna", text = "Anna", says = "Look at Anna again."}, {id = "boris", text = "Boris"}]
right = [{id = "came", text = "came"}, {id = "went", text = "went"}, {id = "slept", text = "slept"}]
key = {anna = "came", boris = "went"}

[[question]]
id = "ex-06"
kind = "text"
prompt = "In which town?"
goal = "read"
level = "recall"
evidence = ["P02-1"]
hint = "It has an umlaut."
explain = "In Zürich."
accept = ["Zürich", "Zuerich"]
slips = {bern = "Bern is the capital."}

[[question]]
id = "ex-07"
kind = "value"
prompt = "Count the events by tie."
goal = "read"
level = "apply"
evidence = ["ev01"]
hint = "value_counts"
explain = "Three and one."
key = {table = "events", by = "relationship", agg = "count"}

[[question]]
id = "ex-08"
kind = "reflect"
prompt = "Who would leave a meeting out?"
goal = "read"
level = "evaluate"
evidence = ["P01-1"]
hint = "Think of who gains."
explain = "There is no single answer."
rubric = {claim = "One sentence.", evidence = "One row.", limit = "One doubt."}
model = "One good answer: whoever was not invited (P01-1)."

[[question]]
id = "ex-09"
kind = "forecast"
prompt = "Will they meet again?"
goal = "read"
level = "evaluate"
evidence = ["P02-1"]
hint = "Base rates."
explain = "They did."
resolved = true

[[question]]
id = "ex-10"
kind = "value"
prompt = "Which events are with Russia, earliest first?"
goal = "read"
level = "apply"
evidence = ["ev01"]
hint = "filter, then sort_values"
explain = "Filter and sort."
key = {table = "events", where = {relationship = "russia"}, sort = "start"}

[[question]]
id = "ex-11"
kind = "choice"
prompt = "Guess: how many?"
guess = true
goal = "read"
level = "recall"
evidence = ["fg01"]
hint = "No hint."
explain = "Later."
choices = [{id = "a", text = "few"}, {id = "b", text = "many"}]

[[question]]
id = "ex-12"
kind = "value"
prompt = "Days between the two?"
goal = "read"
level = "apply"
evidence = ["ev01", "ev02"]
hint = "Subtract."
explain = "Subtract one from the other."
key = {days = ["ev01", "ev02"]}
unit = "days"

[[question]]
id = "ex-13"
kind = "mark"
prompt = "Which words carry a doubt?"
goal = "read"
level = "apply"
evidence = ["P01-1"]
hint = "One in each line."
explain = "Each names nobody."
lines = ["Anna is said to have met Boris.", "A truce was reportedly offered by Anna."]
key = [3, 11]
either = [2, 4]
slips = {6 = "That she met him is what is said. How is it said?"}

[[question]]
id = "ex-14"
kind = "order"
prompt = "Put the lines in order that count the events with Russia."
goal = "read"
level = "apply"
evidence = ["ev01"]
hint = "First the condition."
explain = "The condition, the rows, their number."
code = true
key = ["mask", "keep", "count"]
distractors = ["set"]
choices = [
  {id = "keep", text = "rows = events[russia]"},
  {id = "set", text = 'russia = events["relationship"] = "russia"', says = "One sign gives a value, two compare."},
  {id = "mask", text = 'russia = events["relationship"] == "russia"'}, {id = "count", text = "len(rows)"},
]

[[question]]
id = "ex-15"
kind = "match"
prompt = "With whom is each meeting?"
goal = "read"
level = "apply"
evidence = ["ev01", "ev02", "ev03"]
hint = "Look at the column `relationship`."
explain = "The second is with Iran."
left = [{id = "one", text = "The first"}, {id = "two", text = "The second"}, {id = "three", text = "The truce"}]
right = [{id = "r", text = "Russia"}, {id = "i", text = "Iran"}]
key = {one = "r", two = "i", three = "r"}

[[question]]
id = "ex-16"
kind = "weigh"
prompt = "How far would you lean on this?"
goal = "read"
level = "evaluate"
evidence = ["P01-2", "so002"]
hint = "Who else was there?"
explain = "One who was there speaks of one meeting (so002)."
statement = "P01-2"
records = ["so001", "so002"]
budget = 1
carries = {so002 = "It was there, and it is not the one that is tested."}
support = "against"
too_far = {says = "That it is said plainly is no record."}
"""

WORKBOOK = """
name = "sample"
title = "A walk"
article = "so001"
sections = ["Goals", "Before you read", "Set-up", "Look back", "Your turn", "Key points", "Limits and sources"]

[roles]
claims = "claims"
codings = "codings"

[[groups]]
title = "All of it"
notebooks = ["00-example"]

[[plans]]
title = "One class"
steps = [{ notebooks = ["00-example"] }]

[ties]
russia = { colour = "#e9230d", dark = true }
iran = { colour = "#dc9926" }
"""

RIGHT = {
    "ex-01": "a",
    "ex-02": ["b", "a"],
    "ex-03": {"value": 2400, "unit": "people"},
    "ex-04": ["one", "two", "three", "four"],
    "ex-05": {"anna": "came", "boris": "went"},
    "ex-06": " zurich ",
    "ex-07": [{"relationship": "russia", "value": 3}, {"relationship": "iran", "value": 1}],
    "ex-10": [{"event_id": "ev01"}, {"event_id": "ev03"}, {"event_id": "ev04"}],
    "ex-12": 22,
    "ex-13": [11, 3],
    "ex-14": ["mask", "keep", "count"],
    "ex-15": {"one": "r", "two": "i", "three": "r"},
    "ex-16": {"lean": 10, "trail": [60, "so002"]},
}
WRONG = {
    "ex-01": "b",
    "ex-02": ["a", "b", "c", "d"],
    "ex-03": 24,
    "ex-04": ["four", "three", "two", "one"],
    "ex-05": {"anna": "slept", "boris": "came"},
    "ex-06": "Bern",
    "ex-07": [{"relationship": "russia", "value": 2}, {"relationship": "iran", "value": 2}],
    "ex-10": [{"event_id": "ev02"}],
    "ex-12": 30,
    "ex-13": [3, 6],
    "ex-14": ["set", "keep", "count"],
    "ex-15": {"one": "r", "two": "r", "three": "r"},
    "ex-16": {"lean": 90, "trail": ["so002"]},
}


def build(folder: Path) -> Path:
    """Write the small workbook's description and data into a folder and return it; its notebook is not written."""
    top, folder = folder, folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workbook.toml").write_text(WORKBOOK, encoding="utf-8")
    resources = []
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        columns = text.partition("\n")[0].split(",")
        fields = []
        for column in columns:
            rule = {"enum": ENUMS[column]} if column in ENUMS else {}
            field = {"name": column, "type": TYPES.get(column, "string"), "description": f"The {column}."}
            if column == "relationship":
                field |= {
                    "labels": {"russia": "Russia", "iran": "Iran"},
                    "codebook": {"russia": "With Moscow (P01-1)."},
                }
            fields.append(field | ({"constraints": rule} if rule else {}))
        schema = {"fields": fields, "primaryKey": columns[0]}
        if name in LINKS:
            target = {"resource": LINKS[name], "fields": "claim_id"}
            schema["foreignKeys"] = [{"fields": "claim_id", "reference": target}]
        resources.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "title": name.title(),
                "rowMeaning": "A row is one thing.",
                "limits": "Nobody counted what was not said.",
                "sources": [{"title": "invented"}],
                "schema": schema,
                "summary": SUMMARY.get(name, ""),
            }
        )
    (folder / "datapackage.json").write_text(json.dumps({"name": "sample", "resources": resources}), encoding="utf-8")
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "00-example.toml").write_text(BANK, encoding="utf-8")
    return top


def build_notebook(folder: Path) -> Path:
    """Write the notebook of the small workbook into its folder of notebooks, as if executed, and return it."""
    import nbformat

    ids = re.findall(r'^id = "(ex-\d\d)"$', BANK, flags=re.M)
    parts = ["# A walk\n\n20 minutes.", "## Goals\n\n- Tell one from two.", "## Before you read"]
    parts += [part for one in ids for part in (f'%ask("{one}")', "Read on.")]
    parts += [f"## {name}" for name in ("Set-up", "Look back", "Your turn", "Key points", "Limits and sources")]
    cells = []
    for part in parts:
        if part.startswith("%"):
            cells.append(nbformat.v4.new_code_cell(part[1:], execution_count=len(cells) + 1))
        else:
            cells.append(nbformat.v4.new_markdown_cell(part))
        cells[-1].id = f"cell-{len(cells):02}"
    folder.mkdir(exist_ok=True)
    path = folder / "00-example.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path
