"""What a person changes in a run that has begun: interventions, each after one of its events.

Values, frozen like the scenario that they belong to. What is left empty means what the event
``after`` is about: its connection, its DNS question, its host, that host's domain.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from simulator.scenario.virtual_time import SECOND

MOST_MICROSECONDS: Final = 366 * 86_400 * SECOND
"""The longest wait: a year."""

PolicyName: TypeAlias = Literal["greylist", "quota", "tls", "size", "recipients"]


class _Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="do"):
    """What the members of the union share: frozen, keyword-only, tagged by ``do``."""


class SayInstead(_Change, frozen=True, kw_only=True, tag="reply"):
    """A server says ``text`` (whole lines joined by LF) where it would have said something else.

    It is the reply to what was said last, or with ``next`` the next reply on that connection,
    whatever that answers: a client that pipelines has several replies coming.
    """

    text: str
    next: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where the text is none that can be put on a wire."""
        if not self.text or not all(line.isprintable() for line in self.text.split("\n")):
            raise ValueError("a reply is printable text")


class Refuse(_Change, frozen=True, kw_only=True, tag="refuse"):
    """The next connection to ``server``, or to anybody, is refused."""

    server: str = ""


class Drop(_Change, frozen=True, kw_only=True, tag="drop"):
    """The wire breaks: both ends of the connection learn it as a reset."""


class Down(_Change, frozen=True, kw_only=True, tag="down"):
    """``host`` is cut off: its wires break, and nothing reaches or leaves it."""

    host: str = ""


class Up(_Change, frozen=True, kw_only=True, tag="up"):
    """``host`` can be reached again."""

    host: str = ""


class AnswerInstead(_Change, frozen=True, kw_only=True, tag="dns"):
    """From now on the DNS answers the question ``name``, ``type`` with this.

    ``rcode`` is one of the DNS, or ``TIMEOUT`` for no answer at all; ``records`` is the data of
    the answer's records in zone-file form, of absolute names (``10 mx2.kantor.example``).
    """

    name: str = ""
    type: str = ""
    rcode: str = "NOERROR"
    records: tuple[str, ...] = ()


class SetPolicy(_Change, frozen=True, kw_only=True, tag="policy"):
    """From now on the servers of ``domain`` follow another policy.

    ``value`` is a duration in microseconds (greylist), octets (quota, size), a number
    (recipients), or 0 and 1 (tls: whether STARTTLS is offered). 0 ends greylist and quota.
    """

    policy: PolicyName
    value: int
    domain: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where no policy has such a number."""
        if not 0 <= self.value <= MOST_MICROSECONDS:
            raise ValueError(f"{self.policy}: {self.value} is out of range")


class Wait(_Change, frozen=True, kw_only=True, tag="wait"):
    """What is sent to or by ``host`` from now on arrives ``duration`` microseconds later, or then.

    As a line that stands still for so long: nothing is lost, all else goes on.
    """

    duration: int
    host: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a duration that no clock measures."""
        if not 0 < self.duration <= MOST_MICROSECONDS:
            raise ValueError(f"{self.duration} microseconds is out of range")


class SendVia(_Change, frozen=True, kw_only=True, tag="route"):
    """From now on mail for ``domain``, or all mail that leaves a server, goes to ``host`` next.

    After a decision of one server (``route.destination``) that server's mail alone; after its
    choice among exchangers (``route.mx``) ``host`` is tried first, the others still follow.
    """

    host: str
    domain: str = ""


Change: TypeAlias = (
    SayInstead | Refuse | Drop | Down | Up | AnswerInstead | SetPolicy | Wait | SendVia
)


class Intervention(msgspec.Struct, frozen=True, kw_only=True):
    """One change, made at the moment at which event ``after`` has happened."""

    after: int
    change: Change
