"""Carries a pick-up over an open line: what POP3's and IMAP's dialogues want said and read."""

from __future__ import annotations

from collections.abc import Collection

from simulator.mail.conversation import carry
from simulator.mail.credentials import Credentials
from simulator.mail.pop3_client import Ask, PickUpOutcome, Pop3Reply, pick_up
from simulator.mail.site import Line

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


async def collect_by_imap(line: Line, credentials: Credentials, *, keep: bool) -> PickUpOutcome:
    """Fetch what is unseen, which marks it as seen for every other device too."""
    from simulator.mail import imap_client  # noqa: PLC0415 - few scenarios need all that is IMAP

    reader = imap_client.ImapReplyReader()

    async def ask(asking: imap_client.Ask) -> imap_client.ImapReply:
        await _say(line, asking.line)
        while (reply := reader.take(asking)) is None:
            reader.feed(await line.receive_until(b"\n", _PATIENCE))
        return reply

    user, password = credentials.user, credentials.password
    return await carry(line, imap_client.pick_up(user, password, keep=keep, peek=False), ask)


async def _say(line: Line, words: str) -> None:
    if words:
        line.wire.command(words)
        await line.send(f"{words}\r\n".encode())
