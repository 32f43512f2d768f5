"""The six steps, and how fine a look each event needs."""

from __future__ import annotations

from typing import get_args

from simulator.trace.event import Bounced, Event, Fact, Refused, Retried
from simulator.trace.steps import (
    DEPTHS,
    STEPS,
    BeginningWatch,
    beginnings,
    depth_of,
    resolvers_of,
)
from tests.story import BUDI, PC_ANI, Story
from tests.trace.stories import HOSTS, MX1, NS, RESOLVER, SMTP, two_domains

RESOLVERS = resolvers_of(HOSTS)


def at_depth(events: list[Event], depth: str) -> list[str]:
    return [event.kind for event in events if depth_of(event, RESOLVERS) == depth]


def test_there_are_six_steps_with_a_key_each() -> None:
    assert list(STEPS) == [1, 2, 3, 4, 5, 6]
    assert len(set(STEPS.values())) == 6


def test_the_story_tells_what_happens_to_the_mail() -> None:
    assert at_depth(two_domains(), "story") == [
        "composed",
        "connected",  # to the own server
        "tls",
        "content",
        "reply",  # 250: the server takes responsibility
        "judged",  # route.destination
        "answer",  # MX
        "judged",  # route.mx
        "connected",  # to the other domain's server
        "content",
        "reply",
        "connected",  # LMTP
        "content",
        "stored",
        "reply",
        "connected",  # POP3
        "content",
        "fetched",
        "read",
    ]


def test_what_a_resolver_asks_others_and_a_queue_does_is_for_the_finest_look() -> None:
    assert at_depth(two_domains(), "bytes") == [
        *("query", "answer", "answer"),  # A of the own server
        "queued",
        *("query", "answer"),  # MX
        "queued",
        *("removed", "removed"),
    ]


def test_failures_belong_to_the_story() -> None:
    story = Story()
    story.judge(MX1, "recipient", "unknown", recipient=BUDI)
    story.judge(SMTP, "delivery.outcome", "deferred", recipient=BUDI)
    story.judge(SMTP, "route.relay", "relay.example")
    story.happens(SMTP, Retried(queue_id="q", recipients=(BUDI,), reason="", next_attempt=1))
    story.happens(SMTP, Bounced(queue_id="q", recipients=(BUDI,), reason=""))
    story.happens(
        SMTP,
        Refused(conn=1, peer=MX1, port=25, protocol="smtp", reason="refused", address="192.0.2.1"),
    )
    assert at_depth(story.events, "story") == [event.kind for event in story.events]


def test_what_goes_well_is_for_a_closer_look() -> None:
    story = Story()
    story.judge(MX1, "recipient", "known", recipient=BUDI)
    story.judge(SMTP, "delivery.outcome", "sent", recipient=BUDI)
    story.judge(SMTP, "size", "accepted")
    story.ask(SMTP, RESOLVER, "kantor.example", "MX")
    story.answer(RESOLVER, SMTP, MX1, "A", "a")
    assert at_depth(story.events, "commands") == [event.kind for event in story.events]
    story.answer(NS, RESOLVER, "kantor.example", "MX", "a")
    assert at_depth(story.events, "bytes") == ["answer"]


def test_every_kind_of_event_has_a_depth() -> None:
    kinds = {event.kind for event in two_domains()} | {
        "refused",
        "retried",
        "bounced",
        "intervened",
    }
    assert kinds == {fact.__struct_config__.tag for fact in get_args(Fact)}
    assert {depth_of(event) for event in two_domains()} <= set(DEPTHS)


def test_a_step_begins_once_though_the_one_before_still_says_goodbye() -> None:
    events = two_domains()
    assert [events[index].step for index in beginnings(events)] == [1, 2, 3, 4, 5, 6]
    assert [events[index].kind for index in beginnings(events)] == [
        "composed",
        "command",  # MAIL
        "judged",  # route.destination
        "query",  # MX
        "connected",
        "connected",  # LMTP
    ]


def test_a_step_begins_again_for_the_next_attempt_and_for_another_mail() -> None:
    story = Story(step=4)
    story.ask(SMTP, RESOLVER, "kantor.example", "MX")
    story.step = 5
    story.connect(1, SMTP, MX1)
    story.talk(1, "S: 421 4.3.2 closing #greeting")
    story.close(1)
    story.happens(SMTP, Retried(queue_id="q", recipients=(BUDI,), reason="", next_attempt=1))
    story.step = 4
    story.ask(SMTP, RESOLVER, "kantor.example", "MX")
    story.step = 5
    story.connect(2, SMTP, MX1)
    story.journey, story.step = "m2", 1
    story.compose(BUDI, host=PC_ANI)
    story.journey, story.step = "m1", 5
    story.talk(2, "S: 220 mx1 #greeting")
    assert [
        (story.events[index].journey, story.events[index].step)
        for index in beginnings(story.events)
    ] == [
        ("m1", 4),
        ("m1", 5),
        ("m1", 4),
        ("m1", 5),
        ("m2", 1),
    ]


def test_closed_connections_are_forgotten() -> None:
    watch = BeginningWatch()
    for event in two_domains():
        watch.begins(event)
    assert not watch._connections
