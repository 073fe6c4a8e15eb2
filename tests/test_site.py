"""The workbook as a folder for any web server: pages to read, and notebooks that run in the reader's browser."""

from __future__ import annotations

import ast
import errno
import gzip
import html.parser
import importlib.util
import json
import os
import platform
import re
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import msgspec
import pytest

from afteach import words
from afteach.answers import citing, seal
from afteach.authoring import notebooks
from afteach.charts import render as drawn
from afteach.cli import main
from afteach.errors import AfteachError
from afteach.pages import render
from afteach.questions.model import bank
from afteach.record import citations, lookup, tables
from afteach.site import browser, building, compiling, reading, serving, wheels
from afteach.student import Download
from afteach.workbook import notebook_files, workbook

FERRY = Path(__file__).parent / "ferry"
COMPILED = ("numpy", "pandas", "msgspec", "markupsafe", "rpds-py", "wcwidth")
# Python alone, and in every Pyodide: five thousand files of jedi need not be packed for a test.
PLAIN = ("micropip", "jedi")
# Versions that the package takes.
ASKED_FOR = {"pandas": "3.0.2", "msgspec": "0.20.0", "markupsafe": "3.0.3"}
PYTHON = "3.14.2"
KERNEL = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / browser.KERNEL / "static" / "pypi"


def pyodide(folder):
    """As much of a Pyodide as a build reads: its parts, and empty wheels of what is compiled."""
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(name)
    packages = {}
    for name in (*COMPILED, *PLAIN):
        stem = f"{name.replace('-', '_')}-{ASKED_FOR.get(name, '999.0')}"
        wheel = folder / f"{stem}-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
        with zipfile.ZipFile(wheel, "w") as out:
            out.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\n")
        packages[name] = wheels._described(wheel, PYTHON).entry
    lock = {"info": {"python": PYTHON, "abi_version": "2026_0"}, "packages": packages}
    (folder / wheels.LOCK).write_text(json.dumps(lock))
    return folder


class Page(html.parser.HTMLParser):
    """What a page links to, what it asks for by itself, its ids, and its pictures."""

    def __init__(self, path):
        super().__init__()
        self.links, self.asked, self.ids, self.pictures = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe", "source"):
            self.asked.append(given.get("src") or "")
        if tag == "link" and "stylesheet" in given.get("rel", ""):
            self.asked.append(given["href"])
        if tag == "img":
            self.pictures.append(given)


@pytest.fixture(scope="module")
def ferry(tmp_path_factory):
    """The site of the small workbook, with a Pyodide that holds nothing."""
    place = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFTEACH_WORKBOOK", str(FERRY))
        words.in_use.cache_clear()
        with pytest.MonkeyPatch.context() as here:
            # The same on a machine that has the Python of a Pyodide and on one that has not.
            here.setattr(compiling, "interpreter", lambda _short: "")
            said = list(building.build(place / "out", pyodide(place / "pyodide")))
        yield types.SimpleNamespace(out=place / "out", said=said, pyodide=place / "pyodide")
    words.in_use.cache_clear()


@pytest.fixture(scope="module")
def pages(ferry):
    return {path.name: Page(path) for path in sorted(ferry.out.glob("*.html"))}


def test_every_notebook_has_a_page_that_leads_to_it_in_the_browser(ferry, pages):
    for path in notebook_files():
        (way,) = [link for link in pages[f"{path.stem}.html"].links if link.startswith("lite/")]
        app, name = way.split("?path=")
        assert (ferry.out / app).is_file() and (ferry.out / "lite" / "files" / name).is_file()


def test_every_link_within_the_site_leads_somewhere(ferry, pages):
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"\w+:", link) or link in ("#", ""):
                continue
            file, _, place = link.partition("#")
            file = file.split("?")[0] or name
            assert (ferry.out / file).exists(), (name, link)
            if place and file in pages:
                assert place in pages[file].ids, (name, link)


