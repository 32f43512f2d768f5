"""What can be put into the words about an event: its facts as short texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.lessons.language import Catalogue
from simulator.lessons.phrases import Cast, duration, listed
from simulator.lessons.rules import JUDGED
from simulator.lessons.topics import data_of
from simulator.scenario.section import microseconds
from simulator.scenario.virtual_time import SECOND
from simulator.trace.addressee import peer_of
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fetched,
    Intervened,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_of

_BRACKETED = re.compile(r"<([^>]*)>")
_FOLDER = re.compile(r'\S+ +\S+ +(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_REPLY_CODE = re.compile(r"(?:\d{3}[ -]?|\+OK ?|-ERR ?|\+ ?)(.*)", re.DOTALL)
_REVERSED_IPV4 = re.compile(r"(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?", re.IGNORECASE)
_LONGEST_NUMBER = 12
_FEW = 10
"""Seconds of a period below which a fraction would be said, which no period has."""
_UNKNOWN = "?"
"""Stands where a recording from elsewhere lacks an input of a decision."""


def fields_of(event: Event, cast: Cast, words: Catalogue) -> dict[str, str]:
    """Every field that the words about this event may use; ``who`` acts, ``peer`` is spoken to."""
    peer = peer_of(event.fact)
    names = {"who": cast.host(event.host), "person": cast.person(event.host)}
    if peer is not None:
        names["peer"] = cast.host(peer)
    return names | _own_fields(event, words)


def _own_fields(event: Event, words: Catalogue) -> dict[str, str]:  # noqa: C901, PLR0911, PLR0912
    match event.fact:
        case Composed() as fact:
            return {"recipients": listed(words, fact.recipients), "subject": fact.subject}
        case Connected() | Refused() as fact:
            return {"port": str(fact.port), "address": fact.address}
        case Closed():
            return {}
        case Command(line=line):
            return {"line": line, "path": path_of(line), "folder": folder_of(line)}
        case Reply() as fact:
            return {"code": str(fact.code), "said": said_by(fact)}
        case Content() as fact:
            return {"octets": words.number(len(octets_of(fact)))}
        case Tls() as fact:
            return {"version": fact.version, "name": fact.name, "reason": fact.reason.rstrip(".")}
        case Query() | Answer() as fact:
            return _dns_fields(fact, words)
        case Judged() as fact:
            return _judged_fields(fact, words)
        case Stamped(headers=headers):
            return {"names": listed(words, tuple(dict.fromkeys(name for name, _ in headers)))}
        case Queued() | Bounced() as fact:
            return {"queue_id": fact.queue_id, "recipients": listed(words, fact.recipients)}
        case Retried() as fact:
            return {
                "recipients": listed(words, fact.recipients),
                "reason": fact.reason,
                "wait": duration(words, max(0, (fact.next_attempt or event.at) - event.at)),
            }
        case Removed(queue_id=queue_id):
            return {"queue_id": queue_id}
        case Stored(mailbox=mailbox, folder=folder):
            return {"mailbox": mailbox, "folder": folder}
        case Fetched(mailbox=mailbox):
            return {"mailbox": mailbox}
        case Intervened() as fact:
            time = microseconds(fact.text)
            text = fact.text if time is None else duration(words, time)
            return {"target": fact.target, "text": text}
        case Read() as fact:
            return {"subject": fact.subject, "files": listed(words, fact.attachments)}


def _dns_fields(fact: Query | Answer, words: Catalogue) -> dict[str, str]:
    values = {"name": _undotted(fact.name), "type": fact.type, "address": _address_of(fact.name)}
    if isinstance(fact, Answer):
        values["records"] = listed(words, [_undotted(data_of(line)) for line in fact.records])
        values["rcode"] = fact.rcode
        values["zone"] = _undotted(_owner_of(fact.authority[0])) if fact.authority else ""
    return values


def _judged_fields(fact: Judged, words: Catalogue) -> dict[str, str]:
    values = {"rule": fact.rule, "verdict": fact.verdict}
    known = JUDGED.get(fact.rule)
    for name in known.inputs if known is not None else ():
        values[name] = fact.inputs.get(name, _UNKNOWN)
    if fact.rule == "queue.schedule":
        values["wait"] = _span(fact.verdict, words)
    if fact.rule == "submission.kept":
        values["said"] = found(fact.inputs, words)
    if fact.rule == "sending.limit":
        values["allowed"] = allowed(values, words)
    if fact.rule == "greylist":
        values["waited"] = _ago(values["waited"], words)
    return values


def found(values: Mapping[str, str], words: Catalogue) -> str:
    """What a mail client found out by itself, as it tells its user.

    ``values`` are the inputs of the rule ``submission.kept``.
    """
    key = f"submission.finding.{values.get('finding', '')}"
    return words.say(key, **values) if key in words else values.get("finding", _UNKNOWN)


def allowed(values: Mapping[str, str], words: Catalogue) -> str:
    """A sending limit as people say it: ``500 messages in 1 day``.

    ``values`` are the inputs of the rule ``sending.limit``.
    """
    count, unit, within = values["limit"], f"limit.unit.{values['unit']}", values["window"]
    known = f"{unit}.other" in words and f"limit.window.{within}" in words
    if not known or not _is_number(count):
        return count
    counted = words.say_count(unit, int(count))
    period = values["period"]
    few = _is_number(period) and int(period) < _FEW
    span = words.say_count("duration.second", int(period)) if few else _span(period, words)
    return f"{counted} {words.say(f'limit.window.{within}', span=span)}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER


def _span(seconds: str, words: Catalogue) -> str:
    """Seconds as people say them; what is no number of seconds is left as it is."""
    return duration(words, int(seconds) * SECOND) if _is_number(seconds) else seconds


def _ago(seconds: str, words: Catalogue) -> str:
    """How long ago something was, as people say it: ``just now``, ``5 minutes ago``."""
    return (
        words.say("ago.now")
        if seconds == "0"
        else words.say("ago.past", span=_span(seconds, words))
    )


def path_of(line: str) -> str:
    """What a command is about: the address in its brackets, or its argument."""
    found = _BRACKETED.search(line)
    return found.group(1) if found else line.partition(" ")[2]


def folder_of(line: str) -> str:
    """The folder that a command of IMAP names after its tag and its verb, without its quotes."""
    found = _FOLDER.match(line)
    return (found[1] or found[2] or "") if found else ""


def said_by(fact: Reply) -> str:
    """The text of a reply's first line, without its code."""
    first = fact.lines[0] if fact.lines else ""
    found = _REPLY_CODE.fullmatch(first)
    return found.group(1) if found else first


def _owner_of(record: str) -> str:
    """The name that a record in zone-file form belongs to."""
    return record.partition(" ")[0]


def _undotted(name: str) -> str:
    """A name as people write it, without the dot of the root at its end."""
    return name[:-1] if name.endswith(".") and name.strip("0 .") else name


def _address_of(name: str) -> str:
    """The address that a name under in-addr.arpa stands for (RFC 1035 section 3.5)."""
    found = _REVERSED_IPV4.fullmatch(name)
    return ".".join(reversed(found.groups())) if found else name
