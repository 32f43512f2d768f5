"""What goes otherwise than usual in a run: the deeds there are, and where and when each is done.

One vocabulary for scenarios and forks. Values, frozen like the scenario that they belong to.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from simulator.scenario.moments import DEEDS
from simulator.scenario.virtual_time import SECOND

MOST_MICROSECONDS: Final = 366 * 86_400 * SECOND
"""The longest time that anything lasts: a year."""

PolicyName: TypeAlias = Literal["greylist", "quota", "tls", "size", "recipients"]

NEXT: Final = "next"
"""The moment of the next reply on a connection, whatever it answers."""


class _Deed(msgspec.Struct, frozen=True, kw_only=True, tag_field="do"):
    """What the members of the union share: frozen, keyword-only, tagged by ``do``, their verb."""


class SayInstead(_Deed, frozen=True, kw_only=True, tag="reply"):
    """A server says ``text`` (whole lines joined by LF) where it would have said something else.

    The reply counts as if the server had meant it: after a 250 the command is carried out.
    """

    text: str

    def __post_init__(self) -> None:
        """Raises ValueError where the text is none that can be put on a wire."""
        if not self.text or not all(line.isprintable() for line in self.text.split("\n")):
            raise ValueError("a reply is printable text")


class AnswerInstead(_Deed, frozen=True, kw_only=True, tag="answer"):
    """A question to the DNS is answered so.

    ``rcode`` is one of the DNS; ``records`` is the data of the answer's records in zone-file form,
    of absolute names (``10 mx2.kantor.example``). Neither error nor record: the name has no such.
    """

    rcode: str = "NOERROR"
    records: tuple[str, ...] = ()


class Refuse(_Deed, frozen=True, kw_only=True, tag="refuse"):
    """A connection is refused."""


class Drop(_Deed, frozen=True, kw_only=True, tag="drop"):
    """The wire breaks: both ends of the connection learn it as a reset."""


class Silence(_Deed, frozen=True, kw_only=True, tag="silence"):
    """Nothing is said: not to a call, a command, a message, or a question to the DNS."""


class Delay(_Deed, frozen=True, kw_only=True, tag="delay"):
    """What would have happened happens ``duration`` microseconds later."""

    duration: int

    def __post_init__(self) -> None:
        """Raises ValueError for a duration that no clock measures."""
        _check_duration(self.duration)


class Down(_Deed, frozen=True, kw_only=True, tag="down"):
    """A host is off: its wires break, it is not to be reached, and makes no call."""


class Up(_Deed, frozen=True, kw_only=True, tag="up"):
    """A host that was down is there again."""


class SetPolicy(_Deed, frozen=True, kw_only=True, tag="policy"):
    """The servers of a domain follow another policy.

    ``value`` is a duration in microseconds (greylist), octets (quota, size), a number
    (recipients), or 0 and 1 (tls: whether STARTTLS is offered). 0 ends greylist and quota.
    """

    policy: PolicyName
    value: int

    def __post_init__(self) -> None:
        """Raises ValueError where no policy has such a number."""
        if not 0 <= self.value <= MOST_MICROSECONDS:
            raise ValueError(f"{self.policy}: {self.value} is out of range")


class Wait(_Deed, frozen=True, kw_only=True, tag="wait"):
    """What is sent to or by a host arrives ``duration`` microseconds from now, or later.

    As a line that stands still for so long: nothing is lost, all else goes on.
    """

    duration: int

    def __post_init__(self) -> None:
        """Raises ValueError for a duration that no clock measures."""
        _check_duration(self.duration)


class SendVia(_Deed, frozen=True, kw_only=True, tag="route"):
    """Mail that leaves a server goes to ``host`` next.

    After a decision of one server (``route.destination``) that server's mail alone; after its
    choice among exchangers (``route.mx``) ``host`` is tried first, the others still follow.
    """

    host: str


Strike: TypeAlias = SayInstead | AnswerInstead | Refuse | Drop | Silence | Delay
"""Deeds that come in place of something: at a moment of a conversation, or at a question."""

Condition: TypeAlias = Down | Up | SetPolicy | Wait | SendVia
"""Deeds that hold for a while."""

Deed: TypeAlias = Strike | Condition


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One deed, with the moment and the place that it is for.

    ``on`` is the moment: ``connect``, ``greeting``, a command's verb (``EHLO`` … ``QUIT``, at a
    mailbox server also those of POP3 and IMAP), ``content`` (the message is coming in), ``.`` (it
    has come in whole), ``accepted`` (it is taken, the 250 not yet said), ``dns``, or ``next``.
    ``at`` is a host (of a policy: a domain); without it the place is any, of a condition that of
    the event. Where ``only`` is given, it strikes only when the command's argument holds it, or
    when the words of the DNS question (``kantor.example MX``) are among it.
    It strikes at the tries after ``skip``, ``times`` times (0: always), and only while ``start`` <=
    time < ``end``, in microseconds since it was made: that is at the start of the run, or where
    ``after`` is given, once that event has happened.
    A strike after an event without ``on`` is about what the event is about: the reply that it
    waits for, its wire, its question.
    """

    deed: Deed
    on: str = ""
    at: str = ""
    only: str = ""
    skip: int = 0
    times: int = 0
    start: int = 0
    end: int | None = None
    after: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a time that nobody can count, or a deed out of place."""
        moments = (self.start, MOST_MICROSECONDS if self.end is None else self.end)
        if min(self.skip, self.times, *moments) < 0 or max(moments) > MOST_MICROSECONDS:
            raise ValueError("a change has its time within a year")
        if self.on and verb_of(self.deed) not in DEEDS.get(self.on, ()):
            raise ValueError(f"{verb_of(self.deed)!r} cannot happen at {self.on!r}")
        if isinstance(self.deed, Refuse) and not self.on:
            raise ValueError("only a connection can be refused")

    @property
    def is_about_the_event(self) -> bool:
        """Whether it strikes what the event is about, and not what comes to a moment."""
        return self.on in {"", NEXT} and isinstance(self.deed, Strike)


def verb_of(deed: Deed) -> str:
    """The word that a deed is written with."""
    return str(deed.__struct_config__.tag)


def _check_duration(duration: int) -> None:
    if not 0 < duration <= MOST_MICROSECONDS:
        raise ValueError(f"{duration} microseconds is out of range")
