"""Charts: what they say is what the tables say, and what is claimed never looks documented."""

from __future__ import annotations

import importlib
import itertools
import json
import re
import subprocess
import sys

import msgspec
import pandas as pd
import pytest

from afteach import charts, load
from afteach.answers import log as answers
from afteach.charts import codes, frames, picture, render, style, words
from afteach.charts import drawn as draws
from afteach.charts.forecasts import brier
from afteach.errors import AfteachError, UnknownName
from afteach.questions import model as questions
from afteach.questions.kinds.forecast import ForecastQuestion
from afteach.record import dates, tables
from afteach.workbook import workbook

VEGA_LITE = "application/vnd.vegalite.v5+json"
# The package offers a chart under the name of its file.
stance_chart, level_chart = (importlib.import_module(f"afteach.charts.{name}") for name in ("stances", "levels"))
LARGEST = 120_000
COLOURS = {slug: tie.colour for slug, tie in workbook().ties.items()}
DRAWN = {
    "timeline": lambda: charts.timeline(load("events")),
    "timeline-russia": lambda: charts.timeline(load("events"), relationship="Russia"),
    "timeline-record": lambda: charts.timeline(load("outside_events")),
    "places": lambda: charts.places(load("events")),
    "places-record": lambda: charts.places(load("outside_events")),
    "ladder": lambda: charts.ladder(load("claims")),
    "wording": lambda: charts.wording(load("claims"), load("fact_checks")),
    "troops": lambda: charts.troops(load("troop_levels")),
    "stances": lambda: charts.stances(load("stances")),
    "stances-iran": lambda: charts.stances(load("stances"), relationship="Iran"),
    "territory": lambda: charts.territory(load("district_control"), load("figures")),
    "casualties": lambda: charts.casualties(load("civilian_casualties")),
    "casualties-soldiers": lambda: charts.casualties(load("military_deaths")),
    "matrix": lambda: charts.matrix(load("claims")),
    "forecasts": lambda: charts.forecasts(),
}
# Charts that colour nothing by relationship.
WITHOUT_TIES = ("troops", "territory", "casualties", "casualties-soldiers", "forecasts")


@pytest.fixture(scope="module")
def drawn():
    """Every chart once, as figure and as the specification that a notebook stores."""
    made = {name: draw() for name, draw in DRAWN.items()}
    return {name: (one, one._repr_mimebundle_()[0][VEGA_LITE]) for name, one in made.items()}


def everything(node, found=None):
    """Every dict of a specification, rows of data apart."""
    found = [] if found is None else found
    if isinstance(node, dict):
        found.append(node)
        for key, value in node.items():
            if key != "datasets":
                everything(value, found)
    elif isinstance(node, list):
        for value in node:
            everything(value, found)
    return found


def rows_of(spec):
    return [row for rows in spec.get("datasets", {}).values() for row in rows]


def title_of(one):
    return " ".join(one.chart.to_dict()["title"]["text"])


def count(word):
    """A number as charts write it, back as a number."""
    small = [words.number(value) for value in range(words.MOST_IN_WORDS + 1)]
    return small.index(word.lower()) if word.lower() in small else int(word.replace(",", ""))


# What drawing costs


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "forecasts"])
def test_layers_are_not_copied_at_each_step(drawn, name, monkeypatch):
    """Altair copies all layers at each step that is chained to them, and layers within layers once more for each."""
    layers = importlib.import_module("altair").LayerChart
    begin, made = layers.__init__, []
    monkeypatch.setattr(layers, "__init__", lambda self, *args, **more: made.append(1) or begin(self, *args, **more))
    DRAWN[name]()
    there = sum("layer" in part for part in everything(drawn[name][1]))
    assert 0 < len(made) <= 6 * there


# What a notebook stores


@pytest.mark.parametrize("name", DRAWN)
def test_a_stored_chart_is_vega_lite_five_with_its_description(drawn, name):
    one, spec = drawn[name]
    data, metadata = one._repr_mimebundle_()
    assert set(data) == {VEGA_LITE, "text/plain"}
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert spec["description"] == one.description == repr(one)
    # A page that draws nothing says first what is missing, and then all that the chart says.
    assert data["text/plain"] == f"A chart is drawn here in JupyterLab. In words: {one.description}"
    assert metadata[VEGA_LITE] == {"embed_options": {"renderer": "svg", "actions": False}}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_as_wide_as_its_page_and_in_its_colours(drawn, name):
    spec = drawn[name][1]
    (signal,) = [param for param in spec["params"] if param["name"] == "width"]
    # A page that is only as wide as the chart itself must not make it grow and grow.
    assert signal["on"][0]["update"].endswith(f"> 40 ? {signal['init']} : width")
    # Without a page, as in a picture, it is as wide as it was laid out.
    margin = float(signal["init"].split(" - ")[1])
    assert "containerSize()[0] || 610," in signal["init"] and margin == 610 - spec["width"] >= 0
    config = spec["config"]
    inks = [config["title"]["color"], config["title"]["subtitleColor"], config["text"]["color"]]
    inks += [config[part][f"{what}Color"] for part in ("axis", "legend") for what in ("label", "title")]
    assert set(inks) == {"currentColor"} and config["background"] == "transparent"


@pytest.mark.parametrize("name", DRAWN)
def test_a_stored_chart_asks_nothing_of_the_network(drawn, name):
    stored = json.dumps(drawn[name][1])
    assert re.findall(r"https?://[^\"\s]+", stored) == ["https://vega.github.io/schema/vega-lite/v5.json"]
    assert not [node["data"] for node in everything(drawn[name][1]) if "url" in node.get("data", {})]


@pytest.mark.parametrize("name", DRAWN)
def test_two_drawings_are_the_same_to_the_byte(drawn, name):
    again = DRAWN[name]()._repr_mimebundle_()[0]
    assert json.dumps(again[VEGA_LITE]) == json.dumps(drawn[name][1])


@pytest.mark.parametrize("name", DRAWN)
def test_a_title_states_a_reading_and_names_its_tables(drawn, name):
    title = drawn[name][1]["title"]
    assert len(" ".join(title["text"])) > 25
    assert "Source: " in " ".join(title["subtitle"]) and "table" in " ".join(title["subtitle"])
    for line in title["text"]:
        assert words.width(line, 15, bold=True) <= style.WIDTH


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_is_smaller_than_twelve_pixels(drawn, name):
    sizes = [
        value for node in everything(drawn[name][1]) for key, value in node.items() if key.lower().endswith("fontsize")
    ]
    assert min(sizes) >= 12 and "labelFontSize" in drawn[name][1]["config"]["axis"]


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_with_its_picture_is_small_and_fits_a_notebook(name, monkeypatch):
    monkeypatch.setenv("AFTEACH_PNG", "1")
    data, metadata = DRAWN[name]()._repr_mimebundle_()
    # A notebook is stored with each value on a line of its own, moved in.
    assert len(json.dumps({"data": data, "metadata": metadata}, indent=1)) <= LARGEST
    if name == "timeline-record":  # 45 lines of text: too large a picture
        assert "image/png" not in data
    else:
        assert 400 < metadata["image/png"]["width"] <= 620
        assert len(data["image/png"]) * 3 / 4 <= picture.LARGEST


