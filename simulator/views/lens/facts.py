"""An event with all its keys, named as a recording names them."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.lessons.language import Catalogue
from simulator.trace.event import Event
from simulator.views.clock import clock
from simulator.views.lens.rows import Row, fact

_BULKY = frozenset({"data", "wire"})
"""Keys whose values are messages: the transcript and the lens show them."""

_SHOWN = 8


def facts(event: Event, words: Catalogue) -> tuple[Row, ...]:
    """One row a key, at most eight of a list."""
    return tuple(_rows(event, words))


def _rows(event: Event, words: Catalogue) -> Iterator[Row]:
    yield fact("seq", f"{event.seq} · {event.at} µs ({clock(event.at, words)})")
    yield fact("host", f"{event.host} · journey {event.journey} · step {event.step}")
    yield fact("kind", event.kind)
    for name in event.fact.__struct_fields__:
        value = getattr(event.fact, name)
        if name in _BULKY:
            yield fact(name, words.say("lens.facts.characters", n=words.number(len(value))))
        elif isinstance(value, dict):
            yield from (
                fact(f"{name}.{key}", str(one)) for key, one in list(value.items())[:_SHOWN]
            )
        elif isinstance(value, tuple):
            yield from (fact(name, _shown(one)) for one in value[:_SHOWN])
            if len(value) > _SHOWN:
                yield fact(name, words.say("lens.more_rows", n=len(value) - _SHOWN))
        elif value not in {None, ""}:
            yield fact(name, _shown(value))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ": ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
