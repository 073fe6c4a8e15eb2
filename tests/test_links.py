"""Links for a class: quoted right, whatever the names are."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from afteach.authoring.links import links
from afteach.cli import main
from afteach.errors import AfteachError

AWKWARD = "05 what? & why#not %20 ü.ipynb"


def test_a_binder_link_opens_the_notebook_in_jupyterlab():
    (line,) = links("someone/afteach", "main", ["01-a.ipynb"], format="text").splitlines()
    assert line == "https://mybinder.org/v2/gh/someone/afteach/main?urlpath=lab%2Ftree%2Fnotebooks%2F01-a.ipynb"


def test_an_awkward_branch_and_name_come_back_whole():
    url = links("o/n", "feature/a b#1", [AWKWARD], format="text")
    place = urlsplit(url)
    assert place.fragment == ""
    assert unquote(place.path.removeprefix("/v2/gh/o/n/")) == "feature/a b#1"
    assert place.path.count("/") == 5
    opened = parse_qs(place.query, strict_parsing=True)["urlpath"]
    assert [unquote(one) for one in opened] == [f"lab/tree/notebooks/{AWKWARD}"]


def test_a_hub_link_pulls_the_repository_and_opens_the_notebook():
    url = links("o/n", "v1", [AWKWARD], hub="https://hub.example.org/", format="text")
    assert url.startswith("https://hub.example.org/hub/user-redirect/git-pull?")
    asked = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert asked["repo"] == ["https://github.com/o/n"]
    assert asked["branch"] == ["v1"]
    assert unquote(asked["urlpath"][0]) == f"lab/tree/n/notebooks/{AWKWARD}"


def test_each_format_escapes_what_it_must():
    names = ["a[b]_c.ipynb", "<i>&.ipynb"]
    assert links("o/n", "m", names).startswith(r"- [a\[b\]\_c](https://")
    assert "&lt;i&gt;&amp;</a>" in links("o/n", "m", names, format="html")
    assert len(links("o/n", "m", names, format="text").splitlines()) == 2


@pytest.mark.parametrize(
    ("repo", "ref", "hub", "said"),
    [
        ("https://github.com/o/n", "main", None, "OWNER/NAME"),
        ("o/n", " ", None, "ref"),
        ("o/n", "main", "hub.example.org", "https://"),
        ("o/n", "main", "javascript:alert(1)", "https://"),
    ],
)
def test_what_is_no_repository_ref_or_address_is_said(repo, ref, hub, said):
    with pytest.raises(AfteachError, match=said):
        links(repo, ref, ["a.ipynb"], hub=hub)


def test_the_command_prints_a_link_for_every_notebook(capsys, notebook_files):
    assert main(["links", "--repo", "o/n", "--ref", "main"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(notebook_files)
    assert all(path.stem in line for path, line in zip(notebook_files, lines, strict=True))


def test_a_bad_name_is_one_line_on_the_command_line(capsys):
    assert main(["links", "--repo", "nonsense", "--ref", "main"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
