"""What goes wrong on purpose in a scenario: each ``[[fault]]``, read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from simulator.scenario.addresses import read_host_name
from simulator.scenario.change_words import REPLY_CODE
from simulator.scenario.declarations import tables
from simulator.scenario.defaults import with_given
from simulator.scenario.errors import Mistakes, ScenarioError, nearest
from simulator.scenario.keys import KEYS
from simulator.scenario.model import Fault, Host, Scenario
from simulator.scenario.section import LATEST, Section, Written, offered
from simulator.scenario.topology import hosts_of

Deed: TypeAlias = Literal["reply", "refuse", "drop", "silence", "delay", "down"]

_IN_PLACE_OF_A_REPLY: tuple[Deed, ...] = ("reply", "drop", "silence", "delay")
_WITHOUT_A_REPLY: tuple[Deed, ...] = ("drop", "silence", "delay")

_POP3_ALONE = ("CAPA", "USER", "PASS", "STAT", "UIDL", "RETR", "TOP", "DELE")
IMAP_ALONE = ("LOGIN", "SELECT", "SEARCH", "FETCH", "STORE", "EXPUNGE", "IDLE", "LOGOUT")
PICKING_UP = (*_POP3_ALONE, "LIST", *IMAP_ALONE)
"""Commands of POP3 and IMAP that SMTP has not."""

ALL_THE_TIME = "host"
"""The moment of a host that is down: it lasts from ``from`` until ``until``."""

DEEDS: dict[str, tuple[Deed, ...]] = {
    "connect": ("refuse", "silence", "delay"),
    "greeting": _IN_PLACE_OF_A_REPLY,
    **dict.fromkeys(
        ("EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT"),
        _IN_PLACE_OF_A_REPLY,
    ),
    **dict.fromkeys(("NOOP", "VRFY", "EXPN", "HELP"), _IN_PLACE_OF_A_REPLY),
    "content": _WITHOUT_A_REPLY,
    ".": _IN_PLACE_OF_A_REPLY,
    "accepted": _WITHOUT_A_REPLY,
    "dns": ("reply", "refuse", "drop", "silence", "delay"),
    **dict.fromkeys(PICKING_UP, _IN_PLACE_OF_A_REPLY),
    ALL_THE_TIME: ("down",),
}
"""The moments of a conversation, and what can go wrong at each."""

_ALL_DEEDS: tuple[Deed, ...] = ("reply", "refuse", "drop", "silence", "delay", "down")
_BELONGS_TO: dict[str, Deed] = {
    "text": "reply",
    "delay": "delay",
    "nth": "refuse",
    "times": "refuse",
}
"""Keys that mean something beside one deed alone."""

_WITH_ARGUMENT = frozenset(
    {"connect", "EHLO", "HELO", "LHLO", "AUTH", "MAIL", "RCPT", "VRFY", "EXPN", "HELP", "dns"}
    | {"RETR", "TOP", "DELE", "LIST", "SELECT", "SEARCH", "FETCH", "STORE"}
)
"""Moments with something that ``only`` can look at: a port, an argument, a name and its type."""

_ANSWERING_DNS = frozenset({"resolver", "nameserver"})
_SPEAKING_SMTP = frozenset({"sending_server", "relay", "receiving_server"})
_TAKING_OTHER_CALLS = frozenset({"mailbox_server", "policy_server"})
_NOT_IN_LMTP = frozenset({"EHLO", "HELO", "STARTTLS", "AUTH"})

_REPLY = re.compile(rf"{REPLY_CODE} [ -~]{{1,500}}")
"""One line of RFC 5321 section 4.2; section 4.5.3.1.5 allows it 512 octets."""

_POP3_REPLY = re.compile(r"(?:\+OK|-ERR)(?: [ -~]{1,500})?")
_IMAP_REPLY = re.compile(r"(?:OK|NO|BAD) [ -~]{1,500}")
"""Without its tag, which is the client's."""

_RCODES = ("SERVFAIL", "NXDOMAIN", "REFUSED", "FORMERR", "NOTIMP")
_MOST_FAULTS = 100
_MOST_TIMES = 1000


def read_faults(top: Section) -> tuple[Written[Fault], ...]:
    """Every ``[[fault]]`` of the file, with the place of its host; mistakes go to the list."""
    found: list[Written[Fault]] = []
    for path, values in tables(top, "fault"):
        section = Section("fault", values, path, top.document, top.mistakes)
        fault = _read_fault(section)
        if fault is not None:
            found.append(Written(fault, section.place("host")))
    return top.at_most(_MOST_FAULTS, "fault", tuple(found))


def check_faults(faults: Sequence[Written[Fault]], scenario: Scenario, mistakes: Mistakes) -> None:
    """Every fault is at a host that exists, and that its moment comes to."""
    hosts = hosts_of(scenario)
    names = {host.name for host in hosts}
    for fault in faults:
        concerned = [host.name for host in hosts if _meets(host, fault.value.on, scenario)]
        if fault.value.host not in concerned:
            mistakes.add(_misplaced(fault, names, concerned))


