"""Every table that a notebook shows: those of the workbook and a student's own results."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afteach import display, load


class Page(HTMLParser):
    """The tags of a page and what stands in each cell."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag):
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data):
        if self._open:
            self.rows[-1][-1] += data


def classes(page: Page) -> set[str]:
    return set(next(attrs for tag, attrs in page.tags if tag == "table")["class"].split())


def test_text_stands_left_and_numbers_right_with_thousands_marks_and_nothing_is_a_dash():
    frame = pd.DataFrame(
        {
            "who": ["a side", None],
            "soldiers": pd.array([14000, None], dtype="Int64"),
            "share": [0.5, float("nan")],
            "year": [2019, 2020],
            "day": pd.to_datetime(["2020-02-29", None]),
            "yes": [True, False],
        }
    )
    page = Page(display.frame_html(frame))
    assert page.rows[1] == ["a side", "14,000", "0.5", "2019", "2020-02-29", "True"]
    assert page.rows[2] == ["–", "–", "–", "2020", "–", "False"]
    assert {name for name in classes(page) if name.startswith("af-r")} == {"af-r2", "af-r3", "af-r4"}


def test_dates_stay_unbroken_and_sentences_do_not():
    frame = pd.DataFrame({"when": ["29 February 2020"], "what": ["An agreement was signed in a city of the Gulf"]})
    assert {"af-s1"} == classes(Page(display.frame_html(frame))) - {"af-table"}


def test_a_name_may_take_two_lines_and_a_date_may_not():
    frame = pd.DataFrame({"who": ["Anna of the Northern"], "when": ["30 September 2020"], "kind": ["interpretation"]})
    assert classes(Page(display.frame_html(frame))) == {"af-table", "af-s2", "af-s3"}


def test_a_long_column_is_told_from_a_short_one_and_its_long_name_may_take_two_lines():
    frame = pd.DataFrame({"outside_event_id": ["a" * 61], "event_id": ["a" * 161], "c": ["two words " * 3]})
    page = display.frame_html(frame)
    assert classes(Page(page)) == {"af-table", "af-l1", "af-x2"}
    assert ">outside_<wbr>event_<wbr>id<" in page and ">event_id<" in page


def test_a_row_number_that_only_counts_is_not_shown_and_a_named_index_is():
    frame = pd.DataFrame({"side": ["a", "b", "a"], "deaths": [1, 2, 3]})
    assert Page(display.frame_html(frame[frame["side"] == "a"])).rows[0] == ["side", "deaths"]
    grouped = Page(display.frame_html(frame.groupby("side").sum()))
    assert grouped.rows == [["side", "deaths"], ["a", "4"], ["b", "2"]]
    assert [attrs["scope"] for tag, attrs in grouped.tags if tag == "th"] == ["col", "col", "row", "row"]
    crossed = Page(display.frame_html(pd.crosstab(frame["side"], frame["deaths"])))
    assert crossed.rows[0][0] == "side ↓ deaths →"


def test_of_a_wide_table_the_telling_columns_are_shown_and_the_others_named():
    events = load("events")
    page = display.frame_html(events)
    shown = Page(page).rows[0]
    assert display.FEWEST_COLUMNS < len(shown) <= display.MOST_COLUMNS < len(events.columns)
    assert {"event_id", "title", "when"} <= set(shown)
    told = re.search(r"more columns: ([^<]+)", page)[1].split(", ")
    assert {*shown, *told} == set(events.columns)
    assert not set(shown) & set(told)


def test_of_a_wide_table_no_more_columns_are_shown_than_one_page_holds():
    table = pd.DataFrame({"id": ["a1"], **{f"text_{n}": ["many words " * 9] for n in range(12)}})
    assert Page(display.frame_html(table)).rows[0] == ["id", "text_0", "text_1", "text_2", "text_3"]
    short = pd.DataFrame({f"code_{n}": ["one"] for n in range(12)})
    assert len(Page(display.frame_html(short)).rows[0]) == display.MOST_COLUMNS
    # What a student chose is shown whole.
    chosen = table.iloc[:, : display.MOST_COLUMNS]
    assert len(Page(display.frame_html(chosen)).rows[0]) == display.MOST_COLUMNS
    # However long its texts are, a table is more than its row names.
    longer = pd.DataFrame({f"text_{n}": ["x" * 59] for n in range(12)})
    assert len(Page(display.frame_html(longer)).rows[0]) == display.FEWEST_COLUMNS


def test_an_address_goes_before_what_says_something():
    table = pd.DataFrame({"url": ["https://example.org/a", None], **{f"n{n}": [n, n + 1] for n in range(7)}})
    assert Page(display.frame_html(table)).rows[0] == [f"n{n}" for n in range(7)]