def test_no_page_asks_another_host_for_anything(pages):
    assert [
        (name, asked) for name, page in pages.items() for asked in page.asked if re.match(r"(\w+:)?//", asked)
    ] == []


def test_an_id_in_the_text_leads_to_its_row(pages):
    led = {link for page in pages.values() for link in page.links if link.startswith("rows-") and "#" in link}
    assert len(led) > 10


def test_what_is_sealed_stands_on_no_page(ferry):
    sealed = [line for name in seal.sealed_tables() for line in tables.records(name)]
    texts = [value for line in sealed for value in line.values() if len(value) > 30 and not value.startswith("http")]
    assert texts
    pages = [*ferry.out.glob("*.html"), *(ferry.out / "lite" / "afteach").rglob("*.html")]
    whole = "".join(path.read_text(encoding="utf-8") for path in pages)
    whole += (ferry.out / "searchindex.js").read_text(encoding="utf-8")
    assert [text for text in texts if text in whole] == []


def test_a_question_folds_open_with_its_answer_and_a_sealed_one_says_what_it_waits_for(ferry):
    for one in bank().values():
        page = (ferry.out / f"{one.notebook}.html").read_text(encoding="utf-8")
        assert f"<strong>{one.id}</strong>" in page
    shut = next(one for one in bank().values() if one.foretells and seal.shut(one))
    answered = next(one for one in bank().values() if one.judged and not one.guess and not seal.shut(one))
    page = reading._question(shut, {})
    assert "Sealed until" in page and str(render.rich(shut.explain)) not in page
    assert str(render.rich(answered.explain)) in reading._question(answered, {})


def test_what_a_row_says_is_escaped(monkeypatch):
    facts = [("statement", "<script>alert(1)</script>", "")]
    page = reading.render("rows.html.j2", rows=[("x1", facts)], sealed="")
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_title_is_a_text_and_no_markup(monkeypatch):
    described = msgspec.structs.replace(workbook(), title="Ferry & <b>co")
    monkeypatch.setattr(reading, "workbook", lambda: described)
    assert reading._front(opens=False, megabytes=0).startswith("# Ferry &amp; &lt;b&gt;co")


def test_only_prose_is_linked():
    row_id = next(iter(lookup.index()))
    places = {row_id: f"rows-x.html#{row_id}"}
    text = f"See {row_id}, `{row_id}`, [{row_id}](https://example.org/{row_id}) and https://example.org/{row_id}."
    assert reading.linked(text, places).count("<a href") == 1


def test_a_paragraph_in_the_text_leads_to_its_first_statement():
    places, (name, held) = reading._places(), next(iter(citations.paragraphs().items()))
    assert reading.linked(f"So {name} says.", places) == f'So <a href="{places[held[0]]}">{name}</a> says.'


def test_a_picture_of_a_chart_has_its_description(root):
    for path in notebook_files():
        page = reading.as_page(notebooks.read(path), {}, "")
        for cell in page.cells:
            if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
                assert len(cell.metadata["mystnb"]["image"]["alt"]) > 20, path.name


