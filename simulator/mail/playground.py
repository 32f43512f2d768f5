"""Addresses that ask for trouble: what goes wrong is written in the local part.

After mox's localserve: the end of the local part says what (``temperror``, ``permerror``, a code
such as ``450``, ``timeout``), and its beginning at which command (``mailfrom``, ``rcptto``); with
neither it is at the end of the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.mail.site import Struck
from simulator.scenario.changes import SayInstead, Silence

_WISH = re.compile(
    r"(?P<stage>mailfrom|rcptto)?.*?(?P<what>temperror|permerror|timeout|[45]\d\d)", re.IGNORECASE
)
_CODES = {"temperror": "451", "permerror": "550"}
_STAGES = {"mailfrom": "MAIL", "rcptto": "RCPT", "": "."}


def addresses_at(on: str, argument: str, forward_paths: Iterable[str]) -> tuple[str, ...]:
    """The addresses that a moment of a session is about."""
    if on == ".":
        return tuple(forward_paths)
    return tuple(re.findall(r"<([^<>]*)>", argument)[:1]) if on in {"MAIL", "RCPT"} else ()


def wish_of(on: str, addresses: Iterable[str]) -> Struck | None:
    """What the first of the addresses that wishes for trouble at this moment wishes for.

    ``on`` is ``MAIL``, ``RCPT`` or ``.``, as a change has it.
    """
    for address in addresses:
        wish = _WISH.fullmatch(address.rpartition("@")[0])
        if wish is not None and _STAGES[(wish["stage"] or "").lower()] == on:
            return _struck(on, wish["what"].lower())
    return None


def _struck(on: str, what: str) -> Struck:
    if what == "timeout":
        return Struck(Silence(), on)
    code = _CODES.get(what, what)
    return Struck(SayInstead(text=f"{code} {code[0]}.0.0 As the address asked for"), on)
