"""Changes as people write them, for scenarios, ``--fork`` and menus: read and written.

    [CONDITIONS:] DEED

    on RCPT at mx1.kantor.example times 2: reply 450 4.2.0 Busy
    on accepted at mx1.kantor.example try 2: drop
    on dns only kantor.example MX: answer 10 mx2.kantor.example
    at mx1.kantor.example from 10 min until 1 h: down

After an event the conditions may be left out: the deed is then about what the event is about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NoReturn

from simulator.scenario.changes import (
    MOST_MICROSECONDS,
    NEXT,
    AnswerInstead,
    Change,
    Deed,
    Refuse,
    SayInstead,
    SendVia,
    Strike,
    Up,
    Wait,
    verb_of,
)
from simulator.scenario.deed_words import HOST, RECORD_TYPES, VERBS, read_deed, write_deed
from simulator.scenario.errors import Place, nearest
from simulator.scenario.moments import (
    DEEDS,
    IMAP_REPLY,
    POP3_REPLY,
    SMTP_REPLY,
    WITH_ARGUMENT,
    protocol_at,
)
from simulator.scenario.section import duration_text, microseconds

CONDITIONS: Final[Mapping[str, str]] = {
    "on": "on RCPT",
    "at": "at mx1.kantor.example",
    "try": "try 2",
    "times": "times 1",
    "from": "from 10 min",
    "until": "until 1 h",
    "only": "only dedi@kantor.example",
}
"""The words of conditions, and how each is used; ``only`` goes on up to the colon."""

EXAMPLES: Final[Mapping[str, str]] = {
    **VERBS,
    "answer": "on dns only kantor.example MX: answer 10 mx2.kantor.example",
    "refuse": "at mx1.kantor.example times 1: refuse",
    "drop": "on accepted at mx1.kantor.example: drop",
    "silence": "on connect at mx1.kantor.example: silence",
    "delay": "on RCPT at mx1.kantor.example: delay 30 s",
    "down": "at mx1.kantor.example until 1 h: down",
    "up": "at mx1.kantor.example: up",
    "policy": "at kantor.example: policy greylist 5 min",
    "wait": "at mx1.kantor.example: wait 2 h",
    "route": "only kantor.example: route mx2.kantor.example",
}
"""Every verb as part of a whole change."""

WHOLE: Final = "on RCPT at mx1.kantor.example: reply 450 4.2.0 Busy"
"""A change with conditions, as an example."""
_MOST_TRIES: Final = 1000
_LONGEST_ONLY: Final = 500
_FORMS: Final = {
    "smtp": ((SMTP_REPLY,), "scenario.change-reply"),
    "pop3": ((POP3_REPLY,), "scenario.change-pop3-reply"),
    "imap": ((IMAP_REPLY,), "scenario.change-imap-reply"),
    "": ((SMTP_REPLY, POP3_REPLY, IMAP_REPLY), "scenario.change-reply"),
}


def read_change(text: str, place: Place, after: int | None = None) -> Change:
    """The change that a text means; ``after`` is the event after which it is made, if any.

    Raises ScenarioError, which says what to write, where the text means none.
    """
    words, what = _parted(text.strip(), place)
    verb, _, rest = what.partition(" ")
    if verb.lower() not in VERBS:
        _unknown(verb, place)
    deed = read_deed(verb.lower(), rest.strip())
    if deed is None:
        raise place.mistake("scenario.change-form", found=what, example=VERBS[verb.lower()])
    return _Reading(words, deed, place, after).change()


def write_change(change: Change) -> str:
    """The text that ``read_change`` reads as this change."""
    conditions = write_conditions(change)
    deed = write_deed(change.deed)
    return f"{conditions}: {deed}" if conditions else deed


def write_conditions(change: Change) -> str:
    """The part before the colon: when, where and how often; empty where nothing is said of it."""
    implied = isinstance(change.deed, Refuse)
    parts = {
        "on": "" if implied else change.on,
        "at": change.at,
        "try": str(change.skip + 1) if change.skip else "",
        "times": str(change.times) if change.times else "",
        "from": duration_text(change.start) if change.start else "",
        "until": "" if change.end is None else duration_text(change.end),
        "only": change.only,
    }
    return " ".join(f"{word} {value}" for word, value in parts.items() if value)


def _parted(text: str, place: Place) -> tuple[dict[str, str], str]:
    """What stands before the colon, by its words, and what stands behind it."""
    first = text.partition(" ")[0].lower()
    if first not in CONDITIONS:
        return {}, text
    before, colon, what = text.partition(": ")
    if not colon:
        raise place.mistake("scenario.change-form", found=text, example=WHOLE)
    found: dict[str, list[str]] = {}
    word = ""
    for token in before.split():
        known = token.lower()
        if known in CONDITIONS and word != "only":
            word = known
            if word in found:
                raise place.mistake("scenario.change-form", found=text, example=WHOLE)
            found[word] = []
        else:
            found[word].append(token)
    return {key: " ".join(value) for key, value in found.items()}, what.strip()


def _unknown(verb: str, place: Place) -> NoReturn:
    guess = nearest(verb, VERBS)
    if guess is not None:
        raise place.mistake("scenario.change-misspelt", found=verb, nearest=EXAMPLES[guess])
    raise place.mistake("scenario.change-unknown", found=verb, known=", ".join(VERBS))


class _Reading:
    """The conditions of one change, each checked, and whether they fit together."""

    def __init__(self, words: dict[str, str], deed: Deed, place: Place, after: int | None) -> None:
        self._words, self._deed, self._place, self._after = words, deed, place, after
        self._verb = verb_of(deed)

    def change(self) -> Change:
        """The change. Raises ScenarioError for its first mistake."""
        on = self._moment()
        self._check_fit(on)
        start, end = self._time("from") or 0, self._time("until")
        if end is not None and end <= start:
            self._wrong("scenario.change-window")
        change = Change(
            deed=self._deed,
            on=on,
            at=self._host(),
            only=self._only(on),
            skip=(self._number("try") or 1) - 1,
            times=self._number("times") or 0,
            start=start,
            end=end,
            after=self._after,
        )
        self._check_words(change)
        return change

    def _wrong(self, rule: str, **values: str) -> NoReturn:
        raise self._place.mistake(rule, **values)

    def _moment(self) -> str:
        """The moment that is written, or the only one that this deed has."""
        written = self._words.get("on")
        if written is None:
            if isinstance(self._deed, Refuse):
                return "connect"
            return "dns" if isinstance(self._deed, AnswerInstead) and self._words else ""
        known = {name.lower(): name for name in DEEDS}
        on = known.get(written.lower())
        if on is None:
            guess = nearest(written, DEEDS)
            names = ", ".join(DEEDS) if guess is None else guess
            self._wrong("scenario.change-moment", found=written, known=names)
        return on

    def _check_fit(self, on: str) -> None:
        """The deed can be done at that moment, and no word stands beside it for nothing."""
        if on and self._verb not in DEEDS[on]:
            known = ", ".join(DEEDS[on])
            self._wrong("scenario.change-deed", do=self._verb, on=on, known=known)
        if not on and self._after is None and isinstance(self._deed, Strike):
            self._wrong("scenario.change-when", do=self._verb, example=self._example())
        if on == NEXT and self._after is None:
            self._wrong("scenario.change-next", example=WHOLE)
        idle = next((word for word in self._words if word not in self._fitting(on)), None)
        if idle is not None and isinstance(self._deed, Strike):
            self._wrong("scenario.change-alone", key=idle, example=self._example())
        if idle is not None:
            self._wrong("scenario.change-idle", key=idle, do=self._verb)
        if self._after is None and not self._words.get("at") and self._needs_a_place():
            self._wrong("scenario.change-where", do=self._verb, example=self._example())

    def _example(self) -> str:
        return WHOLE if isinstance(self._deed, SayInstead) else EXAMPLES[self._verb]

    def _fitting(self, on: str) -> frozenset[str]:
        """The words of conditions that mean something beside this deed."""
        if isinstance(self._deed, Strike):
            return frozenset(CONDITIONS) if on not in {"", NEXT} else frozenset({"on"})
        if isinstance(self._deed, SendVia):
            return frozenset({"at", "only", "from", "until"})
        ends = frozenset[str]() if isinstance(self._deed, Up | Wait) else frozenset({"until"})
        return frozenset({"at", "from"}) | ends

    def _needs_a_place(self) -> bool:
        return not isinstance(self._deed, Strike | SendVia)

    def _host(self) -> str:
        text = self._words.get("at")
        if text is not None and not re.fullmatch(HOST, text.lower()):
            self._value("at")
        return (text or "").lower()

    def _only(self, on: str) -> str:
        text = self._words.get("only")
        if text is None:
            return ""
        if not text or len(text) > _LONGEST_ONLY or not text.isprintable():
            self._value("only")
        if on and on not in WITH_ARGUMENT:
            self._wrong("scenario.change-only", on=on)
        return text

    def _number(self, word: str) -> int | None:
        text = self._words.get(word)
        if text is None:
            return None
        if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= _MOST_TRIES:
            self._value(word)
        return int(text)

    def _time(self, word: str) -> int | None:
        text = self._words.get(word)
        if text is None:
            return None
        time = microseconds(text.lower())
        if time is None or time > MOST_MICROSECONDS:
            self._value(word)
        return time

    def _value(self, word: str) -> NoReturn:
        found = f"{word} {self._words[word]}"
        self._wrong("scenario.change-form", found=found, example=CONDITIONS[word])

    def _check_words(self, change: Change) -> None:
        """A reply has the form of its protocol, and records belong to one question."""
        match change.deed:
            case SayInstead(text=text):
                forms, rule = _FORMS[protocol_at(change.on)]
                if not any(form.fullmatch(text.split("\n")[0]) for form in forms):
                    self._wrong(rule, found=text)
            case AnswerInstead(records=records) if records and change.on == "dns":
                if not re.fullmatch(rf"\S+ (?:{'|'.join(RECORD_TYPES)})", change.only.upper()):
                    self._wrong("scenario.change-question", example=EXAMPLES["answer"])
            case _:
                return
