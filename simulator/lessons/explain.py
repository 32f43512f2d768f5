"""What an event means, in words for a learner: who did what, by which rule, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.lessons.fields import fields_of
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.phrases import Cast
from simulator.lessons.rules import sources
from simulator.lessons.topics import topic_of
from simulator.trace.addressee import peer_of
from simulator.trace.event import Event
from simulator.trace.scene import Scene

LABEL_WIDTH = 24
"""Characters that a label has room for in a list of events."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words about one event. They may hold text from outside: show them through ``safe``.

    ``label`` has at most 24 characters. ``sentence`` says who does what, ``why`` the rule that was
    applied, ``source`` where it stands (empty where no RFC says it). ``textbook`` is what the
    usual telling says and what really happens, where the two differ.
    """

    label: str
    sentence: str
    why: str
    source: str
    textbook: tuple[str, str] | None = None


def explain(event: Event, scene: Scene, language: Language) -> Explanation:
    """Explain any event; ``scene`` is that of the run, before or after the event.

    The scene's hosts give the names. Its connections tell SMTP from POP3; where a connection is
    closed by then, who speaks and in which step does.
    """
    words = catalogue(language)
    topic = topic_of(event, scene)
    key = f"explain.{topic}"
    values = fields_of(event, Cast(words, scene.hosts), words)
    return Explanation(
        label=_cut(words.say(f"{key}.label", **values)),
        sentence=_sentence(words.say(f"{key}.sentence", **values), event),
        why=_sentence(words.say(f"{key}.why", **values), event),
        source=_source(topic, words),
        textbook=_textbook(key, values, words, event),
    )


def _textbook(
    key: str, values: dict[str, str], words: Catalogue, event: Event
) -> tuple[str, str] | None:
    if f"{key}.says" not in words:
        return None
    says, really = (words.say(f"{key}.{part}", **values) for part in ("says", "really"))
    return _sentence(says, event), _sentence(really, event)


def _source(topic: str, words: Catalogue) -> str:
    """Where the topic's rule stands, each RFC once: ``RFC 5321 section 6.1, 4.2.5``."""
    sections: dict[int, list[str]] = {}
    for source in sources(topic):
        sections.setdefault(source.rfc, []).append(source.section)
    return "; ".join(
        words.say("source.section", rfc=rfc, section=", ".join(found))
        for rfc, found in sections.items()
    )


def _sentence(text: str, event: Event) -> str:
    """With a capital at its beginning, unless that is a host's name, an address or the like."""
    first = text.partition(" ")[0].rstrip(".,:;")
    if "." in first or "@" in first:
        return text
    if text.startswith((event.host, peer_of(event.fact) or event.host)):
        return text
    return text[:1].upper() + text[1:]


def _cut(label: str) -> str:
    return label if len(label) <= LABEL_WIDTH else f"{label[: LABEL_WIDTH - 1]}…"