def test_a_picture_with_a_palette_keeps_size_and_colours():
    vl_convert = pytest.importorskip("vl_convert")
    spec = {
        "$schema": render.SCHEMA,
        "data": {"values": [{"a": "x", "b": 3}]},
        "mark": {"type": "bar", "color": COLOURS["iran"]},
        "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a", "type": "nominal"}},
    }
    plain = vl_convert.vegalite_to_png(json.dumps(spec), scale=1, ppi=72)
    small = picture.with_palette(plain)
    assert picture.size(small) == picture.size(plain) and len(small) < len(plain)
    assert small[25] == 3  # the colour type of a palette
    start = small.index(b"PLTE") + 4
    palette = small[start : start + int.from_bytes(small[start - 8 : start - 4], "big")]
    colours = {palette[i : i + 3].hex() for i in range(0, len(palette), 3)}
    assert {"ffffff", COLOURS["iran"][1:]} <= colours


def test_a_students_own_chart_is_drawn_offline_too():
    DRAWN["timeline-russia"]()
    import altair as alt

    def own():
        pick = alt.selection_point(fields=["a"])
        marks = alt.Chart(pd.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="b", y="a").add_params(pick)
        return marks._repr_mimebundle_()

    assert alt.renderers.active == "afteach"
    data, metadata = own()
    assert set(data) == {VEGA_LITE, "text/plain"}
    assert data["text/plain"].endswith("In words: Chart (bar, x: b, y: a)")
    # Altair would number the selection on: param_1, then param_2.
    assert own() == (data, metadata)


def test_altair_is_not_imported_before_the_first_chart():
    code = "import sys; from afteach import charts; assert 'altair' not in sys.modules; print('fine')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip() == "fine", ran.stderr


def test_in_a_notebook_the_description_lies_folded_under_the_chart(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: shown.append(data))
    one = DRAWN["timeline-russia"]()
    one._ipython_display_()
    assert VEGA_LITE in shown[0]
    folded = one.description.replace("_", r"\_")
    assert shown[1] == {"text/markdown": f"<details><summary>This chart in words</summary>\n\n{folded}\n\n</details>"}


# Colours and marks


def test_every_relationship_has_a_colour_of_its_own():
    assert set(COLOURS) == set(tables.labels("relationship"))
    assert len(set(COLOURS.values())) == len(COLOURS)