def test_a_page_to_read_shows_nothing_that_waits_for_a_kernel_and_no_line_that_is_folded(root):
    for path in notebook_files():
        page = reading.as_page(notebooks.read(path), {}, "")
        said = [
            text
            for cell in page.cells
            for output in cell.get("outputs", [])
            for text in output.get("data", {}).values()
        ]
        assert not [text for text in said if "Run All Cells" in str(text)], path.name
        hidden = [cell for cell in page.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
        assert not hidden and '"hide-input"' not in json.dumps(page), path.name


def test_the_notebooks_are_set_to_ask_no_other_host(ferry):
    told = json.loads((ferry.out / "lite" / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = told["litePluginSettings"][f"{browser.KERNEL}:kernel"]
    assert kernel["disablePyPIFallback"] is True and kernel["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    assert told["enableServiceWorkerCache"] is True
    names = {one["name"] for one in told["federated_extensions"]}
    assert {"afteach", "anywidget", *browser.EXTENSIONS} == names


def test_jupyterlite_finds_every_sheet_of_style_that_the_package_asks_for(ferry):
    place = ferry.out / "lite" / "extensions" / "afteach" / "static"
    asked = re.findall(r'"([\w/]+\.css)"', (place / "style.js").read_text())
    assert len(asked) > 2 and [name for name in asked if not (place / name).is_file()] == []


def test_an_id_in_a_text_opens_its_row_there_as_from_a_server(ferry):
    place = ferry.out / "lite" / "afteach"
    ids = json.loads((place / "rows.json").read_text())
    assert ids == citing.ids() and len(ids) > 10
    for row_id in ids:
        assert (place / "rows" / f"{row_id}.html").read_text(encoding="utf-8") == citing.card(row_id)


def test_the_service_worker_knows_after_a_sleep_that_it_keeps_a_copy(ferry):
    text = (ferry.out / "lite" / "service-worker.js").read_text()
    assert browser.REMEMBERS in text and browser.FORGETS not in text


def test_the_lock_names_what_is_there_and_nothing_else(ferry):
    folder = ferry.out / "lite" / "static" / "pyodide"
    packages = json.loads((folder / wheels.LOCK).read_text())["packages"]
    assert {"afteach", "anywidget", "ipywidgets", "pandas", "ipykernel", "pyodide-kernel", "micropip"} <= set(packages)
    assert not {"jupyterlab", "jupyter-server", "sphinx", "pexpect"} & set(packages)
    assert {one["file_name"] for one in packages.values()} == {path.name for path in folder.glob("*.whl")}
    needed = {name for one in packages.values() for name in one["depends"]}
    assert needed <= set(packages)
    for one in packages.values():
        assert wheels._described(folder / one["file_name"], PYTHON).entry["sha256"] == one["sha256"]


def test_the_workbook_s_wheel_holds_its_data_and_no_teacher_s_room(ferry):
    (wheel,) = (ferry.out / "lite" / "static" / "pyodide").glob("afteach-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    there = {f"afteach/data/{path.relative_to(FERRY / 'data').as_posix()}" for path in (FERRY / "data").rglob("*.csv")}
    assert there and there <= names and "afteach/data/workbook.toml" in names
    assert {"afteach/card/card.js", "afteach/words.toml", "afteach/words_of_pages.toml", "afteach/student.py"} <= names
    assert not [name for name in names if re.match(r"afteach/(grading|authoring|exchange|site|notebooks|cli)\b", name)]


def test_no_module_in_the_workbook_s_wheel_asks_for_one_that_stayed_behind(ferry):
    (wheel,) = (ferry.out / "lite" / "static" / "pyodide").glob("afteach-*.whl")
    with zipfile.ZipFile(wheel) as inside:
        texts = {name: inside.read(name).decode() for name in inside.namelist() if name.endswith(".py")}
    there = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in texts}
    asked = {
        (name, module)
        for name, text in texts.items()
        for node in ast.walk(ast.parse(text))
        for module in (
            [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in getattr(node, "names", [])]
        )
        if module and module.split(".")[0] == "afteach"
    }
    assert len(asked) > 100 and sorted(one for one in asked if one[1] not in there) == []


def test_the_same_files_give_the_same_wheel(tmp_path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(wheels.own_wheel(tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_python_that_could_compile_for_the_browser_is_asked_for(ferry):
    assert "python -m uv python install 3.14" in ferry.said[-1]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """This package and one with modules that nobody imports, before and after they are compiled by this Python."""
    work = tmp_path_factory.mktemp("compiled")
    (work / "wheels").mkdir()
    files = {name: b"" for name in ("altair/__init__.py", "unheard_of.py", "altair/tests/test_it.py")}
    made = [wheels.own_wheel(work / "wheels"), wheels._pack(work / "wheels", "altair", "1.0", files, "")]
    before = {wheels._name(wheel): wheels._described(wheel, PYTHON) for wheel in made}
    with pytest.MonkeyPatch.context() as patch:
        # Importing all of them takes seconds; that each is here is seen below.
        patch.setattr(compiling, "_imported", lambda: {"altair"})
        return before, compiling.compiled(before, platform.python_version(), work)


def test_what_a_notebook_imports_comes_compiled_and_runs(compiled, tmp_path):
    before, after = (packages["afteach"] for packages in compiled)
    assert after.entry == wheels._described(after.wheel, PYTHON).entry != before.entry
    with zipfile.ZipFile(after.wheel) as inside:
        names = inside.namelist()
        inside.extractall(tmp_path)
        record = inside.read(next(name for name in names if name.endswith("RECORD"))).decode()
    assert [line.split(",")[0] for line in record.splitlines()] == names
    assert "afteach/student.pyc" in names and not [name for name in names if name.endswith(".py")]
    code = "import afteach.student, afteach.words as words; print(afteach.__file__, words.say('verdict.right'))"
    there = os.environ | {"PYTHONPATH": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", code], env=there, capture_output=True, text=True)
    assert told.stdout.startswith(str(tmp_path / "afteach" / "__init__.pyc")), told.stderr


def test_what_no_notebook_imports_stays_text_and_tests_stay_away(compiled):
    names = zipfile.ZipFile(compiled[1]["altair"].wheel).namelist()
    assert {name for name in names if "dist-info" not in name} == {"altair/__init__.pyc", "unheard_of.py"}


def test_what_a_notebook_imports_is_here_to_be_asked():
    names = re.search(r"^import (.+)$", compiling.IMPORTED, re.MULTILINE)[1].split(", ")
    assert "pandas" in names and [name for name in names if importlib.util.find_spec(name) is None] == []


def test_no_other_python_compiles_for_the_browser():
    assert compiling.interpreter("9.99") == ""
    assert compiling.interpreter(".".join(platform.python_version_tuple()[:2])) == sys.executable


@pytest.fixture
def packed(ferry, monkeypatch):
    """What is Python alone was packed once, with the site; what is compiled is looked for as ever."""
    there = {wheels._name(path): path for path in (ferry.out / "lite" / "static" / "pyodide").glob("*-none-any.whl")}
    look = wheels._packed_again
    monkeypatch.setattr(wheels, "_packed_again", lambda name, work: there.get(name) or look(name, work))


def test_what_is_compiled_is_asked_of_pyodide(packed, tmp_path):
    folder = pyodide(tmp_path / "pyodide")
    (gone,) = folder.glob("pandas*")
    gone.unlink()
    (tmp_path / "work").mkdir()
    with pytest.raises(AfteachError, match="pandas is neither in the Pyodide"):
        wheels.needed(folder, KERNEL, tmp_path / "work")


def test_a_wheel_that_came_broken_is_told(packed, tmp_path):
    folder = pyodide(tmp_path / "pyodide")
    (wheel,) = folder.glob("pandas*")
    with wheel.open("ab") as file:
        file.write(b"torn")
    (tmp_path / "work").mkdir()
    with pytest.raises(AfteachError, match="is not what its Pyodide says it is"):
        wheels.needed(folder, KERNEL, tmp_path / "work")


@pytest.fixture
def instead(monkeypatch):
    """Another program in the place of JupyterLite's build."""
    monkeypatch.setattr(browser, "_lay_pyodide", lambda *_args: None)
    return lambda code: monkeypatch.setattr(browser, "_command", lambda *_args: [sys.executable, "-c", code])


def test_a_jupyterlite_that_cannot_be_built_says_why(instead, ferry, tmp_path):
    instead("print('KeyError: pyodide. '); print('and so on'); raise SystemExit(1)")
    with (
        pytest.raises(AfteachError, match=r"could not be built: KeyError: pyodide\.$"),
        browser.written(tmp_path / "lite", ferry.pyodide, tmp_path),
    ):
        pass


def test_jupyterlite_is_no_longer_built_once_the_pages_have_failed(instead, ferry, tmp_path):
    instead("import time; time.sleep(600)")
    began = time.monotonic()
    with (
        pytest.raises(AfteachError, match="no pages"),
        browser.written(tmp_path / "lite", ferry.pyodide, tmp_path),
    ):
        raise AfteachError("no pages")
    assert time.monotonic() - began < 60


def test_stored_outputs_are_texts_and_not_lists_of_lines(ferry):
    for path in (ferry.out / "lite" / "files").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert isinstance(cell["source"], str)
            for output in cell.get("outputs", []):
                assert not any(isinstance(value, list) for value in output.get("data", {}).values())


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["site", "--out", str(tmp_path)]) == 2
    assert "holds other files" in capsys.readouterr().err and (tmp_path / "thesis.txt").exists()


def test_what_is_missing_is_said_in_one_line(tmp_path, capsys, monkeypatch):
    assert main(["site", "--out", str(tmp_path / "out"), "--pyodide", str(tmp_path / "gone.tar.bz2")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "github.com/pyodide" in told
    broken = tmp_path / "broken.tar.bz2"
    broken.write_bytes(b"no archive")
    assert main(["site", "--out", str(tmp_path / "out"), "--pyodide", str(broken)]) == 2
    assert "is no archive of Pyodide" in capsys.readouterr().err
    assert main(["site", "--out", str(tmp_path / "out"), "--pyodide", str(tmp_path)]) == 2
    assert "There is no Pyodide in" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "sphinx", None)
    monkeypatch.setattr(building.importlib.util, "find_spec", lambda name: None if name == "sphinx" else name)
    assert main(["site", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "--extra site" in told
    assert not (tmp_path / "out").exists()


def test_a_second_build_replaces_the_first_as_a_whole(ferry):
    (ferry.out / "old.html").write_text("gone with the next build")
    with pytest.MonkeyPatch.context() as patch:
        # What Sphinx writes is tried above.
        patch.setattr(reading, "build", lambda out, *_args, **_more: (out / "index.html").write_text("new"))
        kept = ferry.out.parent / "again"
        for name in (building.MARK, "old.html"):
            kept.mkdir(exist_ok=True)
            (kept / name).write_text("")
        # Where the disk is full the old site stays.
        with patch.context() as full, pytest.raises(OSError, match="No space left"):
            full.setattr(building.shutil, "move", fails_with(errno.ENOSPC))
            list(building.build(kept, None))
        assert (kept / "old.html").exists() and not list(kept.parent.glob(".afteach-site-*"))
        with patch.context() as inside, pytest.raises(AfteachError, match="You stand in"):
            inside.chdir(kept)
            list(building.build(Path(), None))
        list(building.build(kept, None))
    assert sorted(path.name for path in kept.iterdir()) == [building.MARK, ".nojekyll", "index.html"]
    assert not list(kept.parent.glob(".afteach-site-*"))


def fails_with(number):
    def fail(*_args, **_more):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_place_that_cannot_be_written_to_is_said_before_anything_is_built(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(building.tempfile, "TemporaryDirectory", fails_with(errno.EROFS))
    assert main(["site", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "Nothing can be written into" in told and "--out DIR" in told


def test_in_a_browser_a_chart_goes_to_the_page_as_parsed_json(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "js", types.SimpleNamespace(JSON=types.SimpleNamespace(parse=lambda text: text)))
    data, _ = drawn.render({"mark": "bar", "encoding": {"x": {"axis": None}}})
    assert '"axis": null' in data[drawn.VEGA_LITE]


def test_in_a_browser_other_words_are_said(monkeypatch):
    words.in_use.cache_clear()
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "in this browser" in words.say("card.saved")
    monkeypatch.undo()
    words.in_use.cache_clear()
    assert "browser" not in words.say("card.saved")
    there = words.english()
    for key, text in there.items():
        if key.startswith(words.IN_BROWSER):
            before = there[key.removeprefix(words.IN_BROWSER)]
            assert type(before) is type(text)
            assert set(words.FILLED.findall(str(text))) <= set(words.FILLED.findall(str(before)))


def test_what_is_handed_in_there_can_be_downloaded_whatever_the_name_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    file = tmp_path / 'answers-a"b<c.jsonl'
    file.write_bytes("{}\nگل".encode())
    page = Download("answers <b> is written.", file)._repr_html_()
    assert "data:application/jsonl;base64,e30K" in page and "<b>" not in page and "b<c" not in page
    assert str(Download("said", file)) == "said"


@pytest.mark.parametrize(
    ("address", "near"),
    [("127.0.0.1", True), ("192.168.1.7", True), ("10.0.0.9", True), ("fe80::1%eth0", True), ("::ffff:192.168.1.7", True),
     ("8.8.8.8", False), ("::ffff:8.8.8.8", False), ("2001:4860:4860::8888", False)],
)  # fmt: skip
def test_a_room_is_served_and_nobody_outside_it(address, near):
    assert serving.is_near(address) is near


def test_a_served_site_gives_its_pages_and_lists_no_folder(ferry):
    with serving.open_server(ferry.out, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            base = f"http://127.0.0.1:{server.server_port}"
            assert b"<html" in urllib.request.urlopen(f"{base}/", timeout=10).read()
            module = urllib.request.urlopen(f"{base}/lite/static/pyodide/pyodide.mjs", timeout=10)
            assert module.headers["Content-Type"] == "text/javascript"
            asked = urllib.request.Request(f"{base}/lite/service-worker.js", headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(asked, timeout=10) as packed:
                whole = (ferry.out / "lite" / "service-worker.js").read_bytes()
                assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.read()) == whole
                asked.add_header("If-Modified-Since", packed.headers["Last-Modified"])
            with pytest.raises(urllib.error.HTTPError) as told:
                urllib.request.urlopen(asked, timeout=10)
            assert told.value.code == 304
            for path in ("/_static/", "/../pyproject.toml", "/%2e%2e/pyodide/pyodide.mjs"):
                with pytest.raises(urllib.error.HTTPError) as told:
                    urllib.request.urlopen(base + path, timeout=10)
                assert told.value.code == 404
        finally:
            server.shutdown()


def test_what_no_file_can_be_called_and_a_link_out_of_the_site_are_no_pages(tmp_path, capsys):
    site = tmp_path / "site"
    site.mkdir()
    (site / building.MARK).write_text("")
    (site / "large.bin").write_bytes(bytes(20_000_000))
    (tmp_path / "secret.js").write_text("secret")
    if os.name != "nt":
        (site / "link.js").symlink_to(tmp_path / "secret.js")
    with serving.open_server(site, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            for path in ("/%00", "/x%00.js", "/link.js"):
                with pytest.raises(urllib.error.HTTPError) as told:
                    urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}{path}", timeout=10)
                assert told.value.code == 404
            # A laptop that is shut in the middle of a page is nothing that a teacher need read of.
            with socket.create_connection(server.server_address[:2]) as asking:
                asking.sendall(b"GET /large.bin HTTP/1.0\r\n\r\n")
                asking.recv(10)
        finally:
            server.shutdown()
    assert serving.Handler.timeout and not capsys.readouterr().err
    try:
        raise ValueError("what\nnobody foresaw")
    except ValueError:
        server.handle_error(None, None)
    assert capsys.readouterr().err == "afteach: one request had no answer (ValueError: what nobody foresaw).\n"


def test_what_cannot_be_served_is_said_in_one_line(tmp_path, capsys):
    assert main(["serve", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "There is no site in" in told
    (tmp_path / building.MARK).write_text("")
    assert main(["serve", str(tmp_path), "--port", "70000"]) == 2
    assert "Port 70000" in capsys.readouterr().err
