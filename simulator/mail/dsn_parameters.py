"""What came with MAIL and RCPT about reports: read, written, and passed on (RFC 3461)."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from simulator.mail.reply import Ruled

Parameters: TypeAlias = tuple[str, ...]
"""``KEYWORD=value``, as they stood on the command line."""
Wish: TypeAlias = Literal["SUCCESS", "FAILURE", "DELAY"]
"""What a sender may want to be told of (section 4.1)."""

_TO_ENCODE = re.compile(r"[^!-~]|[+=]")
_ENCODED = re.compile(r"\+([0-9A-F]{2})")

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})"
_LONGEST_ENVELOPE_ID, _LONGEST_RECIPIENT = 100, 500
_FORMS = {
    "RET": re.compile(r"FULL|HDRS", re.IGNORECASE),
    "ENVID": re.compile(f"(?=.{{1,{_LONGEST_ENVELOPE_ID}}}$){_XTEXT}+"),
    "NOTIFY": re.compile(
        r"NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*", re.IGNORECASE
    ),
    # An address of the type utf-8 may stand there as it is (RFC 6533 section 3).
    "ORCPT": re.compile(
        f"(?=.{{1,{_LONGEST_RECIPIENT}}}$)(?:utf-8;[^\\s=]+|[A-Za-z0-9-]+;{_XTEXT}+)", re.IGNORECASE
    ),
}
"""How the value of each parameter looks (RFC 3461 section 4)."""

OF_MAIL = frozenset({"RET", "ENVID"})
"""Parameters of MAIL (RFC 3461 section 4.3 and 4.4)."""
OF_RECIPIENT = frozenset({"NOTIFY", "ORCPT"})
"""Parameters of RCPT (RFC 3461 section 4.1 and 4.2)."""


def value_of(name: str, parameters: Parameters) -> str:
    """The value of a parameter, or "" where it was not given."""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.upper() == name:
            return value
    return ""


def given_as(name: str, parameters: Parameters) -> str:
    """A parameter as it was given, or "" where it was not."""
    value = value_of(name, parameters)
    return f"{name}={value}" if value else ""


def wants(wish: Wish, parameters: Parameters) -> bool:
    """Whether the sender wants to hear of this; who asks for nothing hears of all but success."""
    notify = value_of("NOTIFY", parameters)
    return wish in notify.upper().split(",") if notify else wish != "SUCCESS"


def original_recipient(address: str) -> str:
    """The ORCPT parameter that keeps an address as it was written (section 4.2)."""
    if not address.isascii():
        return f"ORCPT=utf-8;{address}"  # within SMTPUTF8, as it is (RFC 6533 section 3)
    return f"ORCPT=rfc822;{_TO_ENCODE.sub(_hexadecimal, address)}"


def decoded(xtext: str) -> str:
    """What an xtext stands for (section 4)."""
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), xtext)


def _hexadecimal(found: re.Match[str]) -> str:
    return "".join(f"+{octet:02X}" for octet in found[0].encode())


def bad_parameter(parameters: Parameters) -> Ruled | None:
    """The refusal of a parameter that is given twice, or that says nothing it can say."""
    names = [parameter.partition("=")[0].upper() for parameter in parameters]
    for name, parameter in zip(names, parameters, strict=True):
        if names.count(name) > 1 or not _FORMS[name].fullmatch(parameter.partition("=")[2]):
            return Ruled(f"501 5.5.4 Error: Bad {name} parameter syntax", "syntax.bad")
    return None