def channels(colour):
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def light(colour):
    return sum(part * share for part, share in zip(channels(colour), (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, full deficiency; the first row of each for red, and so on.
SIGHT = {
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def seen(colour, sight):
    """A colour as Oklab, as an eye of that sight has it."""
    red, green, blue = (
        min(max(sum(m * c for m, c in zip(line, channels(colour), strict=True)), 0), 1) for line in SIGHT[sight]
    )
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
    )


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_stay_apart_for_colour_blind_readers(sight):
    for one, other in itertools.combinations(COLOURS, 2):
        pair = [seen(COLOURS[name], sight) for name in (one, other)]
        apart = 100 * sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5
        assert apart > 8, f"{one} and {other} are {apart:.1f} apart"


@pytest.mark.parametrize("page", ["#ffffff", "#333333"])
def test_colours_stand_out_from_a_white_and_a_dark_page(page):
    weak = {name: contrast(colour, page) for name, colour in COLOURS.items() if contrast(colour, page) < 2.4}
    assert not weak


@pytest.mark.parametrize("slug", COLOURS)
def test_text_on_a_full_mark_is_the_better_read_of_dark_and_white(slug):
    ink = style.ink_on(slug)
    other = {style.INK: "#ffffff", "#ffffff": style.INK}[ink]
    assert contrast(ink, style.colour(slug)) > max(4, contrast(other, style.colour(slug)))


@pytest.mark.parametrize("name", DRAWN)
def test_a_relationship_has_the_same_colour_in_every_chart(drawn, name):
    labels = tables.labels("relationship")
    slug = {label: key for key, label in labels.items()}
    scales = [node["scale"] for node in everything(drawn[name][1]) if node.get("field") == "tie" and "scale" in node]
    for scale in scales:
        pairs = dict(zip(scale["domain"], scale["range"], strict=False)) if "range" in scale else {}
        assert pairs == {label: COLOURS[slug[label]] for label in pairs}
    assert scales or name in WITHOUT_TIES


@pytest.mark.parametrize(
    "name", ["timeline", "timeline-russia", "timeline-record", "places", "places-record", "stances", "stances-iran"]
)
def test_what_is_claimed_never_looks_documented(drawn, name):
    one, spec = drawn[name]
    there = set(one.table["standing"])
    assert there > {"documented"}
    for channel, full in (("fillOpacity", 1), ("strokeDash", [1, 0])):
        coded = [
            n[channel]
            for n in everything(spec)
            if isinstance(n.get(channel), dict) and n[channel].get("field") == "standing"
        ]
        assert coded
        for code in coded:
            looks = dict(zip(code["scale"]["domain"], code["scale"]["range"], strict=True))
            assert set(looks) == there
            assert looks["documented"] == full
            assert all(looks[kind] != full for kind in there - {"documented"})
            assert channel == "fillOpacity" or code["legend"]["title"]
    by_id = {row["id"]: row["standing"] for row in rows_of(spec) if "standing" in row}
    column = "outside_event_id" if "record" in name else "stance_id" if "stances" in name else "event_id"
    assert by_id == dict(zip(one.table[column], one.table["standing"], strict=True))


# Readings, counted again without the package


def test_the_timelines_title_counts_the_busiest_two_years():
    events = load("events")
    said = re.fullmatch(
        r"(\S+) of the (\S+) dated events begin in (\d{4}) or (\d{4})", title_of(charts.timeline(events))
    )
    first, second = int(said[3]), int(said[4])
    starts = [int(date[:4]) for date in (row["start"] for row in tables.records("events")) if date]
    pairs = {year: starts.count(year) + starts.count(year + 1) for year in starts}
    assert second == first + 1
    assert count(said[1]) == pairs[first] == max(pairs.values())
    assert count(said[2]) == len(starts)


def test_the_timelines_description_counts_ties_and_standing():
    said = charts.timeline(load("events")).description
    rows = [row for row in tables.records("events") if row["start"]]
    russia = sum(row["relationship"] == "russia" for row in rows)
    assert f"{words.number(russia)} with Russia" in said
    for kind in ("documented", "claimed", "disputed"):
        assert f"{words.number(sum(row['standing'] == kind for row in rows))} {kind}" in said


def test_a_timeline_grows_by_argument():
    events = load("events")
    russia = charts.timeline(events, relationship="Russia")
    assert set(russia.table["relationship"]) == {"russia"}
    assert len(charts.timeline(events, relationship="russia").table) == len(russia.table) < len(events)
    doubtful = charts.timeline(events, relationship="Russia", standing="disputed")
    assert set(doubtful.table["standing"]) == {"disputed"}
    assert "disputed events with Russia" in title_of(doubtful)
    own = events[events["relationship"] == "russia"].assign(remark="mine")
    assert charts.timeline(own).description == russia.description


def test_a_timeline_says_how_many_events_have_no_date():
    events = load("events")
    events.loc[0, ["start", "end"]] = pd.NaT
    one = charts.timeline(events)
    assert "one event without a date is not drawn" in one.description
    assert len(one.table) == len(events) - 1


def test_events_are_drawn_as_long_as_their_date_can_mean(drawn):
    one, spec = drawn["timeline"]
    marks = {row["id"]: row for row in rows_of(spec)}
    for row in one.table.to_dict("records"):
        mark = marks[row["event_id"]]
        days = (row["end"] - row["start"]).days + 1
        assert (mark["end"] - mark["start"]) * 365.25 == pytest.approx(days, abs=1.5)
        assert mark["start"] == pytest.approx(row["start"].year + (row["start"].day_of_year - 1) / 365.25, abs=0.004)


def test_the_map_counts_documented_meetings_where_they_were_held():
    country = {row["place_id"]: row["country"] for row in tables.records("places")}
    together = {"meeting", "negotiation", "agreement"}
    met = [row for row in tables.records("events") if row["kind"] in together and row["place_id"] and row["start"]]
    counts: dict[str, int] = {}
    for row in met:
        if row["standing"] == "documented":
            counts[country[row["place_id"]]] = counts.get(country[row["place_id"]], 0) + 1
    one = charts.places(load("events"))
    for state, times in counts.items():
        assert f"{words.number(times)} in {frames.country_in_prose(state)}" in one.description
    most, sure = words.number(max(counts.values())), words.number(sum(counts.values()))
    assert re.match(rf"{words.sentence(most)}( each)? of the {sure} documented marks lie in", title_of(one))
    assert len(one.table) == len(met)
    tiles = {row["state"]: row for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE]) if "state" in row}
    assert {state: int(tile["sure"]) for state, tile in tiles.items() if tile["sure"] not in ("", "0")} == counts
    assert set(tiles) == set(country.values())


@pytest.mark.parametrize("draw", [charts.ladder, lambda claims: charts.wording(claims, load("fact_checks"))])
def test_a_wording_that_no_claim_has_takes_no_column_and_more_claims_make_a_darker_cell(draw):
    claims = load("claims")
    claims = claims[claims["certainty"].isin(["plain", "hedged"])]
    cells = [row for row in rows_of(draw(claims)._repr_mimebundle_()[0][VEGA_LITE]) if "shade" in row]
    assert {cell["certainty"] for cell in cells} == {"plain", "hedged"}
    ranked = sorted((cell["claims"], cell["shade"]) for cell in cells)
    assert [shade for _, shade in ranked] == sorted(shade for _, shade in ranked)
    assert len({shade for _, shade in ranked}) == len({times for times, _ in ranked})


@pytest.mark.parametrize("highest", [1, 3, 7, 40, 99, 384, 711, 1000, 24_999, 101_000, 999_999])
def test_the_axis_of_levels_ends_with_a_mark_above_the_highest_whichever_is_picked(highest):
    tops = level_chart._tops(highest)
    assert next(iter(tops)) >= highest and next(iter(tops)) <= max(2 * highest, 5)
    for top, tick in tops.items():
        assert top % tick == 0 and 1 <= top // tick <= 6
    assert list(tops) == sorted(tops, reverse=True)


def test_the_ladder_counts_claims_and_offers_to_drop_the_weaker(drawn):
    one, spec = drawn["ladder"]
    claims = tables.records("claims")
    cells = {(row["attribution"], row["certainty"]): row["claims"] for row in rows_of(spec) if "who" in row}
    assert len(cells) == 12 and sum(cells.values()) == len(claims)
    for (who, how), times in cells.items():
        assert times == sum(c["attribution"] == who and c["certainty"] == how for c in claims)
    assert title_of(one).startswith(f"{cells['author', 'plain']} of {len(claims)} claims")
    parts = [row for row in rows_of(spec) if "slug" in row]
    for slug in {c["relationship"] for c in claims}:
        assert sum(p["claims"] for p in parts if p["slug"] == slug) == sum(c["relationship"] == slug for c in claims)
    menus = {param["name"]: param["bind"] for param in spec["params"] if "bind" in param}
    assert {name: bind["input"] for name, bind in menus.items()} == {"wording": "select", "speaker": "select"}
    assert len(menus["wording"]["options"]) == 4


def test_each_claim_is_one_mark_at_its_worst_verdict(drawn):
    one, spec = drawn["wording"]
    worse = ["not-checked", "not-checkable", "not-found", "not-comparable", "agrees", "agrees-in-part", "differs"]
    verdicts: dict[str, str] = {}
    for check in tables.records("fact_checks"):
        verdicts[check["claim_id"]] = max(verdicts.get(check["claim_id"], worse[0]), check["verdict"], key=worse.index)
    labels = tables.labels("verdict", "fact_checks")
    marks = [row for row in rows_of(spec) if "statement" in row]
    claims = {row["claim_id"]: row for row in tables.records("claims")}
    assert sorted(mark["id"] for mark in marks) == sorted(claims)
    for mark in marks:
        assert mark["verdict"] == labels[verdicts[mark["id"]]]
        assert mark["certainty"] == claims[mark["id"]]["certainty"]
    spots = {(mark["x"], mark["y"]) for mark in marks}
    assert len(spots) == len(marks)
    for cell in (row for row in rows_of(spec) if "x2" in row):
        inside = [m for m in marks if cell["x"] < m["x"] < cell["x2"] and cell["y"] < m["y"] < cell["y2"]]
        assert cell["claims"] == len(inside)
        assert {(m["certainty"], m["verdict"]) for m in inside} <= {(cell["certainty"], cell["verdict"])}
    settled = [c for c in claims if claims[c]["certainty"] == "plain" and not verdicts[c].startswith("not-")]
    short = [c for c in settled if verdicts[c] != "agrees"]
    said = re.match(r"(\S+) of the (\S+) plainly worded claims", title_of(one))
    assert (count(said[1]), count(said[2])) == (len(short), len(settled))


@pytest.mark.parametrize(
    ("verdict", "said"), [("agrees", "agrees with the record"), ("differs", "differs from the record")]
)
def test_a_title_about_one_checked_claim_is_a_sentence(verdict, said):
    claim = load("claims").query("certainty == 'plain'").head(1)
    checks = pd.DataFrame({"claim_id": claim["claim_id"], "verdict": verdict})
    assert title_of(charts.wording(claim, checks)).startswith(
        f"The one plainly worded claim that could be checked {said}"
    )


@pytest.mark.parametrize("draw", [charts.timeline, charts.stances])
@pytest.mark.parametrize(
    ("start", "end"), [("2019-06-01", "2019-09-30"), ("2018-11-01", "2020-02-29"), ("1980-01-01", "2020-12-31")]
)
def test_an_axis_of_years_marks_whole_years(draw, start, end):
    name = draw.__name__
    rows = load("events" if name == "timeline" else name).head(2)
    rows["start"], rows["end"] = pd.Timestamp(start), pd.Timestamp(end)
    spec = draw(rows)._repr_mimebundle_()[0][VEGA_LITE]
    axes = [
        node["axis"]["values"]
        for node in everything(spec)
        if isinstance(node.get("axis"), dict) and node["axis"].get("format") == "d"
    ]
    assert axes
    for values in axes:
        if isinstance(values, dict):  # a slider moves the first year
            assert "sequence(since" in values["expr"]
            continue
        assert values == sorted({int(value) for value in values})
        assert 2 <= len(values) <= 12


def test_a_label_beside_a_long_bar_is_no_wider_than_its_room():
    events = load("events")
    one = charts.timeline(events[events["start"] >= "2018"])
    marks = [row for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE]) if "lines" in row]
    first, last = int(min(m["start"] for m in marks)), -int(-max(m["end"] for m in marks) // 1)
    pixels = 477 / (last - first)  # the plot beside the widest date
    for mark in marks:
        room = max(mark["start"] - first, last - mark["end"]) * pixels
        assert max(words.width(line) for line in mark["lines"].split("\n")) <= room, mark["full"]


@pytest.mark.parametrize("tie", ["united-states", "pakistan", "russia", "iran", "china", "kabul"])
def test_no_title_of_a_timeline_reaches_into_that_of_the_next_row(tie):
    spec = charts.timeline(load("outside_events"), relationship=tie)._repr_mimebundle_()[0][VEGA_LITE]
    highs = [row["high"] for row in sorted(rows_of(spec), key=lambda row: row["row"])]
    (line,) = {node["lineHeight"] for node in everything(spec) if node.get("type") == "text" and "lineHeight" in node}
    for one, other in itertools.pairwise(highs):
        assert (one + other) * line / 2 < spec["height"]["step"]


def test_a_claim_without_a_check_counts_as_not_checked():
    claims = load("claims").head(3)
    one = charts.wording(claims, load("fact_checks").head(0))
    assert list(one.table["verdict"]) == ["not-checked"] * 3


@pytest.mark.parametrize(
    ("verdicts", "drawn_as"),
    [
        (["not-comparable"], "not comparable"),
        (["not-comparable", "not-found"], "not comparable"),
        (["agrees", "not-comparable"], "agrees"),
        (["not-comparable", "differs"], "differs"),
    ],
)
def test_a_figure_that_cannot_be_compared_is_no_contradiction(verdicts, drawn_as):
    claim = load("claims").query("certainty == 'plain'").head(1)
    checks = pd.DataFrame({"claim_id": [*claim["claim_id"]] * len(verdicts), "verdict": verdicts})
    one = charts.wording(claim, checks)
    (mark,) = [row for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE]) if "statement" in row]
    assert mark["verdict"] == drawn_as
    assert drawn_as in one.description
    assert ("could be checked" in title_of(one)) == (drawn_as in ("agrees", "differs"))


