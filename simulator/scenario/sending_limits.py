"""How much a domain's users may send: as a provider is known to have it, or as one writes it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from simulator.scenario.addresses import MOST_RECIPIENTS
from simulator.scenario.defaults import with_given
from simulator.scenario.domain import SendingLimit
from simulator.scenario.lines import KeyPath
from simulator.scenario.section import LATEST, Section, offered, written

_PROVIDERS = Path(__file__).with_name("sending_limits.toml")

_UNITS: tuple[Literal["message", "recipient", "transaction"], ...] = (
    "message",
    "recipient",
    "transaction",
)
_WINDOWS: tuple[Literal["rolling", "calendar", "mail"], ...] = ("rolling", "calendar", "mail")
_PER: tuple[Literal["user", "domain"], ...] = ("user", "domain")

_REFUSAL = re.compile(r"[45][0-5][0-9] [ -~]{1,400}")
_MOST_LIMITS = 10


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider allowed at a time; ``confidence`` is how sure that is.

    ``read``: its own page was read. ``second-hand``: others say so. Periods are in virtual
    microseconds.
    """

    name: str
    source: str
    as_of: str
    confidence: Literal["read", "second-hand"]
    limits: tuple[SendingLimit, ...]
    reply_known: bool = False
    """Whether the provider really answers so; else the reply is this program's own."""
    note: str = ""


@cache
def providers() -> Mapping[str, Provider]:
    """Every provider whose limits are known here, by the name that a scenario writes."""
    data = tomllib.loads(_PROVIDERS.read_text("utf-8"))
    return msgspec.convert(data, dict[str, Provider])


def read_sending_limits(section: Section) -> tuple[SendingLimit, ...] | None:
    """The key ``sending_limit``: a provider's name, one limit, or a list of limits."""
    value = section.values.get("sending_limit")
    if isinstance(value, str):
        return _of_provider(section, value)
    if not isinstance(value, list):
        table = section.table("sending_limit")
        return None if table is None else _each(section, {(): table})
    tables: dict[KeyPath, dict[str, object]] = {
        (place,): entry for place, entry in enumerate(value) if isinstance(entry, dict)
    }
    if not 0 < len(tables) == len(value) <= _MOST_LIMITS:
        section.wrong("sending_limit", value)
        return None
    return _each(section, tables)


def _of_provider(section: Section, name: str) -> tuple[SendingLimit, ...] | None:
    provider = providers().get(name)
    if provider is None:
        example = offered("sending_limit", name, providers())
        values = {"key": "sending_limit", "found": written(name), "example": example}
        section.add("scenario.wrong-value", "sending_limit", **values)
        return None
    return provider.limits


def _each(
    section: Section, tables: Mapping[KeyPath, dict[str, object]]
) -> tuple[SendingLimit, ...]:
    limits = [
        _limit(
            Section(
                "limit",
                values,
                (*section.path, "sending_limit", *below),
                section.document,
                section.mistakes,
            )
        )
        for below, values in tables.items()
    ]
    return tuple(limit for limit in limits if limit is not None)


def _limit(table: Section) -> SendingLimit | None:
    table.require("count")
    reply = table.text("reply")
    if reply is not None and not _REFUSAL.fullmatch(reply):
        table.wrong("reply", reply)
        return None
    window = table.choice("window", _WINDOWS)
    if window in {"calendar", "mail"} and "period" in table.values:
        table.add("scenario.limit-period", "period", window=window)
        return None
    return with_given(
        SendingLimit(count=1),
        count=table.whole("count", 1, MOST_RECIPIENTS),
        unit=table.choice("unit", _UNITS),
        window=window,
        period=table.duration("period", "1 s", LATEST),
        per=table.choice("per", _PER),
        reply=reply,
    )
