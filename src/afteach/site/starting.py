"""Run another program's module as `python -m` does, without the seconds that a grammar takes which it never uses."""

from __future__ import annotations

import importlib
import runpy
import sys

from afteach.charts import iri

COMMAND = [sys.executable, "-m", "afteach.site.starting"]


def main() -> None:
    """Run the module that the first argument names, with the rest as its own."""
    with iri.postponed():
        importlib.import_module("jsonschema")
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