def test_a_plan_an_increment_and_a_silence_are_no_levels(drawn):
    one, spec = drawn["troops"]
    levels = [row for row in tables.records("troop_levels") if row["measure"] == "level"]
    most = max(levels, key=lambda row: int(row["us_troops"]))
    assert f"{words.number(len(levels))} troop levels".lower() in one.description.lower()
    assert f"{int(most['us_troops']):,} at most ({most['as_of'][:4]})" in one.description
    shapes = [node["shape"] for node in everything(spec) if isinstance(node.get("shape"), dict)]
    for shape in shapes:
        scale = shape["scale"]
        assert len(set(scale["range"])) == len(scale["domain"]) == 3
    lines = [node for node in everything(spec) if isinstance(node.get("mark"), dict) and node["mark"]["type"] == "line"]
    assert lines and all("datum.measure == 'level'" in json.dumps(node["transform"]) for node in lines)
    marks = [row for row in rows_of(spec) if "id" in row and "number" in row]
    withheld = next(row for row in tables.records("troop_levels") if row["measure"] == "withheld")
    before = [m for m in marks if m["measure"] == "level" and m["start"] < float(withheld["as_of"][:4]) + 1]
    after = [m for m in marks if m["measure"] == "level" and m not in before]
    assert {m["stretch"] for m in before}.isdisjoint({m["stretch"] for m in after}) and after
    for mark in marks:
        row = next(row for row in tables.records("troop_levels") if row["troop_level_id"] == mark["id"])
        assert mark["number"] == int(row["us_troops"])
        assert ("about" in mark["said"], "under" in mark["said"]) == (
            row["qualifier"] == "about",
            row["qualifier"] == "under",
        )


def test_steps_of_the_same_years_lie_in_lanes_and_hide_no_other(drawn):
    one, spec = drawn["stances"]
    marks = [row for row in rows_of(spec) if "stance" in row]
    assert sorted(mark["id"] for mark in marks) == sorted(row["stance_id"] for row in tables.records("stances"))
    first = min(mark["start"] for mark in marks)
    scale = stance_chart.WIDE / (max(mark["end"] for mark in marks) - first)
    boxes = []
    for mark in marks:
        left, right = (mark["start"] - first) * scale, (mark["end"] - first) * scale
        if not mark["fits"]:
            room = words.width(mark["stance"]) + 6
            left, right = (left - room, right) if mark["before"] else (left, right + room)
        assert -1 <= left < right <= stance_chart.WIDE + 1
        boxes.append((left, right, mark["y"], mark["y2"]))
    for one, other in itertools.combinations(boxes, 2):
        apart = one[1] <= other[0] + 0.1 or other[1] <= one[0] + 0.1 or one[3] <= other[2] or other[3] <= one[2]
        assert apart, (one, other)


def test_a_relationships_two_tracks_stand_under_its_own_name(drawn):
    spec = drawn["stances"][1]
    heads = [row for row in rows_of(spec) if row.get("of") in ("tie", "track")]
    tops = sorted((row["y"], row["text"]) for row in heads if row["of"] == "tie")
    for mark in (row for row in rows_of(spec) if "stance" in row):
        assert [text for y, text in tops if y <= mark["middle"] + 0.5][-1] == mark["tie"]
        tracks = sorted((row["y"], row["text"]) for row in heads if row["of"] == "track")
        assert [text for y, text in tracks if y <= mark["middle"] + 0.5][-1] == mark["track"]


def test_a_claimed_step_names_claimant_and_denier(drawn):
    one, spec = drawn["stances"]
    marks = {row["id"]: row for row in rows_of(spec) if "stance" in row}
    for row in tables.records("stances"):
        if row["standing"] != "documented":
            mark = marks[row["stance_id"]]
            assert (mark["claimant"], mark["denier"]) == (row["claimant"], row["denier"])
            assert f"claimed by {row['claimant']}; denial: {row['denier']}" in one.description
    tips = [node["tooltip"] for node in everything(spec) if "tooltip" in node]
    assert all({"claimed by", "denied by"} <= {tip["title"] for tip in tip_list} for tip_list in tips) and tips


def test_steps_of_one_year_name_it_once():
    steps = load("stances")
    year = steps["start"].dt.year[0]
    steps["end"] = steps["start"].map(lambda day: day.replace(year=year, month=12, day=31))
    steps["start"] = steps["start"].map(lambda day: day.replace(year=year, month=1, day=1))
    assert f", {year}: " in charts.stances(steps).description


