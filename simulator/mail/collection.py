"""Carries a pick-up over an open line: what POP3's and IMAP's dialogues want said and read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from typing import TYPE_CHECKING

from simulator.mail.conversation import carry
from simulator.mail.credentials import Credentials
from simulator.mail.pick_up import FetchedMessage, PickUpOutcome
from simulator.mail.pop3.client import Ask, Pop3Reply, pick_up
from simulator.mail.site import Line

if TYPE_CHECKING:
    from simulator.mail.imap.client import Dialogue as ImapDialogue
    from simulator.mail.imap.reply import Ask as ImapAsk
    from simulator.mail.imap.reply import ImapReply

_IDLE_PATIENCE = 29 * 60_000_000  # RFC 2177: a server may log out who idles for 30 minutes
_MOST_WAITS = 1_000
_PATIENCE = 600_000_000  # RFC 1939 section 3: a server waits at least ten minutes, so do we


async def collect_by_pop3(
    line: Line, credentials: Credentials, *, keep: bool, seen: Collection[str]
) -> PickUpOutcome:
    """Fetch what is not ``seen`` yet, and delete it on the server unless it is to be kept."""

    async def ask(asking: Ask) -> Pop3Reply:
        await _say(line, asking.line)
        reply = Pop3Reply(await line.receive(_PATIENCE))
        if not (asking.multiline and reply.ok):
            return reply
        payload = bytearray()
        while not (payload == b".\r\n" or payload.endswith(b"\r\n.\r\n")):
            payload += await line.receive_until(b".\r\n", _PATIENCE)
        return Pop3Reply(reply.status, bytes(payload))

    dialogue = pick_up(credentials.user, credentials.password, keep=keep, seen=seen)
    return await carry(line, dialogue, ask)


async def collect_by_imap(
    line: Line, credentials: Credentials, *, keep: bool, seen: Container[str] | None = None
) -> PickUpOutcome:
    """Fetch what is unseen, which marks it as seen for every other device too.

    With ``seen`` it is what this device has not seen.
    """
    from simulator.mail.imap import client as imap_client  # noqa: PLC0415 - slow to import

    user, password = credentials.user, credentials.password
    dialogue = imap_client.pick_up(user, password, keep=keep, seen=seen)
    return await _carry_imap(line, dialogue)


async def wait_by_imap(
    line: Line,
    credentials: Credentials,
    *,
    keep: bool,
    seen: Container[str],
    on_fetch: Callable[[FetchedMessage], None],
) -> PickUpOutcome:
    """Sit in IDLE and fetch whatever comes, until nothing has come for half an hour."""
    from simulator.mail.imap import client as imap_client  # noqa: PLC0415

    user, password = credentials.user, credentials.password
    dialogue = imap_client.pick_up(
        user, password, keep=keep, idle=_MOST_WAITS, seen=seen, on_fetch=on_fetch
    )
    return await _carry_imap(line, dialogue)


async def _carry_imap(line: Line, dialogue: ImapDialogue) -> PickUpOutcome:
    from simulator.mail.imap.client import ImapReplyReader  # noqa: PLC0415

    reader = ImapReplyReader()

    async def ask(asking: ImapAsk) -> ImapReply:
        await _say(line, asking.line)
        waiting = not asking.line and asking.tag
        while (reply := reader.take(asking)) is None:
            patience = _IDLE_PATIENCE if waiting else _PATIENCE
            reader.feed(await line.receive_until(b"\n", patience))
        return reply

    return await carry(line, dialogue, ask)


async def _say(line: Line, words: str) -> None:
    if words:
        line.wire.command(words)
        await line.send(f"{words}\r\n".encode())
