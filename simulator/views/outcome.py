"""What came of a run: for each recipient where the mail is now, and how much it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from simulator.lessons.fields import found
from simulator.lessons.language import Catalogue
from simulator.lessons.phrases import duration
from simulator.trace.event import (
    Bounced,
    Composed,
    Connected,
    Event,
    Fetched,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Retried,
    Stored,
)
from simulator.views.wire import Roles

_INBOX = "INBOX"
_BY_HAND = {
    ("stored", "fetched"): "shown",
    ("filed", "fetched"): "shown",
    ("shown", "deleted"): "shown_deleted",
    ("stored", "deleted"): "deleted",
    ("filed", "deleted"): "deleted",
}
"""What a fate becomes where somebody types; what a mail client has, it has."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one recipient of one mail; ``state`` is a key of the outcome's words."""

    journey: str
    recipient: str
    state: str
    host: str
    reason: str = ""
    bounce: str = ""
    next_attempt: int | None = None
    uid: str = ""
    """Of the stored copy, where there is one."""
    folder: str = ""
    finding: Mapping[str, str] = field(default_factory=dict)
    """What the sender's client found out by itself, where that is the reason."""


@dataclass(slots=True)
class Outcome:
    """Follows a run event by event and can say at any time what has come of it."""

    roles: Roles
    at: int = 0
    _fates: dict[tuple[str, str], list[Fate]] = field(default_factory=dict)
    """By journey and recipient: one, or one a copy where a mail came twice."""
    _said: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """What a host was told last of one recipient: by host, journey and recipient."""
    _counts: Counter[str] = field(default_factory=Counter)

    @property
    def has_begun(self) -> bool:
        """Whether anything has happened."""
        return self._counts["events"] > 0

    def follow(self, event: Event) -> None:
        """Take notice of the next event."""
        self.at = event.at
        self._counts["events"] += 1
        match event.fact:
            case Composed() as fact:
                self._all(event, fact.recipients, "unsent")
            case Queued() as fact:
                self._all(event, fact.recipients, "waiting")
            case Retried() as fact:
                self._all(event, fact.recipients, "deferred", fact.reason, fact.next_attempt)
            case Bounced() as fact:
                state = "reported" if fact.bounce else "lost"
                self._all(event, fact.recipients, state, fact.reason, bounce=fact.bounce)
            case Stored() | Fetched() | Read() as fact:
                self._copy(event, fact)
            case Judged() as fact:
                self._decision(event, fact)
            case Connected():
                self._counts["connections"] += 1
            case Refused():
                self._counts["refused"] += 1
            case Query():
                iterates = self.roles.get(event.host) == "resolver"
                self._counts["iterations" if iterates else "questions"] += 1
            case _:
                return

    def _decision(self, event: Event, fact: Judged) -> None:
        recipient = fact.inputs.get("recipient", "")
        match fact.rule:
            case "alias":
                self._one(event, recipient, "alias", fact.verdict)
            case "list.post" if fact.verdict == "posted":
                self._set(
                    Fate(
                        event.journey,
                        recipient,
                        "posted",
                        event.host,
                        bounce=fact.inputs.get("journey", ""),
                    )
                )
            case "mailbox.by-hand":
                self._by_hand(fact)
            case "delivery.outcome":
                key = event.host, event.journey, recipient.lower()
                self._said[key] = fact.inputs.get("said", "")
            case "mailbox.moved":
                self._moved(fact)
            case "submission.refused":
                self._one(event, recipient, "refused", fact.inputs.get("said", ""))
            case "submission.deferred":
                self._one(event, recipient, "put_off", fact.inputs.get("said", ""))
            case "submission.kept":
                kept = Fate(event.journey, recipient, "kept", event.host, finding=fact.inputs)
                self._set(kept)
            case _:
                return

    def fates(self) -> tuple[Fate, ...]:
        """Every recipient of every mail, in the order in which they became known."""
        return tuple(fate for copies in self._fates.values() for fate in copies)

    def _all(
        self,
        event: Event,
        recipients: tuple[str, ...],
        state: str,
        reason: str = "",
        next_attempt: int | None = None,
        *,
        bounce: str = "",
    ) -> None:
        """The same for all of them, but for the reason: each has its own, if one was told."""
        for recipient in recipients:
            own = self._said.get((event.host, event.journey, recipient.lower()), reason)
            self._set(Fate(event.journey, recipient, state, event.host, own, bounce, next_attempt))

    def _one(self, event: Event, recipient: str, state: str, reason: str = "") -> None:
        self._set(Fate(event.journey, recipient, state, event.host, reason))

    def _copy(self, event: Event, fact: Stored | Fetched | Read) -> None:
        folder = fact.folder if isinstance(fact, Stored) else ""
        state = event.kind if folder in {"", _INBOX} else "filed"
        fate = Fate(event.journey, fact.mailbox, state, event.host, uid=fact.uid, folder=folder)
        copies = self._fates.setdefault((fate.journey, fate.recipient.lower()), [])
        for place, known in enumerate(copies):
            if known.uid in {"", fate.uid}:
                copies[place] = fate
                return
        copies.append(fate)

    def _moved(self, fact: Judged) -> None:
        """Its owner put a stored copy into another folder."""
        told = fact.inputs
        lies = "stored" if fact.verdict == _INBOX else "filed"
        for copies in self._fates.values():
            for place, known in enumerate(copies):
                if known.uid == told.get("uid") and known.recipient == told.get("mailbox"):
                    uid = told.get("new_uid", "")
                    state = lies if known.state in {"stored", "filed"} else known.state
                    copies[place] = replace(known, state=state, uid=uid, folder=fact.verdict)

    def _by_hand(self, fact: Judged) -> None:
        """Somebody typed POP3 or IMAP: a stored copy was shown to them, or is gone."""
        told = fact.inputs
        for copies in self._fates.values():
            for place, known in enumerate(copies):
                if (known.uid, known.recipient) == (told.get("uid"), told.get("mailbox")):
                    state = _BY_HAND.get((known.state, fact.verdict), known.state)
                    copies[place] = replace(known, state=state)

    def _set(self, fate: Fate) -> None:
        """What is not stored (yet) is the last copy's fate: one that is stored stays so."""
        copies = self._fates.setdefault((fate.journey, fate.recipient.lower()), [])
        if copies and not copies[-1].uid:
            copies.pop()
        copies.append(fate)

    def sentences(self, words: Catalogue) -> Iterator[tuple[Fate, str]]:
        """Each recipient with what became of the mail to them."""
        for fate in self.fates():
            wait = max(0, (fate.next_attempt or self.at) - self.at)
            yield (
                fate,
                words.say(
                    f"outcome.{fate.state}",
                    host=fate.host,
                    reason=found(fate.finding, words) if fate.finding else fate.reason,
                    bounce=fate.bounce,
                    folder=fate.folder,
                    wait=duration(words, wait),
                ),
            )

    def totals(self, words: Catalogue) -> str:
        """How long it took and how much was said, in one sentence."""
        counted = (
            words.say_count(f"totals.{what}", self._counts[what])
            for what in ("connections", "refused", "questions", "iterations", "events")
            if self._counts[what] or what == "events"
        )
        time = duration(words, self.at)
        return words.say("totals.sentence", time=time, counts=", ".join(counted))
