"""A chart as a small picture, for pages that run no script. Only `afteach execute` asks for one."""

from __future__ import annotations

import io
import json

from afteach.errors import AfteachError

COLOURS = 64
LARGEST = 60_000  # bytes; a notebook with larger pictures gets slow to open and to compare


def png(spec: dict) -> bytes:
    """The chart as PNG; AfteachError where the drawing package is missing."""
    try:
        import PIL  # noqa: F401
        import vl_convert
    except ImportError as fault:
        raise AfteachError(
            f"Charts are stored as pictures, which needs {fault.name}, and it is not installed. Write --extra author after "
            'uv run (or run: python -m pip install "afteach[author]")'
        ) from None
    # The oldest of version 5, nearest to what JupyterLab draws with.
    oldest = next(version for version in vl_convert.get_vegalite_versions() if version.startswith("5."))
    # Text takes the ink of the page, which is dark here: it needs a light ground, whatever it lies on.
    drawn = json.dumps({**spec, "background": "white"})
    return with_palette(vl_convert.vegalite_to_png(drawn, vl_version=oldest, scale=1, ppi=72))


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    from PIL import Image

    return Image.open(io.BytesIO(picture)).size


def with_palette(picture: bytes) -> bytes:
    """The same picture with at most 64 colours, a tenth of the size.

    A chart has a handful of colours and the edges of its letters; nobody sees the difference.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    # The most frequent colours stay as they are, the page and the marks among them; each other takes the nearest.
    found = sorted(image.getcolors(image.width * image.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in found for part in colour])
    small = io.BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()
