"""How the screen looks on this terminal: which palette, and with which signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.tui.palette import DARK, PALETTES, SIXTEEN

PREFIX = "smtpflow-"


@dataclass(frozen=True, slots=True)
class Looks:
    """``theme`` is a palette's name; ``is_ascii`` that nothing but ASCII is drawn."""

    theme: str = DARK.name
    is_ascii: bool = False


def looks_of(
    *,
    theme: str | None,
    is_ascii: bool,
    environ: Mapping[str, str],
    encoding: str | None,
    color_system: str | None,
) -> Looks:
    """What was asked for, by option or by SMTPFLOW_THEME and SMTPFLOW_ASCII; else what fits.

    ``encoding`` is the terminal's; ``color_system`` as Rich names it. A theme that there is not is
    passed over: a wrong wish does not keep the program from starting.
    """
    wished = PREFIX + (theme or environ.get("SMTPFLOW_THEME", ""))
    fitting = SIXTEEN.name if color_system == "standard" else DARK.name
    speaks_unicode = encoding is None or encoding.lower().replace("-", "").startswith("utf")
    return Looks(
        theme=wished if wished in PALETTES else fitting,
        is_ascii=is_ascii or bool(environ.get("SMTPFLOW_ASCII")) or not speaks_unicode,
    )
