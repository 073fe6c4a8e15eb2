"""Read TOML: tomli is the standard library's tomllib, compiled, and the first card waits for three such files."""

from __future__ import annotations

try:
    from tomli import TOMLDecodeError as TOMLDecodeError
    from tomli import loads as loads
except ModuleNotFoundError:  # in a browser there is nothing compiled to be had
    from tomllib import TOMLDecodeError as TOMLDecodeError  # type: ignore[assignment]
    from tomllib import loads as loads
