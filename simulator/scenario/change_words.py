"""Changes as people write them, for ``--fork``, ``[[intervention]]`` and menus: read and written.

    reply 450 4.2.0 Busy             what was said last is answered so (a line break is \\n)
    say 250 2.1.5 Ok                 the next reply on that connection, whatever it answers
    refuse [mx1.kantor.example]      the next connection, to that host or to any, is refused
    drop                             the wire breaks
    down [HOST] / up [HOST]          a host is cut off, or back
    dns [NAME TYPE] SERVFAIL         a question is answered so from now on: an rcode, TIMEOUT,
    dns [NAME TYPE] 10 mx2.x | …     NODATA, or the data of records
    policy greylist 5 min [at D]     greylist, quota, tls, size, recipients
    wait 2 h [at HOST]               the line of a host stands still for so long
    route HOST [for DOMAIN]          mail goes there next

What is left out is what the event is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, assert_never, cast

from simulator.scenario.changes import (
    MOST_MICROSECONDS,
    AnswerInstead,
    Change,
    Down,
    Drop,
    PolicyName,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Up,
    Wait,
)
from simulator.scenario.errors import Place, nearest
from simulator.scenario.section import duration_text, microseconds

RECORD_TYPES: Final = ("MX", "A", "AAAA", "TXT", "CNAME", "PTR")
RCODES: Final = ("SERVFAIL", "NXDOMAIN", "REFUSED", "FORMERR", "NOTIMP", "NODATA", "TIMEOUT")

EXAMPLES: Final[Mapping[str, str]] = {
    "reply": "reply 450 4.2.0 Busy",
    "say": "say 250 2.1.5 Ok",
    "refuse": "refuse mx1.kantor.example",
    "drop": "drop",
    "down": "down mx1.kantor.example",
    "up": "up mx1.kantor.example",
    "dns": "dns kantor.example MX 10 mx2.kantor.example",
    "policy": "policy greylist 5 min at kantor.example",
    "wait": "wait 2 h",
    "route": "route mx2.kantor.example for kantor.example",
}
"""Every verb, and how it is used."""

_HOST: Final = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
REPLY_CODE: Final = "[0-9]{3}"
"""Any three digits: what a client makes of a code that there is not can be seen, too."""
_REPLY: Final = re.compile(rf"(?:{REPLY_CODE}(?:[ -].*)?|(?:\+OK|-ERR|\+|OK|NO|BAD|\*)(?: .*)?)")
_LONGEST_REPLY, _LONGEST_DATA, _MOST_RECORDS = 4_000, 500, 20
_FULL = 1
"""Octets of a mailbox that is full whatever comes."""
_LARGEST = 1_000_000_000


def read_change(text: str, place: Place) -> Change:
    """The change that a text means. Raises ScenarioError, with an example, where it means none."""
    verb, _, rest = text.strip().partition(" ")
    known = verb.lower()
    reader = _READERS.get(known)
    if reader is None:
        guess = nearest(verb, _READERS)
        if guess is not None:
            raise place.mistake("scenario.change-misspelt", found=verb, nearest=EXAMPLES[guess])
        raise place.mistake("scenario.change-unknown", found=verb, known=", ".join(_READERS))
    change = reader(rest.strip())
    if change is None:
        raise place.mistake("scenario.change-form", found=text.strip(), example=EXAMPLES[known])
    return change


def write_change(change: Change) -> str:  # noqa: PLR0911 - a case a kind
    """The text that ``read_change`` reads as this change."""
    match change:
        case SayInstead(text=text, next=following):
            escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
            return f"{'say' if following else 'reply'} {escaped}"
        case Refuse(server=host):
            return f"refuse {host}".strip()
        case Drop():
            return "drop"
        case Down(host=host):
            return f"down {host}".strip()
        case Up(host=host):
            return f"up {host}".strip()
        case AnswerInstead():
            said = " | ".join(change.records) or change.rcode.replace("NOERROR", "NODATA")
            return " ".join(filter(None, ("dns", change.name, change.type, said)))
        case SetPolicy():
            where = f" at {change.domain}" if change.domain else ""
            return f"policy {change.policy} {_policy_value(change)}{where}"
        case Wait(duration=time, host=host):
            return f"wait {duration_text(time)}" + (f" at {host}" if host else "")
        case SendVia(host=host, domain=domain):
            return f"route {host}" + (f" for {domain}" if domain else "")
        case _:
            assert_never(change)


def _policy_value(change: SetPolicy) -> str:
    if change.policy == "tls":
        return "on" if change.value else "off"
    if change.policy == "greylist":
        return duration_text(change.value) if change.value else "off"
    if change.policy == "quota" and change.value <= _FULL:
        return "full" if change.value else "off"
    return str(change.value)


# Reading each ----------------------------------------------------------------------------------


def _reply(rest: str, *, following: bool) -> SayInstead | None:
    text = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], rest)
    lines = text.split("\n")
    sound = len(text) <= _LONGEST_REPLY and all(line.isprintable() for line in lines)
    if not sound or not _REPLY.fullmatch(lines[0]):
        return None
    return SayInstead(text=text, next=following)


def _host(rest: str) -> str | None:
    """One host name in lower case, or nothing; None for what is neither."""
    return rest.lower() if not rest or re.fullmatch(_HOST, rest.lower()) else None


def _refuse(rest: str) -> Refuse | None:
    host = _host(rest)
    return None if host is None else Refuse(server=host)


def _drop(rest: str) -> Drop | None:
    return None if rest else Drop()


def _down(rest: str) -> Down | None:
    host = _host(rest)
    return None if host is None else Down(host=host)


def _up(rest: str) -> Up | None:
    host = _host(rest)
    return None if host is None else Up(host=host)


def _dns(rest: str) -> AnswerInstead | None:
    words = rest.split(" ")
    name = rdtype = ""
    if len(words) > 2 and words[1].upper() in RECORD_TYPES:
        name, rdtype, rest = words[0].lower(), words[1].upper(), " ".join(words[2:])
        if not re.fullmatch(r"[\w.-]{1,253}", name, re.ASCII):
            return None
    if rest.upper() in RCODES:
        rcode = rest.upper().replace("NODATA", "NOERROR")
        return AnswerInstead(name=name, type=rdtype, rcode=rcode)
    records = tuple(record.strip() for record in rest.split(" | "))
    if len(records) > _MOST_RECORDS or not all(map(_is_data, records)):
        return None
    return AnswerInstead(name=name, type=rdtype, records=records)


def _is_data(text: str) -> bool:
    """Whether a text may be a record's data; what it means is for the DNS to say."""
    return 0 < len(text) <= _LONGEST_DATA and text.isascii() and text.isprintable()


