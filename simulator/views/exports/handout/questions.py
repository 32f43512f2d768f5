"""Questions about a run with their answers, made from what happened and the words for its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from itertools import islice

from simulator.lessons.explain import explain
from simulator.lessons.language import Catalogue, catalogue
from simulator.lessons.phrases import listed
from simulator.lessons.topics import topic_of
from simulator.trace.event import (
    Bounced,
    Closed,
    Connected,
    Content,
    Event,
    Judged,
    Refused,
    Reply,
    Retried,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_or_none
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.state import Connection
from simulator.trace.steps import depth_of
from simulator.views.exports.order import Order
from simulator.views.outcome import Fate, Outcome
from simulator.views.safe import safe
from simulator.views.wire import roles_of

_LIMIT = 600
_MOST_REPLIES, _MOST_TEXTBOOKS, _MOST_TROUBLES = 5, 3, 3
_MOST_FATES = 6
_FINAL_DOT = "."
_TELLING = ("data.accepted", "data.go-ahead", "rcpt.ok", "starttls", "auth.ok", "mail.ok")
"""Rules by which a server says yes, the most telling first; what says no is always asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """Both texts safe; ``seq`` is the event that has the answer, ``rows`` the room to write."""

    seq: int
    text: str
    answer: str
    rows: int = 2


@dataclass(frozen=True, slots=True)
class _Look:
    """An event with the scenes before and after it."""

    event: Event
    before: Scene
    after: Scene


def questions(order: Order) -> tuple[Question, ...]:
    """The questions in the order of their answers; always the same ones for a run."""
    words = catalogue(order.language)
    looks = tuple(_looks(order))
    makers: tuple[Callable[[tuple[_Look, ...], Order, Catalogue], Iterator[Question]], ...] = (
        _of_the_author,
        _about_replies,
        _about_answerability,
        _about_routes,
        _about_textbooks,
        _about_troubles,
        _about_received_fields,
    )
    found = [question for maker in makers for question in maker(looks, order, words)]
    found.sort(key=lambda question: question.seq)
    return (*found, *_about_everything(looks, order, words))


def _looks(order: Order) -> Iterator[_Look]:
    scene = opening(order.hosts)
    for event in order.events:
        before, scene = scene, fold(scene, event)
        yield _Look(event, before, scene)


def _asked(words: Catalogue, look: _Look, key: str, answer: str, **values: object) -> Question:
    text = words.say(f"export.handout.{key}", **values)
    return Question(look.event.seq, safe(text, limit=_LIMIT), safe(answer, limit=_LIMIT))


# What does the author ask? ------------------------------------------------------------------


def _of_the_author(looks: tuple[_Look, ...], order: Order, _words: Catalogue) -> Iterator[Question]:
    """Each question of a recording; what happens next that is told at all is the answer."""
    for stop in order.margin.stops:
        next_one = next(
            (
                look
                for look in looks
                if look.event.seq > stop.after
                and depth_of(look.event, look.after.resolvers) != "bytes"
            ),
            None,
        )
        if next_one is not None:
            told = explain(next_one.event, next_one.before, order.language)
            fact = next_one.event.fact
            said = f"{fact.lines[0]}. " if isinstance(fact, Reply) and fact.lines else ""
            answer = safe(f"{said}{told.sentence} {told.why}", limit=_LIMIT)
            text = safe(stop.said(order.language), limit=_LIMIT)
            yield Question(next_one.event.seq, text, answer)


# What does the server answer? ---------------------------------------------------------------


def _about_replies(looks: tuple[_Look, ...], order: Order, words: Catalogue) -> Iterator[Question]:
    by_rule: dict[str, Question] = {}
    refusals = set[str]()
    for look in looks:
        fact = look.event.fact
        if not isinstance(fact, Reply) or fact.rule in by_rule:
            continue
        connection = look.before.connections.get(fact.conn)
        if connection is None or not connection.pending or connection.protocol != "smtp":
            continue
        by_rule[fact.rule] = _reply(look, fact, connection, order, words)
        if str(fact.code).startswith(("4", "5")):
            refusals.add(fact.rule)
    wanted = [*(rule for rule in by_rule if rule in refusals), *_TELLING]
    yield from islice((by_rule[rule] for rule in wanted if rule in by_rule), _MOST_REPLIES)


def _reply(
    look: _Look, fact: Reply, connection: Connection, order: Order, words: Catalogue
) -> Question:
    pending = connection.pending[0]
    answer = f"{fact.lines[0] if fact.lines else fact.code}. {_why(look, order)}"
    values = {"client": connection.client, "server": connection.server}
    if pending.verb == _FINAL_DOT:
        return _asked(words, look, "after-dot", answer, **values)
    # A proof of identity is nobody's homework.
    argument = pending.argument.partition(" ")[0] if pending.verb == "AUTH" else pending.argument
    line = f"{pending.verb} {argument}".strip()
    return _asked(words, look, "reply", answer, line=line, **values)


