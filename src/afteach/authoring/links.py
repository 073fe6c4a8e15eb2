"""A link for each notebook that opens it on Binder or on a JupyterHub."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlencode, urlsplit

from afteach.errors import AfteachError

BINDER = "https://mybinder.org"
FOLDER = "notebooks"


def links(repo: str, ref: str, notebooks: list[str], hub: str | None = None, format: str = "markdown") -> str:
    """One link a notebook, a line each.

    Arguments: repo, "owner/name" on GitHub; ref, a branch, tag or commit; notebooks, file names; hub, the address of a
    JupyterHub with nbgitpuller, or None for Binder; format, "markdown", "html" or "text".
    Errors: AfteachError for a repository, a ref or an address that is none.
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo, flags=re.ASCII):
        raise AfteachError(f"'{repo}' names no repository. Write OWNER/NAME, as in --repo someone/afteach.")
    if not ref.strip() or ref != ref.strip():
        raise AfteachError("The ref is empty or begins or ends with a space. Name a branch, a tag or a commit.")
    if hub is not None and (urlsplit(hub).scheme not in ("http", "https") or not urlsplit(hub).netloc):
        raise AfteachError(
            f"'{hub}' is no address of a hub. Write it with https://, as in --hub https://hub.example.org."
        )
    lines = [
        (name.removesuffix(".ipynb"), _hub(hub, repo, ref, name) if hub else _binder(repo, ref, name))
        for name in notebooks
    ]
    if format == "html":
        return "\n".join(f'<a href="{html.escape(url)}">{html.escape(name)}</a>' for name, url in lines)
    if format == "text":
        return "\n".join(url for _, url in lines)
    return "\n".join(f"- [{_plain(name)}]({url})" for name, url in lines)


def _binder(repo: str, ref: str, name: str) -> str:
    # Binder takes the ref as one part of the path and the rest as one value.
    where = quote(f"lab/tree/{FOLDER}/{quote(name)}", safe="")
    return f"{BINDER}/v2/gh/{repo}/{quote(ref, safe='')}?urlpath={where}"


def _hub(hub: str, repo: str, ref: str, name: str) -> str:
    folder = repo.partition("/")[2]
    asked = {
        "repo": f"https://github.com/{repo}",
        "branch": ref,
        "urlpath": f"lab/tree/{quote(f'{folder}/{FOLDER}/{name}')}",
    }
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked, quote_via=quote, safe='')}"


def _plain(text: str) -> str:
    return re.sub(r"([\\\[\]`*_])", r"\\\1", text)
