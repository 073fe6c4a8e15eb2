"""What a Jupyter server gives a page beside the notebook: the rows that ids in a text name, without a kernel.

A site without a server holds the same at the same addresses: afteach/rows.json and afteach/rows/ID.html.
"""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from afteach.answers import citing
from afteach.errors import AfteachError


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "afteach.card.serving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    base = server.web_app.settings["base_url"]
    rows = [(r"afteach/rows\.json", Ids), (r"afteach/rows/([^/]+)\.html", Row)]
    server.web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in rows])


class Ids(APIHandler):
    """The ids of all rows."""

    @web.authenticated
    def get(self) -> None:
        """Give the list; an empty one where the tables have a fault, which the notebook itself tells."""
        try:
            ids = citing.ids()
        except AfteachError:
            ids = []
        self.finish(json.dumps(ids))


class Row(APIHandler):
    """One row as a source card."""

    @web.authenticated
    def get(self, row_id: str) -> None:
        """Give the card; 404 for an id that names no row."""
        try:
            page = citing.card(row_id)
        except AfteachError as fault:
            raise web.HTTPError(404, str(fault)) from None
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)
