"""What the page knows of a run: plain values, every text safe, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulator.lessons.explain import explain
from simulator.lessons.language import LANGUAGES, Catalogue, Language, catalogue
from simulator.trace.addressee import peer_of
from simulator.trace.event import (
    Answer,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Query,
    Refused,
    Reply,
    Stored,
    Tls,
)
from simulator.trace.margin import title_of
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import DEPTHS, STEPS, depth_of
from simulator.views.clock import clock
from simulator.views.exports.order import ExportError, Order
from simulator.views.marginalia import asides
from simulator.views.outcome import Outcome
from simulator.views.safe import safe
from simulator.views.wire import Roles, roles_of, wire_lines

_MOST_EVENTS = 5_000
"""More would make a page that no browser scrolls well."""
_SHORT, _LINE, _PROSE = 60, 400, 600

_UI_WORDS: Final = (
    *("play", "pause", "previous", "next", "first", "last", "slower", "faster", "depth"),
    *("language", "map", "steps", "transcript", "meaning", "why", "source", "says", "really"),
    *("answerable", "nobody-answerable", "event", "outcome", "cast", "keys", "keys-list"),
    *("position", "queue", "skipped"),
)


def data_of(order: Order) -> dict[str, Any]:
    """The run as JSON will have it. Raises ExportError where it is too long for a page."""
    if len(order.events) > _MOST_EVENTS:
        raise ExportError("too-many", count=len(order.events), most=_MOST_EVENTS)
    taking_part = _taking_part(order)
    hosts = [host for host in order.hosts if host.name in taking_part]
    numbers = {host.name: number for number, host in enumerate(hosts)}
    texts = {language: _Texts() for language in LANGUAGES}
    return {
        "language": order.language,
        "depth": order.depth,
        "hosts": [
            {
                "name": safe(host.name, limit=_SHORT),
                "label": safe(host.label, limit=_SHORT),
                "owner": safe(host.owner, limit=_SHORT),
                "address": safe(", ".join(host.addresses), limit=_SHORT),
                "role": host.role,
                "sends": _sends(host.name, order.events),
            }
            for host in hosts
        ],
        "events": _events(order, numbers, texts),
        "words": {language: _words(order, language) for language in LANGUAGES},
        "margin": {language: _margin(order, language) for language in LANGUAGES},
        "texts": {language: list(known.numbers) for language, known in texts.items()},
    }


@dataclass(slots=True)
class _Texts:
    """Every text once; events refer to it by number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def _taking_part(order: Order) -> set[str]:
    acting = {event.host for event in order.events}
    return acting | {peer for event in order.events if (peer := peer_of(event.fact)) is not None}


def _sends(name: str, events: Iterable[Event]) -> bool:
    """Whether a mail begins at this host: somebody wrote it there, or types it to a server."""
    return any(event.host == name and _begins_a_mail(event.fact) for event in events)


def _begins_a_mail(fact: Fact) -> bool:
    return isinstance(fact, Composed) or (isinstance(fact, Connected) and fact.protocol == "smtp")


def _events(
    order: Order, numbers: Mapping[str, int], texts: Mapping[Language, _Texts]
) -> list[dict[str, Any]]:
    scene, roles = opening(order.hosts), roles_of(order.hosts)
    found, answerable, queues = [], list[int](), dict[int, int]()
    for event in order.events:
        before, scene = scene, fold(scene, event)
        entry = _entry(event, before, scene, roles, texts)
        entry["host"] = numbers.get(event.host, -1)
        entry["peer"] = numbers.get(peer_of(event.fact) or "", -1)
        held = sorted({numbers[host] for host in scene.custody.values() if host in numbers})
        queued = {host: queue for host, queue in scene.queues.items() if host in numbers}
        waiting = {numbers[host]: len(queue) for host, queue in queued.items()}
        if held != answerable:
            entry["answerable"] = answerable = held
        if waiting != queues:
            entry["queues"] = queues = waiting
        found.append(entry)
    return found


def _margin(order: Order, language: Language) -> dict[int, list[list[str]]]:
    """What the run's author wrote, by the place of the event that it stands below."""
    below = asides(order.margin, language)
    return {
        place: [[kind, safe(text, limit=_PROSE)] for kind, text in below[event.seq]]
        for place, event in enumerate(order.events)
        if event.seq in below
    }


