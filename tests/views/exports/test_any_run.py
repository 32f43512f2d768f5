"""Whatever a recording holds, an export gives a file or says in words why it cannot."""

from __future__ import annotations

import importlib
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.commands.export import FORMATS
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.trace.event import Composed, Content, Event, Queued, Stored
from simulator.trace.octets import octets_or_none
from simulator.trace.recording import Header
from simulator.trace.recording_format import line_of
from simulator.trace.steps import DEPTHS, Depth
from simulator.views.exports.order import ExportError, Order
from tests.trace.random_events import runs
from tests.trace.stories import HOSTS
from tests.views.exports.orders import order_of

PURE = [name for name in FORMATS if name != "svg"]


@settings(max_examples=60)
@given(
    runs(max_size=25),
    st.sampled_from(PURE),
    st.sampled_from(LANGUAGES),
    st.sampled_from(DEPTHS),
    st.sampled_from([None, "smtp.kampus.example", "nobody.example"]),
)
def test_any_run_is_exported_or_refused_in_words(
    run: list[Event], form: str, language: Language, depth: Depth, host: str | None
) -> None:
    header = Header(scenario=order_of("same-domain").scenario, hosts=HOSTS)
    order = Order(header, tuple(filter(_is_in_json, run)), language, depth, host=host)
    module, _, function = FORMATS[form].maker.partition(":")
    try:
        assert isinstance(getattr(importlib.import_module(module), function)(order), bytes)
    except ExportError as refused:
        assert catalogue(language).say(f"export.error.{refused.key}", **refused.values)


@pytest.mark.parametrize("form", PURE)
def test_a_queue_at_a_host_that_the_recording_does_not_name_is_no_trouble(form: str) -> None:
    fact = Queued(
        queue_id="4bXQ", recipients=("budi@kantor.example",), reason="", next_attempt=None
    )
    stray = Event(seq=0, at=0, step=1, host="nobody.example", journey="m1", fact=fact)
    order = order_of("same-domain")
    module, _, function = FORMATS[form].maker.partition(":")
    maker = getattr(importlib.import_module(module), function)
    assert maker(replace(order, events=(stray, *order.events)))


def _is_in_json(event: Event) -> bool:
    """Whether a recording can hold it: no lone surrogates, and no broken base64."""
    try:
        line_of(event)
    except UnicodeEncodeError:
        return False
    fact = event.fact
    return not isinstance(fact, Composed | Content | Stored) or octets_or_none(fact) is not None


@pytest.mark.parametrize("form", PURE)
@pytest.mark.parametrize(
    "start", ["", "yesterday", "1900-01-01", "2026-11-23T09:00:00", "9999-12-31T23:59:59Z"]
)
def test_a_recording_that_begins_at_no_moment_is_refused_in_words(form: str, start: str) -> None:
    order = order_of("two-domains")
    scenario = msgspec.structs.replace(order.scenario, start=start)
    order = replace(order, header=msgspec.structs.replace(order.header, scenario=scenario))
    module, _, function = FORMATS[form].maker.partition(":")
    try:
        assert getattr(importlib.import_module(module), function)(order)
    except ExportError as refused:
        # A certificate of the year 9999 would outlast the calendar.
        assert refused.key == ("packet" if start.startswith("9999") else "start")
