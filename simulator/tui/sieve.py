"""Which events one wants to see: those of one mail, one recipient, one host or one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from simulator.scenario.model import Host
from simulator.trace.addressee import peer_of
from simulator.trace.event import (
    Answer,
    Bounced,
    Command,
    Event,
    Fact,
    Fetched,
    Judged,
    Query,
    Queued,
    Read,
    Retried,
    Stored,
)
from simulator.tui.landmarks import is_failure

Topic: TypeAlias = Literal["all", "mail", "dns", "decisions", "failures"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
"""Everything; what is said about mail; the DNS; what hosts do by themselves; what goes wrong."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What passes must be of every kind that is asked for; an empty text asks for nothing.

    ``journey`` is a mail, ``recipient`` one of its recipients: what concerns only other recipients
    is left out. ``strangers`` are the hosts that only those others need. ``open_end`` is the seq
    of an end that is none yet, since a person is still typing.
    """

    topic: Topic = "all"
    host: str = ""
    journey: str = ""
    recipient: str = ""
    strangers: frozenset[str] = frozenset()
    open_end: int = -1

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return self == OPEN

    def passes(self, event: Event) -> bool:
        """Whether the event is among those one wants to see."""
        if event.seq == self.open_end:
            return False
        if self.journey and event.journey != self.journey:
            return False
        if self.host and self.host not in {event.host, peer_of(event.fact)}:
            return False
        if self.topic != "all" and not _is_about(event, self.topic):
            return False
        return not self.recipient or self._concerns(event)

    def _concerns(self, event: Event) -> bool:
        if event.host in self.strangers or peer_of(event.fact) in self.strangers:
            return False
        named = _recipients_of(event.fact)
        return not named or self.recipient.lower() in {one.lower() for one in named}


OPEN = Sieve()
"""Everything passes."""


def following(
    journey: str, recipient: str, recipients: Mapping[str, tuple[str, ...]], hosts: tuple[Host, ...]
) -> Sieve:
    """A sieve for one mail, and where ``recipient`` is given for one of its recipients.

    ``recipients`` are those of every journey. A host is only the others' where it is owned by
    another recipient, or by a domain of other recipients that is not the sender's.
    """
    if not recipient:
        return Sieve(journey=journey)
    others = {one.lower() for one in recipients.get(journey, ())} - {recipient.lower()}
    own_domain = _domain(recipient)
    strange = others | ({_domain(one) for one in others} - {own_domain})
    senders = {host.owner for host in hosts if host.role in {"sending_server", "relay"}}
    strangers = frozenset(
        host.name for host in hosts if host.owner.lower() in strange - senders and host.owner
    )
    return Sieve(journey=journey, recipient=recipient, strangers=strangers)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_about(event: Event, topic: Topic) -> bool:
    if topic == "failures":
        return is_failure(event)
    is_dns = isinstance(event.fact, Query | Answer)
    if topic == "dns":
        return is_dns
    speaks = peer_of(event.fact) is not None
    return speaks and not is_dns if topic == "mail" else not speaks


def _recipients_of(fact: Fact) -> tuple[str, ...]:
    """The recipients that a fact is about; none where it is about the mail as a whole."""
    match fact:
        case Queued() | Retried() | Bounced():
            return fact.recipients
        case Stored() | Fetched() | Read():
            return (fact.mailbox,)
        case Judged(inputs=inputs):
            named = inputs.get("recipient") or inputs.get("mailbox")
            return (named,) if named else ()
        case Command(line=line) if line[:8].upper() == "RCPT TO:":
            return (line[8:].partition(">")[0].strip(" <"),)
        case _:
            return ()