def test_the_title_of_the_stances_counts_what_is_documented(drawn):
    rows = tables.records("stances")
    said = re.fullmatch(r"(\S+) of the (\S+) steps are documented", title_of(drawn["stances"][0]))
    assert (count(said[1]), count(said[2])) == (sum(row["standing"] == "documented" for row in rows), len(rows))
    rows = [row for row in rows if row["relationship"] == "iran"]
    sure = {row["stance"] for row in rows if row["standing"] == "documented"}
    title = title_of(charts.stances(load("stances"), "iran"))
    said = re.match(r"Neither of the two steps with Iran coded (.*) is documented", title)
    assert set(re.findall(r"“(\w+)”", said[1])) == {row["stance"] for row in rows} - sure
    assert sum(row["stance"] not in sure for row in rows) == 2
    own = charts.stances(load("stances"), "united-states")
    assert title_of(own) == "Both steps with the United States are documented"


@pytest.mark.parametrize("year", ["2012", "2018", "2021", "2100"])
def test_the_label_of_a_level_stands_inside_the_chart_and_above_what_it_passes_over(year):
    rows = load("troop_levels")
    spec = charts.troops(rows[rows["as_of"] < year])._repr_mimebundle_()[0][VEGA_LITE]
    own = [row for row in rows_of(spec) if "number" in row and row.get("measure") != "increment"]
    marks, spots = ([row for row in own if ("id" in row) == real] for real in (True, False))
    assert {spot["label"] for spot in spots} == {mark["label"] for mark in marks if mark.get("label")}
    first, last = words.whole_years([(mark["start"], mark["end"]) for mark in marks])
    for spot in spots:
        half = words.width(spot["label"]) / level_chart.WIDE * (last - first) / 2
        assert spot["middle"] + half <= last + 0.01
        under = [mark["number"] for mark in marks if abs(mark["middle"] - spot["middle"]) < half - 0.01]
        assert all(high <= spot["number"] for high in under), spot


def test_a_relationship_without_steps_is_no_error():
    one = charts.stances(load("stances"), relationship="India")
    assert one.description == "Nothing to draw: the table holds no steps with India."


def test_lanes_are_shared_only_by_what_does_not_overlap():
    assert stance_chart.lanes([(0, 5), (3, 8), (5, 9), (8, 9)]) == [0, 1, 0, 1]


def test_a_share_that_was_not_given_is_blank(drawn):
    one, spec = drawn["territory"]
    lines = {row["row"]: row for row in rows_of(spec) if "who" in row}
    parts: dict[str, dict[str, dict]] = {}
    for part in (row for row in rows_of(spec) if "told" in row):
        parts.setdefault(lines[part["row"]]["id"], {})[part["holder"]] = part
    names = {"gov": "government", "contested": "contested", "insurgent": "insurgents"}
    for row in tables.records("district_control"):
        if "not comparable" in row["note"]:
            assert row["district_control_id"] not in parts
            continue
        own = parts.pop(row["district_control_id"])
        given = {names[key] for key in names if row[f"{key}_pct"] or row[f"{key}_districts"]}
        assert set(own) == given
        for key, name in names.items():
            if name in own:
                part = float(row[f"{key}_districts"] or 0)
                share = float(row[f"{key}_pct"] or 100 * part / float(row["total_districts"]))
                assert own[name]["to"] - own[name]["from"] == pytest.approx(share, abs=0.16)
                assert float(own[name]["said"].split()[-1]) == pytest.approx(share, abs=0.05)
        for one, other in itertools.combinations(own.values(), 2):
            # Rounded shares can add up to a little more than a hundred.
            assert one["to"] <= other["from"] + 0.5 or other["to"] <= one["from"] + 0.5
    article = parts.pop("P10-3, P10-4 and P10-5")
    own = {row["claim_id"]: f"{float(row['value']):g}" for row in tables.records("figures")}
    assert {name: part["said"] for name, part in article.items()} == {
        "government": own["P10-3"], "contested": own["P10-5"], "insurgents": own["P10-4"],
    }  # fmt: skip
    assert not parts


def test_what_the_bbc_asked_is_no_share_of_control(drawn):
    one, spec = drawn["territory"]
    row = next(row for row in tables.records("district_control") if row["series"].startswith("BBC"))
    assert not any(line.get("who", "").startswith("BBC") for line in rows_of(spec))
    assert row["series"] in one.description and "not on this axis" in one.description
    assert any(line.get("text", "").startswith(f"Not on this axis: {row['series']}") for line in rows_of(spec))
    assert list(one.table.loc[~one.table["on_axis"], "district_control_id"]) == [row["district_control_id"]]


def test_the_articles_split_is_an_estimate_without_an_author(drawn):
    spec = drawn["territory"][1]
    lines = [row for row in rows_of(spec) if "head" in row]
    assert lines[0]["head"] == "The article · not dated · territory · estimate, no author, date or method is given"
    assert [row["who"] for row in lines if row["estimate"]] == ["The article"]
    dashes = [node["strokeDash"] for node in everything(spec) if "condition" in (node.get("strokeDash") or {})]
    broken = {"condition": {"test": "datum.estimate", "value": [4, 2.5]}, "value": [1, 0]}
    assert dashes and all(dash == broken for dash in dashes)


def test_the_last_count_of_each_series_is_shown_first_and_the_rest_when_asked_for(drawn):
    spec = drawn["territory"][1]
    menu = next(param for param in spec["params"] if param["name"] == "show")
    counts = [row for row in tables.records("district_control") if "not comparable" not in row["note"]]
    units = {row["unit"] for row in counts}
    assert set(menu["bind"]["options"]) == {f"unit {unit}" for unit in units} | {"every", "last"}
    assert menu["value"] == "last" == menu["bind"]["options"][0]
    lines = [row for row in rows_of(spec) if "head" in row]
    first = {(row["who"], row["unit"]): row["id"] for row in lines if row["last"] and not row["estimate"]}
    assert 6 <= len(first) <= 9 and f"({len(first)})" in menu["bind"]["labels"][0]
    ends = {}
    for row in load("district_control").sort_values(["start", "end"], kind="stable").to_dict("records"):
        ends[row["series"], row["unit"]] = row["district_control_id"]
    assert first == {key: row_id for key, row_id in ends.items() if row_id in {row["id"] for row in lines}}
    assert f"({len(counts)})" in menu["bind"]["labels"][1] and len(lines) == len(counts) + 1
    # The article stands beside whatever is picked.
    assert lines[0]["estimate"] and set(lines[0]["units"]) == units


def test_the_articles_share_is_marked_through_every_count(drawn):
    own = next(float(row["value"]) for row in tables.records("figures") if row["claim_id"] == "P10-3")
    spec = drawn["territory"][1]
    (pin,) = [n for n in everything(spec) if isinstance(n.get("mark"), dict) and n["mark"]["type"] == "tick"]
    assert {"calculate": f"{own:g}", "as": "at"} in pin["transform"]
    assert [row["at"] for row in rows_of(spec) if "at" in row] == [own]


def test_a_number_in_a_bar_is_clear_of_the_articles_line(drawn):
    parts = [row for row in rows_of(drawn["territory"][1]) if "told" in row]
    (own,) = {row["at"] for row in rows_of(drawn["territory"][1]) if "at" in row}
    for part in parts:
        half = words.width(part["said"]) / 2 * 100 / 586
        assert not part["centre"] - half < own < part["centre"] + half, part


