"""A chart as a small picture, for pages that run no script. Only `afteach execute` asks for one."""

from __future__ import annotations

import json
import struct
import zlib

from afteach.errors import AfteachError

COLOURS = 64
LARGEST = 60_000  # bytes; a notebook with larger pictures gets slow to open and to compare
START = b"\x89PNG\r\n\x1a\n"


def png(spec: dict) -> bytes:
    """The chart as PNG; AfteachError where the drawing package is missing."""
    try:
        import vl_convert
    except ImportError:
        raise AfteachError(
            "AFTEACH_PNG asks for pictures of charts, and vl-convert is not installed. "
            "Run: python -m pip install vl-convert-python"
        ) from None
    # The oldest of version 5, nearest to what JupyterLab draws with.
    oldest = next(version for version in vl_convert.get_vegalite_versions() if version.startswith("5."))
    return with_palette(vl_convert.vegalite_to_png(json.dumps(spec), vl_version=oldest, scale=1, ppi=72))


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    across, down = struct.unpack(">II", picture[16:24])
    return across, down


def with_palette(picture: bytes) -> bytes:
    """The same picture with at most 64 colours, a tenth of the size; unchanged where it is packed in another way.

    A chart has a handful of colours and the edges of its letters; nobody sees the difference.
    """
    import numpy as np

    head, packed = _parts(picture)
    across, down, depth, colours = struct.unpack(">IIBB", head[:10])
    lines = np.frombuffer(zlib.decompress(packed), np.uint8)
    if (depth, colours) != (8, 6) or not (lines.reshape(down, -1)[:, 0] == 1).all():
        return picture
    # Every line is stored as differences from the pixel on the left.
    steps = lines.reshape(down, -1)[:, 1:].reshape(down, across, 4)
    exact = np.cumsum(steps, axis=1, dtype=np.uint8)[..., :3].astype(np.uint32)
    code = exact[..., 0] << 16 | exact[..., 1] << 8 | exact[..., 2]
    found, where, times = np.unique(code, return_inverse=True, return_counts=True)
    # The most frequent colours stay as they are, the page and the marks among them; each other takes the nearest.
    kept = np.sort(np.argsort(-times, kind="stable")[:COLOURS])
    parts = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.int32)
    nearest = ((parts[:, None, :] - parts[kept][None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    palette = b"".join(struct.pack(">I", int(found[place]))[1:] for place in kept)
    rows = nearest[where].reshape(down, across).astype(np.uint8)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    head = struct.pack(">IIBBBBB", across, down, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", body), (b"IEND", b""))
    return START + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _parts(picture: bytes) -> tuple[bytes, bytes]:
    head, packed, place = b"", b"", len(START)
    while place < len(picture):
        length, kind = struct.unpack(">I4s", picture[place : place + 8])
        data = picture[place + 8 : place + 8 + length]
        head = data if kind == b"IHDR" else head
        packed += data if kind == b"IDAT" else b""
        place += 12 + length
    return head, packed
