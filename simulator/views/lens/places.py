"""What lies where: every queue, every mailbox with its folders, and every open connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from simulator.lessons.language import Catalogue
from simulator.lessons.phrases import duration
from simulator.trace.event import Tls
from simulator.trace.scene import QueueEntry, Scene, StoredMail
from simulator.views.clock import clock
from simulator.views.lens.fields import fields_of, value_of
from simulator.views.lens.rows import BLANK, Piece, Row, Sheet, Tone, fact, piece, row, said

_SHOWN = 100
_MAILBOXES = 20
"""More than a panel shows; a list has hundreds, and every event draws them anew."""
_FOLDERS = ("INBOX", "Junk")


def queues(scene: Scene, words: Catalogue) -> Sheet:
    """Every host's queue: each mail, for whom, why it waits and until when."""
    rows: list[Row] = []
    for host, queue in scene.queues.items():
        rows += [BLANK] if rows else []
        title = words.say("lens.queue.title", host=_label(scene, host), n=words.number(len(queue)))
        rows.append(said(title, "head"))
        for entry in list(queue.values())[:_SHOWN]:
            rows += _waiting(entry, scene, words)
        rows += _more(len(queue), words)
    return Sheet(tuple(rows) or (said(words.say("lens.queue.none"), "dim"),))


def _waiting(entry: QueueEntry, scene: Scene, words: Catalogue) -> Iterator[Row]:
    due = entry.next_attempt
    when = (
        words.say("lens.queue.active")
        if due is None
        else words.say(
            "lens.queue.next", time=clock(due, words), wait=duration(words, max(0, due - scene.at))
        )
    )
    tone: Tone = "good" if due is None else "bad"
    yield row(
        Piece("  "),
        piece(entry.queue_id, "name"),
        piece(f" ({entry.journey})  ", "dim"),
        piece(when, tone),
        indent=4,
    )
    for recipient in entry.recipients[:_SHOWN]:
        yield row(Piece("    → "), piece(f"<{recipient.strip('<>')}>"), indent=6)
    yield from _more(len(entry.recipients), words)
    if entry.reason:
        yield row(Piece("    "), piece(entry.reason, "dim"), indent=6)


def mailboxes(scene: Scene, words: Catalogue, current: str = "") -> Sheet:
    """The mailboxes by folder: what lies in them, and whether it was fetched and read.

    Where there are many, ``current`` comes first, and most are only counted.
    """
    rows: list[Row] = []
    for name in _told(scene, current):
        mails = scene.mailboxes[name]
        rows += [BLANK] if rows else []
        host = next((_label(scene, mail.host) for mail in mails), "")
        rows.append(said(words.say("lens.mailbox.title", mailbox=name, host=host), "head"))
        folders = dict.fromkeys((*_FOLDERS, *(mail.folder for mail in mails)))
        for folder in folders:
            there = [mail for mail in mails if mail.folder == folder]
            if not there and folder != "INBOX":
                continue
            rows.append(row(Piece("  "), piece(folder, "name"), piece(f" ({len(there)})", "dim")))
            for mail in there[:_SHOWN]:
                rows.append(_mail(mail, words))
            rows += _more(len(there), words)
    if len(scene.mailboxes) > _MAILBOXES:
        rows += [BLANK, *_more(len(scene.mailboxes), words, _MAILBOXES)]
    return Sheet(tuple(rows) or (said(words.say("lens.mailbox.none"), "dim"),))


def _told(scene: Scene, current: str) -> Iterable[str]:
    """The mailboxes that are told of: all, or the current one and the first others."""
    names = scene.mailboxes
    if len(names) <= _MAILBOXES:
        return names
    first = [current] if current in names else []
    return islice((*first, *(name for name in names if name not in first)), _MAILBOXES)


def _mail(mail: StoredMail, words: Catalogue) -> Row:
    where = "on_server" if mail.on_server else "gone"
    subject = value_of(fields_of(mail.octets), "Subject") or words.say("lens.mailbox.no_subject")
    size = words.say("lens.parts.octets", n=words.number(len(mail.octets)))
    tone: Tone = "new" if mail.state == "stored" else "plain"
    state = words.say(f"lens.mailbox.{mail.state}")
    return row(
        Piece("    "),
        piece(f"{mail.journey}  "),
        piece(subject, "strong"),
        piece(f"  {state}", tone),
        piece(f" · {words.say(f'lens.mailbox.{where}')} · {size} · uid {mail.uid}", "dim"),
        indent=8,
    )


def connections(handshake: Tls | None, client: str, scene: Scene, words: Catalogue) -> Sheet:
    """The last TLS handshake with its certificate, and which open connections are sealed."""
    rows = list(_handshake(handshake, client, scene, words))
    rows += [BLANK, said(words.say("lens.tls.open"), "head")]
    for one in list(scene.connections.values())[:_SHOWN]:
        sealed = words.say("lens.tls.sealed" if one.secure else "lens.tls.plain")
        ends = f"{_label(scene, one.client)} → {_label(scene, one.server)}"
        rows.append(
            row(
                Piece("  "),
                piece(ends, "strong"),
                piece(f"  {one.protocol.upper()} {one.port}  ", "dim"),
                piece(f"▓ {sealed}" if one.secure else sealed, "good" if one.secure else "bad"),
                indent=4,
            )
        )
    rows += _more(len(scene.connections), words)
    if not scene.connections:
        rows.append(said(words.say("lens.tls.no_connection"), "dim"))
    return Sheet(tuple(rows))


def _handshake(tls: Tls | None, client: str, scene: Scene, words: Catalogue) -> Iterator[Row]:
    if tls is None:
        yield said(words.say("lens.tls.none"), "dim")
        return
    ends = f"{_label(scene, client)} → {_label(scene, tls.peer)}"
    yield said(words.say("lens.tls.title", ends=ends), "head")
    if tls.reason:
        yield fact(words.say("lens.tls.failed"), tls.reason, "bad")
    for key, value in (("version", tls.version), ("cipher", tls.cipher)):
        if value:
            yield fact(words.say(f"lens.tls.{key}"), value)
    yield said(words.say("lens.tls.certificate"), "head")
    if tls.name:
        yield fact(words.say("lens.tls.name"), tls.name)
    checked = "verified" if tls.verified else "unverified"
    yield fact(
        words.say("lens.tls.checked"),
        words.say(f"lens.tls.{checked}"),
        "good" if tls.verified else "bad",
    )
    yield said(f"  {words.say('lens.tls.shown')}", "dim", indent=2)


def _label(scene: Scene, name: str) -> str:
    return next((host.label for host in scene.hosts if host.name == name), name)


def _more(count: int, words: Catalogue, shown: int = _SHOWN) -> Iterator[Row]:
    if count > shown:
        yield said(words.say("lens.more_rows", n=words.number(count - shown)), "dim")
