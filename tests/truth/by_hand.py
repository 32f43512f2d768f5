"""Types a captured conversation to our servers, line by line, as a person did to the real ones."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.engine.line import SimulatedLine
from simulator.engine.world import SimulatedSite, World
from simulator.mail.site import Errand
from simulator.scenario.model import SECOND
from tests.truth.captures import Conversation

BY_HAND = "m9"
"""The journey that what is typed belongs to."""
_MESSAGE = b"Subject: by hand\r\n\r\n.\r\n"
_PATIENCE = 60 * SECOND


def plan(world: World, conversations: Sequence[Conversation]) -> None:
    """Hold the conversations one after the other, once the world's own mail has been delivered."""
    site = world.site(conversations[0].client)
    site.after(10 * SECOND, lambda: site.start(_hold(site, conversations), "typing by hand"))


async def _hold(site: SimulatedSite, conversations: Sequence[Conversation]) -> None:
    for conversation in conversations:
        await _speak(site, conversation)


async def _speak(site: SimulatedSite, conversation: Conversation) -> None:
    """What the server says is in the trace; where it hangs up or keeps silent, so do we."""
    errand = Errand(BY_HAND, 5)
    address = (await site.resolve(conversation.server, "A", errand)).data[0]
    await site.resolve(conversation.server, "AAAA", errand)
    line = await site.call(conversation.server, address, conversation.port, "smtp", errand)
    try:
        for said in conversation.script:
            await _say_or_hear(line, said, conversation.server)
    except (ConnectionError, TimeoutError):
        pass
    line.close("quit")


async def _say_or_hear(line: SimulatedLine, said: str, server: str) -> None:
    match said[:2]:
        case "C:" | "C+" if said[3:] == "(message)":
            line.wire.content(_MESSAGE)
            await line.send(_MESSAGE)
        case "C:" | "C+":
            line.wire.command(said[3:])
            await line.send(f"{said[3:]}\r\n".encode())
        case "S:" | "S+":
            while (await line.receive(_PATIENCE))[3:4] == "-":
                pass  # the reply goes on
        case "TL":
            await line.start_tls(server, verify=True)