def test_a_part_of_which_neither_share_nor_number_was_given_is_a_blank():
    counts = load("district_control").astype({"gov_districts": "Int64", "total_districts": "Int64"})
    counts.loc[counts["gov_pct"].notna(), ["gov_pct", "gov_districts", "total_districts"]] = pd.NA
    shares = charts.territory(counts, load("figures")).table["gov_share"]
    assert shares.isna().any() and shares.dtype == float


def test_the_title_of_the_territory_counts_the_higher_shares(drawn):
    own = next(float(row["value"]) for row in tables.records("figures") if row["claim_id"] == "P10-3")
    rows = [row for row in tables.records("district_control") if row["gov_pct"] or row["gov_districts"]]
    shares = [float(r["gov_pct"] or 100 * float(r["gov_districts"]) / float(r["total_districts"])) for r in rows]
    more = [row["as_of"] for row, share in zip(rows, shares, strict=True) if share > own]
    pattern = r"The gov.* article's (\d+) per cent in (\S+) of (\S+) other counts, none later than (.*)"
    said = re.fullmatch(pattern, title_of(drawn["territory"][0]))
    assert (float(said[1]), count(said[2]), count(said[3])) == (own, len(more), len(shares))
    assert said[4] == dates.readable(max(more)[:7])


def test_editions_stand_apart_and_every_number_is_one_of_the_table(drawn):
    spec = drawn["casualties"][1]
    bars = [row for row in rows_of(spec) if "people" in row]
    rows = {row["civilian_casualty_id"]: row for row in tables.records("civilian_casualties")}
    wanted = []
    for row_id, row in rows.items():
        parts = [what for what in ("killed", "injured") if row[what]] or ["total"]
        wanted += [(row_id, int(row[what])) for what in parts]
    assert sorted((bar["id"], bar["people"]) for bar in bars) == sorted(wanted)
    labels = {"first": "first edition", "revised": "revised edition", "statement": "statement"}
    for bar in bars:
        assert bar["sort"] == rows[bar["id"]]["edition"] and bar["strip"].endswith(labels[bar["sort"]])
        assert (bar["start"], bar["said"]) == (int(rows[bar["id"]]["year"]), f"{bar['people']:,}")
        what = bar["strip"].split(",")[0].lower()
        assert int(rows[bar["id"]]["total" if "together" in what else what]) == bar["people"]
    first = [row for row in rows.values() if row["edition"] == "first"]
    for what in ("killed", "injured"):
        most = max((row for row in first if row[what]), key=lambda row: int(row[what]))
        assert f"most {what} in {most['year']} ({int(most[what]):,})" in title_of(drawn["casualties"][0])


def test_series_of_deaths_stand_apart_and_totals_apart_from_years(drawn):
    one, spec = drawn["casualties-soldiers"]
    bars = [row for row in rows_of(spec) if "people" in row]
    rows = {row["military_death_id"]: row for row in tables.records("military_deaths")}
    assert sorted(bar["id"] for bar in bars) == sorted(rows)
    sorts: dict[str, set] = {}
    for bar in bars:
        row = rows[bar["id"]]
        assert (bar["strip"], bar["sort"], bar["people"]) == (row["series"], row["measure"], int(row["deaths"]))
        assert bar["said"].startswith("more than ") == (row["qualifier"] == "more-than")
        sorts.setdefault(bar["strip"], set()).add(bar["sort"])
    assert all(found == {"cumulative"} or "cumulative" not in found for found in sorts.values())
    looks = next(node["fill"] for node in everything(spec) if isinstance(node.get("fill"), dict))
    full = dict(zip(looks["scale"]["domain"], looks["scale"]["range"], strict=True))
    assert full["yearly"] == style.OTHER and len(set(full.values())) == 3
    year = re.match(r"For (\d{4}) (\S+) series give (\d+) to (\d+) deaths", title_of(one))
    there = [int(row["deaths"]) for row in rows.values() if row["start"] == year[1] and row["measure"] == "yearly"]
    assert (count(year[2]), int(year[3]), int(year[4])) == (len(there), min(there), max(there))


@pytest.mark.parametrize("name", ["casualties", "casualties-soldiers"])
def test_a_person_is_as_high_in_one_strip_as_in_another(drawn, name):
    bars = [row for row in rows_of(drawn[name][1]) if "people" in row and row["sort"] != "cumulative"]
    heights = [(bar["y2"] - bar["y"], bar["people"]) for bar in bars]
    scale = max(high for high, _ in heights) / max(people for _, people in heights)
    assert all(high == pytest.approx(people * scale, abs=0.2) for high, people in heights)
    strips: dict[str, list] = {}
    for bar in bars:
        strips.setdefault(bar["strip"], []).append(bar)
    assert all(len({bar["y2"] for bar in own}) == 1 for own in strips.values())
    assert len({own[0]["y2"] for own in strips.values()}) == len(strips)


def test_a_series_with_totals_and_years_has_them_in_two_strips():
    rows = load("military_deaths").assign(series="one")
    spec = charts.casualties(rows)._repr_mimebundle_()[0][VEGA_LITE]
    assert [row["text"] for row in rows_of(spec) if "ground" in row] == ["one", "one"]
    bars = [row for row in rows_of(spec) if "people" in row]
    ground = max(bar["y2"] for bar in bars if bar["sort"] != "cumulative")
    assert all((bar["y"] > ground) == (bar["sort"] == "cumulative") for bar in bars)


def test_the_matrix_counts_claims_by_relationship_and_kind(drawn):
    one, spec = drawn["matrix"]
    claims = tables.records("claims")
    labels = tables.labels("relationship")
    cells = {(row["tie"], row["kind"]): row for row in rows_of(spec) if "shade" in row}
    assert len(cells) == len({c["relationship"] for c in claims}) * (len(tables.labels("kind")) + 1)
    for (tie, kind), cell in cells.items():
        there = [c for c in claims if labels[c["relationship"]] == tie and kind in (c["kind"], "all claims")]
        plain = sum(c["certainty"] == "plain" for c in there)
        named = sum(c["attribution"] == "named" for c in there)
        assert (cell["claims"], cell["plain"], cell["named"]) == (len(there), plain, named)
    assert list(one.table.columns) == ["relationship", "kind", "claims", "plain", "named"]
    assert one.table["claims"].sum() == len(claims) and one.table["claims"].min() == 1
    tips = next(node["tooltip"] for node in everything(spec) if "tooltip" in node)
    assert [tip["field"] for tip in tips] == ["tie", "kind", "claims", "plain", "named"]
    said = re.match(
        r"(\d+) of the (\d+) claims are “(\w+)”, the most frequent kind in (\S+) of (\S+) rel", title_of(one)
    )
    kinds = [c["kind"] for c in claims]
    assert int(said[1]) == kinds.count(said[3]) == max(kinds.count(kind) for kind in kinds)
    own: dict[str, list[str]] = {}
    for c in claims:
        own.setdefault(c["relationship"], []).append(c["kind"])
    leads = sum(all(ks.count(said[3]) > ks.count(k) for k in {*ks} - {said[3]}) for ks in own.values())
    assert (int(said[2]), count(said[5])) == (len(claims), len(own))
    assert leads == len(own) if said[4] == "each" else leads == count(said[4]) < len(own)


