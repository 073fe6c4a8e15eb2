"""The first chart does not wait for a grammar that it never uses, and nobody else in the kernel notices."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from afteach.site import starting

AFTER = "import sys; from afteach.charts import alt; alt.load(); "
GOOD, BAD = "https://näse.example/пример?q=ش", "no scheme <here>"


def said(code: str):
    """What a fresh Python prints, read as JSON."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_chart_is_drawn_and_checked_without_the_grammar():
    code = """
        import json, sys
        from afteach import charts, load
        charts.timeline(load("events")).chart.to_dict()
        print(json.dumps([name for name in sys.modules if "rfc3987_syntax" in name or name == "lark"]))
    """
    assert said(code) == []


@pytest.mark.parametrize("name", ["afteach.authoring.executing", "afteach.site.reading"])
def test_a_notebook_is_read_and_run_without_the_grammar(name):
    code = f"""
        import json, sys, {name}
        print(json.dumps(sorted({{"nbformat", "lark"}} & set(sys.modules))))
    """
    assert said(code) == ["nbformat"]


def test_another_program_runs_without_the_grammar(tmp_path):
    (tmp_path / "other.py").write_text(
        "import jsonschema, json, sys; print(json.dumps([sys.argv[1:], 'lark' in sys.modules]))"
    )
    done = subprocess.run([*starting.COMMAND, "other", "-x"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["-x"], False]


CHECKS = """
    import json
    from jsonschema import FormatChecker, Draft202012Validator
    def good(format, text):
        checker = FormatChecker() if format == "any" else Draft202012Validator.FORMAT_CHECKER
        return checker.conforms(text, "iri" if format == "any" else format)
    print(json.dumps([good(format, text) for format in ("iri", "iri-reference", "uri", "any", "date")
                      for text in (%r, %r, "a/b", "", 5, "2020-02-29")]))
"""


def test_a_format_is_checked_as_without_us():
    checks = textwrap.dedent(CHECKS % (GOOD, BAD))
    alone = said("import altair\n" + checks)
    assert True in alone[:6] and False in alone[:6]
    assert said(AFTER + "\n" + checks) == alone


def test_whoever_imports_the_grammar_afterwards_gets_the_real_one():
    code = """
        import json, rfc3987_syntax, inspect
        from rfc3987_syntax import is_valid_syntax, parse, syntax_helpers
        from jsonschema import _format
        print(json.dumps([type(rfc3987_syntax).__name__, inspect.getmodule(is_valid_syntax) is syntax_helpers,
                          is_valid_syntax("iri", %r), _format._rfc3987_is_valid_syntax("iri", %r)]))
    """
    assert said(AFTER + "\n" + textwrap.dedent(code % (GOOD, BAD))) == ["module", True, True, False]


def test_whoever_meets_the_stand_in_is_answered_by_the_real_one():
    """Another thread may import the grammar while altair is on its way."""
    code = """
        import json, sys
        from afteach.charts.iri import postponed
        with postponed():
            import rfc3987_syntax as met
            from rfc3987_syntax import is_valid_syntax
            before = "lark" in sys.modules
            found = [type(met.parse).__name__, is_valid_syntax("iri", "a:b"), is_valid_syntax("iri", "a b")]
            import rfc3987_syntax as then
            import rfc3987_syntax.utils as part
        print(json.dumps([before, *found, then is met, part.__name__]))
    """
    assert said(code) == [False, "function", True, False, False, "rfc3987_syntax.utils"]


@pytest.mark.parametrize("first", ["rfc3987_syntax", "jsonschema"])
def test_what_somebody_imported_before_is_left_alone(first):
    code = f"""
        import json, sys, {first}
        before = sys.modules.get("rfc3987_syntax")
        from afteach.charts import alt
        alt.load()
        print(json.dumps(before is not None and sys.modules["rfc3987_syntax"] is before))
    """
    assert said(code) is True


@pytest.mark.parametrize(
    "breaks",
    [
        "sys.modules['rfc3987_syntax'] = None",  # it cannot be imported
        "sys.modules['altair'] = None",  # altair cannot
    ],
)
def test_a_failed_import_leaves_no_stand_in(breaks):
    code = f"""
        import json, sys
        {breaks}
        from afteach.charts import alt
        try:
            alt.load()
        except ImportError:
            pass
        left = sys.modules.get("rfc3987_syntax")
        print(json.dumps(type(left).__name__))
    """
    assert said(code) == "NoneType"