def _why(look: _Look, order: Order) -> str:
    return explain(look.event, look.before, order.language).why


# Who is answerable? -------------------------------------------------------------------------


def _about_answerability(
    looks: tuple[_Look, ...], _order: Order, words: Catalogue
) -> Iterator[Question]:
    """On the way to the next server, and once that has said 250."""
    sent = accepted = False
    for look in looks:
        fact = look.event.fact
        if isinstance(fact, Content) and look.event.step == 5 and not sent:
            sent = True
            yield _answerable(look, words, "on-the-way", fact.peer)
        elif isinstance(fact, Reply) and fact.rule == "data.accepted" and not accepted:
            accepted = True
            yield _answerable(look, words, "after-250", look.event.host)


def _answerable(look: _Look, words: Catalogue, key: str, server: str) -> Question:
    holders = {
        host for (journey, _), host in look.after.custody.items() if journey == look.event.journey
    }
    answer = words.say("export.handout.answerable", hosts=listed(words, sorted(holders)))
    return _asked(words, look, key, answer, server=server)


# Where does it go, and what do books say? ---------------------------------------------------


def _about_routes(looks: tuple[_Look, ...], order: Order, words: Catalogue) -> Iterator[Question]:
    asked = set[str]()
    for look in looks:
        match look.event.fact:
            case Judged(rule="route.mx", verdict=host, inputs=inputs):
                domain = inputs.get("domain", "")
                if domain not in asked:
                    asked.add(domain)
                    chosen = {"candidates": inputs.get("candidates", ""), "host": host}
                    answer = words.say("export.handout.chosen", **chosen)
                    answer = f"{answer} {_why(look, order)}"
                    yield _asked(words, look, "route", answer, domain=domain)
            case _:
                pass


def _about_textbooks(
    looks: tuple[_Look, ...], order: Order, words: Catalogue
) -> Iterator[Question]:
    known = dict[str, Question]()
    for look in looks:
        textbook = explain(look.event, look.before, order.language).textbook
        topic = topic_of(look.event, look.before)
        if textbook is not None and topic not in known:
            says, really = textbook
            known[topic] = _asked(words, look, "textbook", really, says=says)
    yield from islice(known.values(), _MOST_TEXTBOOKS)


def _about_troubles(looks: tuple[_Look, ...], order: Order, words: Catalogue) -> Iterator[Question]:
    """What went otherwise than hoped, below the level of replies."""
    known = dict[str, Question]()
    for look in looks:
        match look.event.fact:
            case Refused() | Retried() | Bounced() | Closed(reason="dropped" | "timeout"):
                pass
            case Tls(reason=reason) if reason:
                pass
            case _:
                continue
        sentence = explain(look.event, look.before, order.language).sentence
        topic = topic_of(look.event, look.before)
        if topic not in known:
            known[topic] = _asked(words, look, "trouble", _why(look, order), sentence=sentence)
    yield from islice(known.values(), _MOST_TROUBLES)


def _about_received_fields(
    looks: tuple[_Look, ...], _order: Order, words: Catalogue
) -> Iterator[Question]:
    for look in looks:
        fact = look.event.fact
        if isinstance(fact, Stored):
            message = message_from_bytes(octets_or_none(fact) or b"", policy=policy.compat32)
            fields = [str(field) for field in message.get_all("Received", [])]
            if fields:
                answer = words.say_count(
                    "export.handout.fields", len(fields), first=" ".join(fields[0].split())
                )
                yield _asked(words, look, "received", answer, mailbox=fact.mailbox)
            return


# What came of it? ---------------------------------------------------------------------------


def _about_everything(
    looks: tuple[_Look, ...], order: Order, words: Catalogue
) -> Iterator[Question]:
    if not looks:
        return
    calls = [
        f"{look.event.host} → {look.event.fact.peer}"
        for look in looks
        if isinstance(look.event.fact, Connected) and look.event.fact.protocol == "smtp"
    ]
    answer = words.say("export.handout.calls", count=len(calls), calls="; ".join(calls))
    yield _asked(words, looks[-1], "conversations", answer)
    outcome = Outcome(roles_of(order.hosts))
    for event in order.events:
        outcome.follow(event)
    for fate, sentence in _telling(tuple(outcome.sentences(words))):
        answer = f"{fate.recipient}: {sentence}"
        yield _asked(words, looks[-1], "fate", answer, recipient=fate.recipient, mail=fate.journey)


def _telling(fates: tuple[tuple[Fate, str], ...]) -> Iterable[tuple[Fate, str]]:
    """All of them; of very many one of each kind."""
    if len(fates) <= _MOST_FATES:
        return fates
    return {(fate.journey, fate.state): (fate, said) for fate, said in reversed(fates)}.values()