def test_a_kind_leads_only_where_it_is_ahead_of_every_other():
    ahead = [("iran", "meeting"), ("iran", "meeting"), ("iran", "status")]
    level = [("china", "meeting"), ("china", "support")]
    rows = pd.DataFrame([*ahead, *level], columns=["relationship", "kind"])
    said = title_of(charts.matrix(rows.assign(attribution="author", certainty="plain")))
    assert said == "Three of the five claims are “meeting”, the most frequent kind in one of two relationships"


def test_the_more_claims_the_darker_a_cell_and_none_too_dark_for_its_number(drawn):
    cells = [row for row in rows_of(drawn["matrix"][1]) if "shade" in row and row["kind"] != "all claims"]
    ranked = sorted((cell["claims"], cell["shade"]) for cell in cells)
    assert [shade for _, shade in ranked] == sorted(shade for _, shade in ranked)
    assert (ranked[0], ranked[-1][1]) == ((0, 0), 0.6)
    for page, ink in (("#ffffff", "#000000"), ("#111111", "#ffffff")):
        for colour in COLOURS.values():
            mixed = [round(0.6 * int(colour[i : i + 2], 16) + 0.4 * int(page[i : i + 2], 16)) for i in (1, 3, 5)]
            assert contrast("#" + "".join(f"{part:02x}" for part in mixed), ink) > 4.5


# Forecasts: what a student answered


@pytest.fixture
def forecast(monkeypatch, tmp_path):
    """Record a forecast on an invented statement in a folder of its own."""
    bank = {}
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path))
    monkeypatch.setattr(questions, "bank", lambda path=None: bank)

    def statement(name, happened):
        return ForecastQuestion(
            id=name, prompt=f"By then *{name}* will `be`.", goal="g", level="evaluate", evidence=[], hint="h",
            explain="e", resolved=happened,
        )  # fmt: skip

    def record(name, given, happened, sure=""):
        bank[name] = statement(name, happened)
        assert answers.record(bank[name], given, sure=sure).ok

    record.bank, record.statement = bank, statement
    return record


def test_a_brier_score_is_the_mean_squared_distance():
    assert brier([(1, True), (0, False)]) == 0
    assert brier([(1, False)]) == 1
    assert brier([(0.5, True), (0.5, False), (0.5, True)]) == 0.25
    assert brier([(0.8, True), (0.8, False)]) == pytest.approx((0.04 + 0.64) / 2)
    assert brier([]) is None


def test_forecasts_are_scored_against_what_happened(forecast):
    forecast("a", 0.8, True)
    forecast("b", 0.8, False)
    one = charts.forecasts()
    assert list(one.table.columns) == ["question_id", "forecast", "happened", "knew", "squared_error"]
    assert one.table.to_dict("list") == {
        "question_id": ["a", "b"], "forecast": [0.8, 0.8], "happened": [True, False], "knew": [False, False],
        "squared_error": [0.04, 0.64],
    }  # fmt: skip
    assert title_of(one) == "Your two forecasts score 0.34, always saying 50 % 0.25; lower is better"
    assert "your Brier score is 0.34" in one.description and "one happened" in one.description
    marks = [row for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE]) if "prompt" in row]
    assert [(m["prompt"], m["x"], m["happened"]) for m in marks] == [
        ("By then a will be.", 80, "happened"), ("By then b will be.", 80, "did not happen"),
    ]  # fmt: skip


def test_only_the_latest_forecast_counts(forecast):
    forecast("a", 0.1, True)
    forecast("a", 0.9, True)
    assert list(charts.forecasts().table["forecast"]) == [0.9]


def test_what_was_known_before_is_hollow_and_not_in_the_score(forecast):
    forecast("a", 0.5, True)
    forecast("b", 0.0, True, sure="knew")
    forecast("c", 0.5, False, sure="certain")
    one = charts.forecasts()
    assert list(one.table["knew"]) == [False, True, False] and one.table["squared_error"].isna().sum() == 1
    assert "score 0.25, always" in title_of(one) and "one known before" in one.description
    spec = one._repr_mimebundle_()[0][VEGA_LITE]
    marks = {row["id"]: row["mark"] for row in rows_of(spec) if "prompt" in row}
    assert marks == {"a": "scored", "b": "knew", "c": "scored"}
    fill = next(node["fill"] for node in everything(spec) if isinstance(node.get("fill"), dict))
    assert fill["scale"] == {"domain": ["scored", "knew"], "range": [style.OTHER, "transparent"]}


def test_nothing_is_scored_where_every_outcome_was_known(forecast):
    forecast("a", 0.5, True, sure="knew")
    assert title_of(charts.forecasts()).startswith("Nothing to score")


def test_an_answer_to_an_older_wording_or_of_another_shape_is_left_out(forecast):
    forecast("a", 0.5, True)
    forecast("b", "likely", True)
    forecast("c", 7, True)
    forecast("d", True, True)
    forecast.bank["a"] = msgspec.structs.replace(forecast.bank["a"], prompt="Another statement.")
    one = charts.forecasts()
    assert one.table.empty and "one answer to an older wording left out" in one.description


def test_each_forecast_has_a_line_of_its_own_with_its_name_and_is_joined_to_what_came(forecast):
    for place in range(6):
        forecast(f"q{place}", 0.7, place % 2 == 0)
    spec = charts.forecasts()._repr_mimebundle_()[0][VEGA_LITE]
    marks = [row for row in rows_of(spec) if "prompt" in row]
    assert len({mark["y"] for mark in marks}) == 6
    assert [mark["end"] for mark in marks] == [100, 0, 100, 0, 100, 0]
    names = [(row["text"], row["y"]) for row in rows_of(spec) if row.get("weight") == 400]
    for mark in marks:
        assert (mark["prompt"], mark["y"]) in names


def test_calibration_is_drawn_only_where_there_are_enough(forecast):
    def squares():
        return [row for row in rows_of(charts.forecasts()._repr_mimebundle_()[0][VEGA_LITE]) if "mean" in row]

    for place in range(9):
        forecast(f"q{place}", 0.9, place > 2)
    assert squares() == []
    forecast("q9", 0.1, False)
    assert [(row["text"], row["x"], row["mean"]) for row in squares()] == [("6 of 9", 90, "90 %")]


def test_without_a_forecast_the_chart_says_what_to_do(forecast):
    one = charts.forecasts()
    assert one.table.empty and title_of(one) == "No forecast yet; always saying 50 % scores 0.25, and lower is better"
    said = [row.get("text", "") for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE])]
    assert "No forecast is recorded here yet. Answer a forecast question, then run this cell again." in said


# Errors


@pytest.mark.parametrize("draw", [charts.timeline, charts.stances])
def test_an_unknown_relationship_gets_a_suggestion(draw):
    with pytest.raises(UnknownName, match="Did you mean 'russia'"):
        draw(load("stances" if draw is charts.stances else "events"), relationship="Rusia")


def test_an_unknown_standing_gets_a_suggestion():
    with pytest.raises(UnknownName, match="Did you mean 'claimed'"):
        charts.timeline(load("events"), standing="claim")


