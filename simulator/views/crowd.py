"""Many recipients at once: what has become of the mail to each, by domain and over virtual time.

One fold over the events, each looked at once. How many there are of a state at any cursor is the
number that entered it until then, less the number that left it: two searches in sorted lists.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from simulator.trace.event import (
    Bounced,
    Composed,
    Event,
    Fetched,
    Judged,
    Queued,
    Read,
    Retried,
    Stored,
)

State: TypeAlias = Literal["under_way", "deferred", "delivered", "bounced"]
"""Under way until a server waits with it, a mailbox has it, or somebody gave up."""

STATES: Final[tuple[State, ...]] = get_args(State)
_NOT_HANDED_OVER = frozenset({"submission.refused", "submission.deferred", "submission.kept"})
ALL: Final = ""
"""Stands for every domain."""

Key: TypeAlias = tuple[str, str]
"""A journey and a recipient in lower case."""


@dataclass(slots=True)
class Recipient:
    """One recipient of one mail; ``moves`` are the places of events and the states they led to."""

    journey: str
    address: str
    moves: list[tuple[int, State]]

    @property
    def domain(self) -> str:
        """The part after the @."""
        return domain_of(self.address)

    def state(self, cursor: int) -> State | None:
        """The state after so many events; None before the mail was written."""
        place = bisect_right(self.moves, cursor - 1, key=lambda move: move[0])
        return self.moves[place - 1][1] if place else None


class Crowd:
    """Every recipient of every mail that a person wrote; grows with the run."""

    def __init__(self) -> None:
        self.recipients: dict[Key, Recipient] = {}
        self.by_domain: dict[str, list[Recipient]] = defaultdict(list)
        self._entered: dict[tuple[str, State], list[int]] = defaultdict(list)
        self._left: dict[tuple[str, State], list[int]] = defaultdict(list)
        self._reports: set[str] = set()
        self._place = 0

    def extend(self, events: Iterable[Event]) -> None:
        """Take in the events that follow."""
        for event in events:
            self._follow(event)
            self._place += 1

    def count(self, state: State, cursor: int, domain: str = ALL) -> int:
        """How many recipients were in a state after so many events."""
        key = domain, state
        entered = bisect_right(self._entered.get(key, ()), cursor - 1)
        return entered - bisect_right(self._left.get(key, ()), cursor - 1)

    @property
    def first_settled(self) -> int | None:
        """The place of the event by which the first recipient was settled or had to wait."""
        firsts = [
            places[0]
            for (domain, state), places in self._entered.items()
            if domain == ALL and state != "under_way"
        ]
        return min(firsts, default=None)

    def domains(self) -> list[str]:
        """The recipients' domains, the one with most recipients first."""
        return sorted(self.by_domain, key=lambda name: (-len(self.by_domain[name]), name))

    def _follow(self, event: Event) -> None:
        match event.fact:
            case Composed(report=report) if report:
                self._reports.add(event.journey)
            case Composed(recipients=recipients) | Queued(recipients=recipients):
                self._move_all(event.journey, recipients, "under_way")
            case Retried(recipients=recipients):
                self._move_all(event.journey, recipients, "deferred")
            case Bounced(recipients=recipients):
                self._move_all(event.journey, recipients, "bounced")
            case Judged(rule=rule, inputs=inputs) if rule in _NOT_HANDED_OVER:
                self._move_all(event.journey, (inputs.get("recipient", ""),), "bounced")
            case Stored(mailbox=mailbox) | Fetched(mailbox=mailbox) | Read(mailbox=mailbox):
                self._move_all(event.journey, (mailbox,), "delivered")
            case _:
                return

    def _move_all(self, journey: str, addresses: Sequence[str], state: State) -> None:
        if journey in self._reports:
            return  # a report goes to the sender; the crowd is whom people write to
        for address in addresses:
            self._move(journey, address, state)

    def _move(self, journey: str, address: str, state: State) -> None:
        key = journey, address.lower()
        recipient = self.recipients.get(key)
        if recipient is None:
            recipient = self.recipients[key] = Recipient(journey, address, [])
            self.by_domain[recipient.domain].append(recipient)
        before = recipient.moves[-1][1] if recipient.moves else None
        # What lies in a mailbox, or was given up, is settled: a second copy changes nothing.
        if before in {state, "delivered"}:
            return
        for domain in (ALL, recipient.domain):
            self._entered[domain, state].append(self._place)
            if before is not None:
                self._left[domain, before].append(self._place)
        recipient.moves.append((self._place, state))


def domain_of(address: str) -> str:
    """The part after the @, in lower case."""
    return address.rpartition("@")[2].lower()