def _policy(rest: str) -> SetPolicy | None:
    found = re.fullmatch(rf"(\w+) +(.+?)(?: +at +({_HOST}))?", rest.lower())
    value = _policy_number(found[1], found[2]) if found else None
    if found is None or value is None:
        return None
    return SetPolicy(policy=cast("PolicyName", found[1]), value=value, domain=found[3] or "")


def _policy_number(policy: str, text: str) -> int | None:
    """What a policy is set to, as a number; None where it is no policy or no value of it."""
    words = {
        "tls": {"on": 1, "off": 0},
        "greylist": {"off": 0},
        "quota": {"off": 0, "full": _FULL},
    }
    if text in words.get(policy, {}):
        return words[policy][text]
    if policy == "greylist":
        time = microseconds(text)
        return time if time is not None and time <= MOST_MICROSECONDS else None
    if policy in {"quota", "size", "recipients"} and re.fullmatch(r"[0-9]{1,10}", text):
        return int(text) if 1 <= int(text) <= _LARGEST else None
    return None


def _wait(rest: str) -> Wait | None:
    found = re.fullmatch(rf"(.+?)(?: +at +({_HOST}))?", rest.lower())
    time = microseconds(found[1]) if found else None
    if found is None or not time or time > MOST_MICROSECONDS:
        return None
    return Wait(duration=time, host=found[2] or "")


def _route(rest: str) -> SendVia | None:
    found = re.fullmatch(rf"({_HOST})(?: +for +({_HOST}))?", rest.lower())
    return SendVia(host=found[1], domain=found[2] or "") if found else None


_READERS: Mapping[str, Callable[[str], Change | None]] = {
    "reply": lambda rest: _reply(rest, following=False),
    "say": lambda rest: _reply(rest, following=True),
    "refuse": _refuse,
    "drop": _drop,
    "down": _down,
    "up": _up,
    "dns": _dns,
    "policy": _policy,
    "wait": _wait,
    "route": _route,
}
