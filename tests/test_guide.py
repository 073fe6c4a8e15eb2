"""What a file name or a notebook can do to the pages that are made of it."""

from __future__ import annotations

import os
from html.parser import HTMLParser

import nbformat
import pytest
import sample

from afteach import charts, cli, load


class Attributes(HTMLParser):
    """Every attribute of a page, by name."""

    def __init__(self, text):
        super().__init__()
        self.names, self.images = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names |= {name for name, _ in attrs}
        if tag == "img":
            self.images.append(dict(attrs))


@pytest.mark.skipif(os.name == "nt", reason="no file can be called this on Windows")
@pytest.mark.parametrize(
    "name", ['x" onmouseover="alert(1)', "x' autofocus onfocus='alert(1)", "<b onclick=alert(1)>", "ЛЕКЦИЯ &amp; 李"]
)
def test_the_name_of_a_bank_never_becomes_markup(tmp_path, monkeypatch, name):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    bank = tmp_path / "data" / "questions" / "00-example.toml"
    bank.rename(bank.with_name(f"{name}.toml"))
    assert cli.main(["guide", "--out", str(tmp_path / "guide.html")]) == 0
    page = Attributes((tmp_path / "guide.html").read_text(encoding="utf-8"))
    assert not [one for one in page.names if one.startswith("on") or one == "autofocus"]


def test_a_notebook_made_into_a_page_shows_each_chart_with_its_description(monkeypatch):
    pytest.importorskip("vl_convert")
    nbconvert = pytest.importorskip("nbconvert")
    monkeypatch.setenv("AFTEACH_PNG", "1")
    one = charts.timeline(load("events"), relationship="russia")
    data, metadata = one._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("chart", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    cell.outputs.append(nbformat.v4.new_output("display_data", {"text/markdown": one.description}))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    for template in ("lab", "classic"):
        page, _ = nbconvert.HTMLExporter(template_name=template).from_notebook_node(notebook)
        (picture,) = Attributes(page).images
        assert picture["src"].startswith("data:image/png") and f"<p>{one.description}" in page
    # The template of JupyterLab reads no description of a picture; the other one does.
    assert picture["alt"] == one.description