WRONG = {
    "timeline": lambda frame: charts.timeline(frame),
    "places": lambda frame: charts.places(frame),
    "ladder": lambda frame: charts.ladder(frame),
    "wording": lambda frame: charts.wording(frame, load("fact_checks")),
    "troops": lambda frame: charts.troops(frame),
    "stances": lambda frame: charts.stances(frame),
    "territory": lambda frame: charts.territory(frame, load("figures")),
    "casualties": lambda frame: charts.casualties(frame),
    "matrix": lambda frame: charts.matrix(frame),
}
TABLE = {
    "timeline": "events",
    "places": "events",
    "ladder": "claims",
    "wording": "claims",
    "troops": "troop_levels",
    "stances": "stances",
    "territory": "district_control",
    "casualties": "civilian_casualties",
    "matrix": "claims",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_table_without_the_columns_is_refused_with_the_table_to_pass(name):
    with pytest.raises(AfteachError, match=rf"charts\.{name} needs the columns? .*load\(\"{TABLE[name]}\"\)"):
        WRONG[name](pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("name", WRONG)
def test_a_name_in_place_of_a_table_is_refused_with_what_to_write(name):
    with pytest.raises(AfteachError, match=r"'events' is none. Write charts\."):
        WRONG[name]("events")


@pytest.mark.parametrize("name", WRONG)
def test_an_empty_table_gives_a_figure_that_says_so(name):
    one = WRONG[name](load(TABLE[name]).head(0))
    assert one.description.startswith("Nothing to draw: the table holds no ")
    assert len(one.table) == 0
    assert one.description in [row.get("said") for row in rows_of(one._repr_mimebundle_()[0][VEGA_LITE])]


@pytest.mark.parametrize("name", WRONG)
def test_a_single_row_is_drawn(name):
    rows = load(TABLE[name])
    rows = rows[rows["place_id"].notna() & (rows["kind"] == "meeting")] if name == "places" else rows
    one = WRONG[name](rows.head(1))
    assert len(one.table) == 1 and not one.description.startswith("Nothing")
    assert one._repr_mimebundle_()[0][VEGA_LITE]


def test_dates_that_are_text_are_refused():
    events = load("events").assign(start="2019", end="2019")
    with pytest.raises(AfteachError, match=r'load\("events"\), which turns text into dates'):
        charts.timeline(events)


# Words


@pytest.mark.parametrize(
    ("first", "last", "precision", "short"),
    [
        ("2001-09-11", "2001-09-11", "day", "11 Sep 2001"),
        ("2018-11-01", "2018-11-30", "month", "Nov 2018"),
        ("2019-01-01", "2019-12-31", "year", "2019"),
        ("1980-01-01", "1989-12-31", "span", "1980–1989"),
        ("2019-05-28", "2019-05-30", "span", "28–30 May 2019"),
        ("2018-12-01", "2019-02-28", "span", "Dec 2018 – Feb 2019"),
    ],
)
def test_a_date_in_the_margin_is_as_fine_as_the_source(first, last, precision, short):
    assert words.short_date(pd.Timestamp(first), pd.Timestamp(last), precision) == short


def test_lists_and_numbers_read_as_prose():
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a"]) == "a" and words.listed([]) == ""
    assert (words.number(3), words.number(11), words.number(2400), words.number(12.5)) == (
        "three",
        "11",
        "2,400",
        "12.5",
    )
    assert words.some(1, "event") == "one event" and words.some(2, "event") == "two events"
    assert words.wrap("one two three", words.width("one two")) == ["one two", "three"]


# What a chart cannot draw

CODED = [
    (chart, table, column)
    for chart, calls in draws.draws().items()
    for table in dict.fromkeys(table for given in calls for table in given)
    for column in draws.drawn_by(chart, table)
]


def draw_rows(chart, table, rows):
    """A chart of the rows of one table, with the other tables that it needs."""
    if chart == "wording":
        return charts.wording(*((rows, load("fact_checks")) if table == "claims" else (load("claims"), rows)))
    return getattr(charts, chart)(rows)


def spoilt(chart, table, column, value):
    rows = load(table)
    if chart == "places":
        rows = rows[rows["kind"].isin(codes.together(table)) & rows["start"].notna()].reset_index(drop=True)
    rows[column] = rows[column].astype(object)
    rows.loc[0, column] = value
    return rows


@pytest.mark.parametrize(("chart", "table", "column"), CODED)
def test_a_row_of_an_unknown_code_is_left_out_and_the_chart_says_so(chart, table, column):
    counted = chart != "matrix" and table != "fact_checks"
    whole = counted and len(draw_rows(chart, table, spoilt(chart, table, column, load(table)[column][0])).table)
    for value, said in (("unheard-of", f"{column} “unheard-of”"), (None, f"no {column}")):
        if column == "stance" and value:
            continue  # a step may be called anything
        one = draw_rows(chart, table, spoilt(chart, table, column, value))
        assert f"One row is not drawn: one row with {said}." in one.description
        assert not counted or len(one.table) == whole - 1


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_of_the_workbooks_own_tables_leaves_no_code_out(drawn, name):
    assert "not drawn: " not in drawn[name][0].description


def test_a_chart_of_nothing_but_unknown_codes_says_so_and_draws_nothing():
    rows = load("stances").head(2).assign(track="trade")
    said = charts.stances(rows).description
    assert said.startswith("Nothing to draw: the table holds no steps")
    assert said.endswith("Two rows are not drawn: two rows with track “trade”.")


def test_a_row_without_a_date_or_a_number_is_left_out_and_the_chart_says_so():
    steps = load("stances")
    steps.loc[0, ["start", "end"]] = pd.NaT
    assert "One row is not drawn: one row with no date." in charts.stances(steps).description
    levels = load("troop_levels")
    where = levels.index[levels["measure"] == "plan"][0]
    levels["us_troops"] = levels["us_troops"].astype(object)
    levels.loc[where, "us_troops"] = None
    assert "One row is not drawn: one row with no number." in charts.troops(levels).description
    deaths = load("military_deaths")
    deaths["deaths"] = deaths["deaths"].astype(object)
    deaths.loc[0, "deaths"] = None
    deaths.loc[1, ["start", "end"]] = pd.NaT
    assert (
        "Two rows are not drawn: one row with no number; one row with no date." in charts.casualties(deaths).description
    )
    figures = load("figures")
    figures.loc[figures["unit"] == "per cent of territory", "what"] = "somebody"
    said = charts.territory(load("district_control"), figures).description
    assert "Of the figures: Three rows are not drawn: three rows with no holder that is known." in said


def test_a_code_that_the_tables_add_is_drawn_and_never_looks_sure(monkeypatch):
    """Codes come from datapackage.json, in its order: a new standing takes the next place and needs no code."""
    events = load("events")
    known = codes.standings()
    monkeypatch.setattr(codes, "standings", lambda: (*known, "rumoured"))
    events.loc[0, "standing"] = "rumoured"
    figure_of = charts.timeline(events)
    assert "one rumoured" in figure_of.description and "not drawn" not in figure_of.description
    marks = json.dumps(figure_of.chart.to_dict())
    assert '"domain": ["documented", "claimed", "disputed", "rumoured"], "range": [1.0, 0.0, 0.0, 0.0]' in marks


def test_a_chart_of_counts_has_the_name_that_the_workbook_gives_it():
    assert set(workbook().charts) < set(dir(charts)) and "troops" not in charts.__all__
    with pytest.raises(AttributeError, match=r"There is no chart called 'troop'\.* Did you mean 'troops'"):
        charts.troop  # noqa: B018
