"""Speaks a written conversation with a simulated server: ``C:`` lines are sent, ``S:`` checked.

An ``S:`` line must be how the server's line begins (its words may go on); ``S: 250-...`` lines
that are left out of a multi-line reply need not be written. ``C+`` lines are sent in one segment
with the line before. ``TLS`` seals the connection, ``WAIT 6`` lets six seconds pass.
"""

from __future__ import annotations

from contextlib import closing

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.mail.site import Errand
from simulator.scenario.changes import Change
from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Host, Scenario, Words
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event, Protocol

MINUTE = 60_000_000
UP_TO_RCPT = """
    S: 220
    C: EHLO stranger.example
    S: 250 CHUNKING
    C: MAIL FROM:<orang@asing.example>
    S: 250 2.1.0
    C: RCPT TO:<citra@kantor.example>
    S: 250 2.1.5
"""
"""A stranger has a recipient, and may now say what the mail is."""
_PROTOCOLS: dict[int, Protocol] = {24: "lmtp", 110: "pop3", 143: "imap"}


def a_world(*changes: Change, **domain_settings: object) -> World:
    """Two domains and a stranger's machine; nobody has written a mail yet."""
    usual: dict[str, object] = {
        "name": "kantor.example",
        "users": ("citra", "dedi"),
        "exchangers": (MailExchanger(preference=10, host="mx1.kantor.example"),),
        "submission": "smtp.kantor.example",
        "mailbox": "mail.kantor.example",
    }
    kantor = Domain(**usual | domain_settings)  # type: ignore[arg-type]
    scenario = Scenario(
        name="dialogue",
        mails=(),
        domains=(kantor,),
        pickups=(),
        words={"en": Words(title="dialogue")},
        changes=changes,
    )
    stranger = Host(
        name="stranger.example",
        role="mail_client",
        addresses=("203.0.113.200",),
        owner="",
        label="stranger",
    )
    world = World(scenario, (*hosts_of(scenario), stranger))
    raise_actors(world)
    return world


def converse(world: World, server: str, port: int, script: str) -> list[Event]:
    """Hold the conversation; gives the events. Fails where the server says something else."""
    said: list[str] = []
    world.loop.own(_speak(world, server, port, script, said), "the conversation")
    try:
        with closing(world):
            return list(world.told())
    except AssertionError as different:
        raise AssertionError("\n".join(["", *said, str(different)])) from None


async def _speak(world: World, server: str, port: int, script: str, said: list[str]) -> None:
    protocol: Protocol = _PROTOCOLS.get(port, "smtp")
    site = world.site("stranger.example")
    address = world.hosts[server].addresses[0]
    line = await site.call(server, address, port, protocol, Errand("m1", 5))
    segment: list[str] = []
    lines = [text.strip() for text in script.splitlines() if text.strip()]
    for text, following in zip(lines, [*lines[1:], ""], strict=True):
        mark, _, words = text.partition(" ")
        said.append(text)
        if text == "TLS":
            await line.start_tls(server, verify=True)
        elif mark in {"C:", "C+"}:
            segment.append(words.encode().decode("unicode_escape") if "\\" in words else words)
            if not following.startswith("C+"):
                await line.send("".join(f"{one}\r\n" for one in segment).encode())
                segment.clear()
        elif mark == "WAIT":
            await site.sleep(int(words) * MINUTE // 60)
        elif mark == "S:":
            await _expect(line, words, said)
        else:
            raise ValueError(f"no such line in a conversation: {text}")
    line.close("quit")


async def _expect(line, words: str, said: list[str]) -> None:  # type: ignore[no-untyped-def]
    while True:
        got = await line.receive(10 * MINUTE)
        if got.startswith(words):
            return
        if not (got[3:4] == "-" and got[:3] == words[:3]):
            raise AssertionError(f"-> {got}   (expected {words})")
        said.append(f"   {got}")