def _read_fault(section: Section) -> Fault | None:
    """One fault, or None where it has a mistake."""
    mistakes = len(section.mistakes.found)
    for key in ("host", "do") if _is_down(section) else ("host", "on", "do"):
        section.require(key)
    host, on = _host(section), section.choice("on", tuple(DEEDS))
    on = ALL_THE_TIME if on is None and _is_down(section) else on
    do = _deed(section, on)
    window = [section.duration(key, "0 s", LATEST) for key in ("from", "until")]
    nth = section.whole("nth", 1, _MOST_TIMES)
    fault = Fault(host=host, on=on or "", do=do or "drop", end=window[1])
    fault = with_given(
        fault,
        text=_text(section, on, do),
        delay=_delay(section, do),
        skip=None if nth is None else nth - 1,
        times=section.whole("times", 1, _MOST_TIMES),
        start=window[0],
        only=_only(section, on),
    )
    if do == "down":
        for key in ("nth", "times"):
            _is_idle(section, key, do)
    if fault.end is not None and fault.end <= fault.start:
        section.add("scenario.fault-window", "until")
    return fault if len(section.mistakes.found) == mistakes else None


def _is_down(section: Section) -> bool:
    """Whether it is the host that is down; it need not be said when: all the time."""
    return section.values.get("do") == "down" and section.lacks("on")


def _host(section: Section) -> str:
    text = section.text("host")
    if text is not None:
        with section.mistakes.noted():
            return read_host_name(Written(text, section.place("host")), "mx1.kantor.example")
    return ""


def _deed(section: Section, on: str | None) -> Deed | None:
    """What happens instead; a mistake where it cannot happen at that moment."""
    do = section.choice("do", _ALL_DEEDS)
    if on is None or do is None or do in DEEDS[on]:
        return do
    example = offered("do", None, DEEDS[on])
    section.add("scenario.fault-deed", "do", on=on, do=do, example=example)
    return None


def _text(section: Section, on: str | None, do: Deed | None) -> str | None:
    """What is said instead: a reply of SMTP, or an rcode of the DNS."""
    if do is None or on is None:
        return None
    if do != "reply":
        _is_idle(section, "text", do)
        return "REFUSED" if do == "refuse" and on == "dns" else None
    if section.lacks("text"):
        example = 'text = "SERVFAIL"' if on == "dns" else KEYS["fault"]["text"]
        section.add("scenario.missing-key", table="[[fault]]", key="text", example=example)
    if on == "dns":
        return section.choice("text", _RCODES)
    text = section.line("text")
    if text is not None and not any(form.fullmatch(text) for form in _forms(on)):
        rules = {"pop3": "scenario.fault-pop3-reply", "imap": "scenario.fault-imap-reply"}
        section.add(rules.get(_protocol(on), "scenario.fault-reply"), "text", found=text)
    return text


def _forms(on: str) -> tuple[re.Pattern[str], ...]:
    """How a reply at that moment may look."""
    forms = {"pop3": (_POP3_REPLY,), "imap": (_IMAP_REPLY,), "smtp": (_REPLY,)}
    return (_POP3_REPLY, _IMAP_REPLY) if on == "LIST" else forms[_protocol(on)]


def _protocol(on: str) -> str:
    if on in _POP3_ALONE or on == "LIST":
        return "pop3"
    return "imap" if on in IMAP_ALONE else "smtp"


def _delay(section: Section, do: Deed | None) -> int | None:
    """How long a delay is."""
    if do == "delay":
        section.require("delay")
    elif do is not None:
        _is_idle(section, "delay", do)
    return section.duration("delay", "1 ms", LATEST)


def _is_idle(section: Section, key: str, do: Deed) -> None:
    """A mistake where a key is there that this deed has no use for."""
    if key in section.values:
        section.add("scenario.fault-idle-key", key, key=key, do=do, fit=_BELONGS_TO[key])


def _only(section: Section, on: str | None) -> str | None:
    only = section.line("only")
    if only is not None and on is not None and on not in _WITH_ARGUMENT:
        section.add("scenario.fault-only", "only", on=on)
    return only


def _meets(host: Host, on: str, scenario: Scenario) -> bool:
    """Whether that moment ever comes to that host."""
    if on == "connect":
        # DNS over TCP is for an answer that was too long for a datagram.
        return host.role in _ANSWERING_DNS | _SPEAKING_SMTP | _TAKING_OTHER_CALLS
    alone = {"dns": _ANSWERING_DNS, "AUTH": frozenset({"sending_server"})}
    alone |= dict.fromkeys(PICKING_UP, frozenset({"mailbox_server"}))
    if on == ALL_THE_TIME or on in alone:
        return on == ALL_THE_TIME or host.role in alone[on]
    if host.role == "mailbox_server":
        domain = scenario.domain(host.owner)
        return on not in _NOT_IN_LMTP and domain is not None and domain.delivery == "lmtp"
    if on == "LHLO":
        return False
    return host.role in _SPEAKING_SMTP


def _misplaced(fault: Written[Fault], names: set[str], concerned: Sequence[str]) -> ScenarioError:
    """A fault at a host that does not exist, or that its moment never comes to."""
    host, known = fault.value.host, ", ".join(concerned)
    if not concerned:
        return fault.place.mistake("scenario.fault-without-lmtp")
    if host in names:
        values = {"host": host, "on": fault.value.on, "known": known}
        return fault.place.mistake("scenario.fault-host", **values)
    guess = nearest(host, concerned)
    if guess is None:
        return fault.place.mistake("scenario.unknown-host", host=host, known=known)
    return fault.place.mistake("scenario.misspelt-host", host=host, nearest=guess)