def _entry(
    event: Event, before: Scene, scene: Scene, roles: Roles, texts: Mapping[Language, _Texts]
) -> dict[str, Any]:
    """One event without its hosts."""
    fact = event.fact
    secure = isinstance(fact, Command | Reply | Content) and fact.secure
    entry: dict[str, Any] = {
        "seq": event.seq,
        "at": {language: clock(event.at, catalogue(language)) for language in LANGUAGES},
        "step": event.step,
        "journey": safe(event.journey, limit=_SHORT),
        "depth": DEPTHS.index(depth_of(event, scene.resolvers)),
        "sign": _sign(event),
        "secure": secure or (isinstance(fact, Tls) and not fact.reason),
    }
    for language in LANGUAGES:
        told = explain(event, before, language)
        says, really = told.textbook or ("", "")
        parts = (told.label, told.sentence, told.why, told.source, says, really)
        lines = _lines(event, roles, language)
        known = texts[language]
        entry[language] = [
            [known.number(safe(part, limit=_PROSE)) for part in parts],
            [known.number(line) for line in lines],
        ]
    return entry


def _lines(event: Event, roles: Roles, language: Language) -> list[str]:
    """Hint and text of each line; questions between resolver and nameservers in short form."""
    lines = wire_lines(event, depth="commands", roles=roles, language=language)
    if not lines:
        lines = wire_lines(event, depth="story", language=language)
    return [str(line)[:_LINE] for line in lines]


def _sign(event: Event) -> list[str]:  # noqa: PLR0911 - a case a kind
    """What travels on the wire: its look, and the words on it; nothing where nothing travels."""
    match event.fact:
        case Content() | Stored() | Fetched():
            return ["mail", ""]
        case Command(line=line):
            return ["ask", safe(line.split(" ", 1)[0], limit=14)]
        case Reply(code=code):
            return [_tone(str(code)), safe(str(code), limit=6)]
        case Connected(port=port):
            return ["ask", f":{port}"]
        case Refused(port=port):
            return ["no", f":{port}"]
        case Tls(reason=reason):
            return ["no" if reason else "yes", "TLS"]
        case Query() as fact:
            return ["dns", safe(f"? {fact.type}", limit=14)]
        case Answer() as fact if fact.rcode == "NOERROR":
            return ["dns", safe(f"= {len(fact.records)} {fact.type}", limit=14)]
        case Answer() as fact:
            return ["no", safe(fact.rcode, limit=14)]
        case _:
            return []


def _tone(code: str) -> str:
    """By the first digit of a reply (RFC 5321 section 4.2.1), or POP3's and IMAP's word."""
    if code.startswith("4"):
        return "later"
    if code.startswith(("5", "-")) or code in {"NO", "BAD"}:
        return "no"
    return "later" if code.startswith("3") else "yes"


def _words(order: Order, language: Language) -> dict[str, Any]:
    words = catalogue(language)
    said = order.scenario.words.get(language) or next(iter(order.scenario.words.values()), None)
    return {
        "title": safe(title_of(order.header, language), limit=_LINE),
        "author": _author(order, words),
        "goal": safe(said.goal if said else "", limit=_PROSE),
        "steps": [words.say(f"steps.{step}.title") for step in STEPS],
        "about": [words.say(f"steps.{step}.about") for step in STEPS],
        "depths": [words.say(f"ui.depth.{depth}") for depth in DEPTHS],
        "roles": {role: words.say(f"role.{role}") for role in roles_of(order.hosts).values()},
        "outcome": _outcome(order, words),
        "ui": {key: words.say(f"export.page.{key}") for key in _UI_WORDS},
    }


def _author(order: Order, words: Catalogue) -> str:
    author = order.margin.author
    return safe(words.say("fork.author", author=author), limit=_LINE) if author else ""


def _outcome(order: Order, words: Catalogue) -> list[str]:
    outcome = Outcome(roles_of(order.hosts))
    for event in order.events:
        outcome.follow(event)
    fates = [
        safe(f"{fate.journey}, {fate.recipient}: {sentence}", limit=_PROSE)
        for fate, sentence in outcome.sentences(words)
    ]
    return [*fates, safe(outcome.totals(words), limit=_PROSE)]
