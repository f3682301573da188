"""QR codes: as a matrix to draw, as SVG and as PNG."""

from __future__ import annotations

import io
from functools import lru_cache

import segno

#: The light margin around a code that readers need, in modules.
QUIET = 4


@lru_cache(maxsize=64)
def _code(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="m")


def matrix(link: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a link as rows of modules, True for dark ones, without the light margin.

    Raises:
        ValueError: when the link is too long for a code.
    """
    return tuple(tuple(bool(module) for module in row) for row in _code(link).matrix)


def svg(link: str, module: float = 1.0) -> str:
    """The code of a link as an SVG picture on white, light margin included: on a dark ground it could not be read.

    Args:
        link: the address.
        module: the side of a module, mm.

    Raises:
        ValueError: when the link is too long for a code.
    """
    out = io.BytesIO()
    _code(link).save(out, kind="svg", light="#fff", border=QUIET, scale=module, unit="mm", xmldecl=False, nl=False)
    return out.getvalue().decode()


def png(link: str, module: int = 10) -> bytes:
    """The code of a link as a PNG picture, light margin included.

    Args:
        link: the address.
        module: the side of a module, pixels.

    Raises:
        ValueError: when the link is too long for a code.
    """
    out = io.BytesIO()
    _code(link).save(out, kind="png", border=QUIET, scale=module)
    return out.getvalue()
