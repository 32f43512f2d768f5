"""The hand-out: a page to print, or to save as PDF; nothing in it moves, loads or runs."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator
from importlib import resources

from simulator.lessons.language import Catalogue, catalogue
from simulator.views.clock import clock
from simulator.views.exports.handout.questions import Question, questions
from simulator.views.exports.handout.story import Repetition, Section, Told, story
from simulator.views.exports.order import Order
from simulator.views.safe import safe

_LIMIT = 600


def handout(order: Order) -> bytes:
    """The whole file."""
    words = catalogue(order.language)
    style = resources.files(__package__).joinpath("handout.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = html.escape(safe(order.title(), limit=_LIMIT))
    asked = questions(order)
    body = (
        f"<header><p>SMTP Flow</p><h1>{title}</h1>{_author(order, words)}",
        f"<p>{_escaped(_goal(order))}</p><p class=name>{_said(words, 'name')}</p></header>",
        *_section(words, "cast", _cast(order, words)),
        *_section(words, "story", _story(order, words)),
        *_section(words, "questions", _questions(asked)),
        *_section(words, "answers", _answers(asked, words)),
    )
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    head = (
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{style}</style>",
    )
    rows = ("<!doctype html>", f'<html lang="{order.language}"><head>', *head, "</head><body>")
    return "\n".join((*rows, *body, "</body></html>", "")).encode()


def _author(order: Order, words: Catalogue) -> str:
    author = order.margin.author
    return f"<p>{_escaped(words.say('fork.author', author=author))}</p>" if author else ""


def _goal(order: Order) -> str:
    words = order.scenario.words
    return words[order.language].goal if order.language in words else ""


def _section(words: Catalogue, key: str, rows: Iterable[str]) -> Iterator[str]:
    yield f'<section id="{key}"><h2>{_said(words, key)}</h2>'
    yield from rows
    yield "</section>"


def _cast(order: Order, words: Catalogue) -> Iterator[str]:
    acting = {event.host for event in order.events}
    yield "<table>"
    for host in order.hosts:
        if host.name in acting:
            cells = (host.label, words.say(f"role.{host.role}"), host.name, host.addresses[0])
            yield f"<tr>{''.join(f'<td>{_escaped(cell)}</td>' for cell in cells)}</tr>"
    yield "</table>"


def _story(order: Order, words: Catalogue) -> Iterator[str]:
    """A sentence for each event of the story, under the steps."""
    for part in story(order):
        match part:
            case Repetition(first=first, last=last):
                said = words.say(
                    "export.handout.again",
                    first=first.seq,
                    last=last.seq,
                    time=clock(last.at, words),
                )
                yield f"<p class=again>{_escaped(said)}</p>"
            case Section(journey=journey, step=step, told=told):
                title = words.say(f"steps.{step}.title")
                yield f"<h3>{step} {_escaped(title)} <small>{_escaped(journey)}</small></h3>"
                for one in told:
                    yield from _told(one, words)


def _told(told: Told, words: Catalogue) -> Iterator[str]:
    if told.sentence:
        time = f"<time>{clock(told.event.at, words)}</time>"
        yield f"<p class=told>{time} {_escaped(told.sentence)}</p>"
    for kind, text in told.asides:
        # What is asked stands with the questions.
        if kind != "stop":
            yield f"<p class={kind}>{_escaped(text)}</p>"


def _questions(asked: Iterable[Question]) -> Iterator[str]:
    yield "<ol>"
    for question in asked:
        yield f"<li>{_escaped(question.text)}{'<hr>' * question.rows}</li>"
    yield "</ol>"


def _answers(asked: Iterable[Question], words: Catalogue) -> Iterator[str]:
    yield "<ol>"
    for question in asked:
        place = words.say("export.handout.event", seq=question.seq)
        yield f"<li>{_escaped(question.answer)} <small>{_escaped(place)}</small></li>"
    yield "</ol>"


def _said(words: Catalogue, key: str) -> str:
    return html.escape(words.say(f"export.handout.{key}"))


def _escaped(text: str) -> str:
    return html.escape(safe(text, limit=_LIMIT))