def test_a_long_table_is_whole_and_folds_after_ten_rows():
    page = display.frame_html(pd.DataFrame({"number": range(11)}))
    assert page.index("<details><summary>Show all 11 rows</summary></details><table") > 0
    assert len(Page(page).rows) == 12
    assert "<details>" not in display.frame_html(pd.DataFrame({"number": range(10)}))
    longer = display.frame_html(pd.DataFrame({"number": range(3000)}))
    assert len(Page(longer).rows) == display.MOST_ROWS + 1
    assert f"These are the first {display.MOST_ROWS} of 3,000 rows." in longer


def test_a_count_has_bars_in_proportion_and_a_series_without_labels_has_none():
    page = Page(display.series_html(pd.Series(["a", "b", "a", "a", "b", "a"]).value_counts()))
    assert [attrs["style"] for tag, attrs in page.tags if tag == "span"] == ["width:100%", "width:50%"]
    for plain in (pd.Series([1, 2]), pd.Series([1, -2], index=["a", "b"]), pd.Series(["x"], index=["a"])):
        assert "af-bar" not in display.series_html(plain)


def test_the_caption_says_how_many_rows_of_which_table():
    events = load("events")
    assert f"<caption>events: all {len(events)} rows</caption>" in display.frame_html(events)
    assert f"<caption>2 of the {len(events)} rows of events</caption>" in display.frame_html(events.head(2))
    counted = events.groupby("relationship")[["kind"]].count()
    assert "of events" not in display.frame_html(counted)
    assert "<caption>No row fits.</caption>" in display.frame_html(events[events["event_id"] == "nowhere"])


def test_what_stands_in_a_cell_is_never_read_as_html():
    bad = "<img src=x onerror=alert(1)></td></table><script>alert(2)</script>&amp;"
    frame = pd.DataFrame({bad: [bad]}, index=pd.Index([bad], name=bad))
    for page in (display.frame_html(frame), display.series_html(frame[bad])):
        assert {tag for tag, _ in Page(page).tags} <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
        assert bad in Page(page).rows[1]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"a": []}),
        pd.DataFrame([[1, 2]], columns=["same", "same"]),
        pd.DataFrame({("a", "b"): [1], ("a", "c"): [2]}),
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)])),
        pd.DataFrame({"a": pd.Categorical(["x", None]), "b": [{"k": 1}, [2]], "c": [pd.Timedelta(days=1), pd.NaT]}),
        pd.DataFrame({"a": pd.period_range("2020", periods=2, freq="Y"), "b": [1 + 2j, 3j]}),
        pd.DataFrame({"a": [float("inf"), 1e300], "b": [10**30, 1]}),
        pd.DataFrame({0: [1]}, index=pd.DatetimeIndex(["2020-01-01"])),
    ],
    ids=str,
)
def test_whatever_pandas_can_hold_is_shown(frame):
    assert "<table" in display.frame_html(frame)
    for column in range(frame.shape[1]):
        assert "<table" in display.series_html(frame.iloc[:, column])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(), st.text(), st.booleans(), st.dates()), max_size=15))
def test_any_mixture_of_values_is_shown_the_same_twice(values):
    frame = pd.DataFrame({"mixed": values})
    page = display.frame_html(frame)
    assert page == display.frame_html(frame.copy())
    assert len(Page(page).rows) == len(values) + 1


def test_a_sealed_table_says_what_it_waits_for():
    frame = pd.DataFrame({"a": []})
    frame.attrs["sealed"] = "Sealed until <you> forecast."
    assert display.frame_html(frame) == '<div class="af-frame"><p>Sealed until &lt;you&gt; forecast.</p></div>'


def test_a_student_who_wants_no_html_gets_none():
    with pd.option_context("display.notebook_repr_html", False):
        assert display.frame_html(pd.DataFrame({"a": [1]})) is None
        assert display.series_html(pd.Series([1])) is None


def test_a_notebook_shows_every_frame_in_this_way_and_waits_for_no_pandas():
    code = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
import afteach
assert "pandas" not in sys.modules
import pandas
for shown in (pandas.DataFrame({"a": [1]}), pandas.Series([1], name="a")):
    data, _ = shell.display_formatter.format(shown)
    assert data["text/html"].startswith('<div class="af-frame">'), data
    assert "a" in data["text/plain"]
for number, said in ((pandas.Series([3517]).sum(), "3517"), (pandas.Series([53.8, 72]).min(), "53.8"), (7, "7")):
    assert shell.display_formatter.format(number)[0] == {"text/plain": said}
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_style_sheet_knows_every_class_that_a_table_can_have(root):
    style = (root / "src" / "afteach" / "labextension" / "static" / "style.css").read_text(encoding="utf-8")
    for cell in (1, "a date", "long " * 15, "longer " * 30):
        table = pd.DataFrame({str(place): [cell] for place in range(display.MOST_COLUMNS)}, index=["a"])
        names = classes(Page(display.frame_html(table))) - {"af-table"}
        assert len(names) > display.MOST_COLUMNS
        for name in names:
            assert f".{name} :is(td, th):nth-child({name[4:]})" in style
