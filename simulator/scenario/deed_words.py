"""Deeds as people write them: one verb each, read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, assert_never, cast

from simulator.scenario.changes import (
    MOST_MICROSECONDS,
    AnswerInstead,
    Deed,
    Delay,
    Down,
    Drop,
    PolicyName,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Silence,
    Up,
    Wait,
    verb_of,
)
from simulator.scenario.section import duration_text, microseconds

RECORD_TYPES: Final = ("MX", "A", "AAAA", "TXT", "CNAME", "PTR")
RCODES: Final = ("SERVFAIL", "NXDOMAIN", "REFUSED", "FORMERR", "NOTIMP", "NODATA")

VERBS: Final[Mapping[str, str]] = {
    "reply": "reply 450 4.2.0 Busy",
    "answer": "answer 10 mx2.kantor.example",
    "refuse": "refuse",
    "drop": "drop",
    "silence": "silence",
    "delay": "delay 30 s",
    "down": "down",
    "up": "up",
    "policy": "policy greylist 5 min",
    "wait": "wait 2 h",
    "route": "route mx2.kantor.example",
}
"""Every verb, and how it is used."""

HOST: Final = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_LONGEST_REPLY, _LONGEST_DATA, _MOST_RECORDS = 4_000, 500, 20
_FULL = 1
"""Octets of a mailbox that is full whatever comes."""
_LARGEST = 1_000_000_000


def read_deed(verb: str, rest: str) -> Deed | None:
    """The deed that a known verb and what follows it mean; None where they mean none."""
    return _READERS[verb](rest)


def write_deed(deed: Deed) -> str:
    """The text that is read as this deed."""
    said = _written(deed)
    return f"{verb_of(deed)} {said}" if said else verb_of(deed)


def _written(deed: Deed) -> str:
    match deed:
        case SayInstead(text=text):
            return text.replace("\\", "\\\\").replace("\n", "\\n")
        case AnswerInstead(rcode=rcode, records=records):
            return " | ".join(records) or rcode.replace("NOERROR", "NODATA")
        case Refuse() | Drop() | Silence() | Down() | Up():
            return ""
        case Delay(duration=time) | Wait(duration=time):
            return duration_text(time)
        case SetPolicy(policy=policy):
            return f"{policy} {_policy_value(deed)}"
        case SendVia(host=host):
            return host
        case _:
            assert_never(deed)


def _policy_value(deed: SetPolicy) -> str:
    if deed.policy == "tls":
        return "on" if deed.value else "off"
    if deed.policy == "greylist":
        return duration_text(deed.value) if deed.value else "off"
    if deed.policy == "quota" and deed.value <= _FULL:
        return "full" if deed.value else "off"
    return str(deed.value)


def _reply(rest: str) -> SayInstead | None:
    text = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], rest)
    lines = text.split("\n")
    sound = text and len(text) <= _LONGEST_REPLY and all(line.isprintable() for line in lines)
    return SayInstead(text=text) if sound else None


def _answer(rest: str) -> AnswerInstead | None:
    if rest.upper() in RCODES:
        return AnswerInstead(rcode=rest.upper().replace("NODATA", "NOERROR"))
    records = tuple(record.strip() for record in rest.split(" | "))
    if len(records) > _MOST_RECORDS or not all(map(_is_data, records)):
        return None
    return AnswerInstead(records=records)


def _is_data(text: str) -> bool:
    """Whether a text may be a record's data; what it means is for the DNS to say."""
    return 0 < len(text) <= _LONGEST_DATA and text.isascii() and text.isprintable()


def _time(rest: str) -> int | None:
    time = microseconds(rest.lower())
    return time if time and time <= MOST_MICROSECONDS else None


def _delay(rest: str) -> Delay | None:
    time = _time(rest)
    return None if time is None else Delay(duration=time)


def _wait(rest: str) -> Wait | None:
    time = _time(rest)
    return None if time is None else Wait(duration=time)


def _policy(rest: str) -> SetPolicy | None:
    name, _, text = rest.lower().partition(" ")
    value = _policy_number(name, text.strip())
    return None if value is None else SetPolicy(policy=cast("PolicyName", name), value=value)


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
        return _time(text)
    if policy in {"quota", "size", "recipients"} and re.fullmatch(r"[0-9]{1,10}", text):
        return int(text) if 1 <= int(text) <= _LARGEST else None
    return None


def _route(rest: str) -> SendVia | None:
    return SendVia(host=rest.lower()) if re.fullmatch(HOST, rest.lower()) else None


def _alone(deed: Deed) -> Callable[[str], Deed | None]:
    """A verb that nothing follows."""
    return lambda rest: None if rest else deed


_READERS: Final[Mapping[str, Callable[[str], Deed | None]]] = {
    "reply": _reply,
    "answer": _answer,
    "refuse": _alone(Refuse()),
    "drop": _alone(Drop()),
    "silence": _alone(Silence()),
    "delay": _delay,
    "down": _alone(Down()),
    "up": _alone(Up()),
    "policy": _policy,
    "wait": _wait,
    "route": _route,
}
