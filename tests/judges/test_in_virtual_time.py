"""aiosmtplib, as it is, sends mail to a simulated server in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import closing
from typing import Any

import aiosmtplib
import pytest

from simulator.engine.certificates import client_context
from simulator.engine.wire import SimulatedWire
from simulator.engine.world import World
from simulator.mail.site import Errand
from simulator.trace.event import Event, Stored
from simulator.trace.octets import octets_of
from tests.dialogue import a_world

pytestmark = pytest.mark.judge

MX = "mx1.kantor.example"
CITRA, DEDI, HANTU = (f"{user}@kantor.example" for user in ("citra", "dedi", "hantu"))
MAIL = b"Subject: titik\r\n\r\n.\r\n..\r\n.titik\r\n" + b"x" * 70 + b"\r\n"
_PATIENCE = 600  # virtual seconds; aiosmtplib's own default would do, but not for slow stories


def client_of(world: World) -> aiosmtplib.SMTP:
    """A client that knows nothing of the simulation, but for the wire that the trace needs."""
    real = world.loop.create_connection

    async def with_wire(factory: Any, host: str, port: int, **options: Any) -> Any:
        wire = SimulatedWire(world, "stranger.example", MX, port, "smtp", Errand("m1", 5))
        return await real(factory, host, port, wire=wire)

    world.loop.create_connection = with_wire  # type: ignore[method-assign,assignment]
    address = world.hosts[MX].addresses[0]
    return aiosmtplib.SMTP(
        hostname=address,
        port=25,
        local_hostname="stranger.example",
        timeout=_PATIENCE,
        start_tls=False,
    )


def play(world: World, story: Coroutine[Any, Any, None]) -> list[Event]:
    """Let the story happen; gives the events."""
    world.loop.own(story, "the story")
    with closing(world):
        return list(world.told())


def stored(events: list[Event]) -> dict[str, bytes]:
    """What lies in each mailbox."""
    return {e.fact.mailbox: octets_of(e.fact) for e in events if isinstance(e.fact, Stored)}


def test_aiosmtplib_delivers_to_a_simulated_server():
    world = a_world()
    client = client_of(world)

    async def story() -> None:
        async with client:
            assert client.supports_extension("pipelining") is False
            await client.ehlo()
            assert client.supports_extension("pipelining")
            refused, said = await client.sendmail("orang@asing.example", [CITRA, HANTU, DEDI], MAIL)
            assert refused.keys() == {HANTU}
            assert refused[HANTU].code == 550
            assert said.startswith("2.0.0 Ok: queued as ")

    found = stored(play(world, story()))
    assert found.keys() == {CITRA, DEDI}
    assert all(octets.endswith(MAIL) for octets in found.values())


def test_aiosmtplib_seals_the_connection_and_proves_the_server_s_name():
    world = a_world()
    client = client_of(world)

    async def story() -> None:
        async with client:
            await client.starttls(server_hostname=MX, tls_context=client_context())
            sealed = client.get_transport_info("ssl_object")
            assert sealed.version() == "TLSv1.3"
            await client.sendmail("orang@asing.example", [CITRA], MAIL)

    found = stored(play(world, story()))
    assert b" with ESMTPS id " in found[CITRA]
    assert found[CITRA].endswith(MAIL)


def test_a_client_may_keep_a_server_waiting_for_four_minutes_but_not_for_six():
    world = a_world()
    client = client_of(world)

    async def story() -> None:
        async with client:
            await asyncio.sleep(4 * 60)
            await client.sendmail("orang@asing.example", [CITRA], MAIL)
            await asyncio.sleep(6 * 60)
            with pytest.raises(aiosmtplib.SMTPServerDisconnected):
                await client.noop()

    events = play(world, story())
    assert CITRA in stored(events)
    said, closed = [e for e in events if e.kind in {"reply", "closed"}][-2:]
    assert said.fact.code == 421  # type: ignore[union-attr]
    assert (closed.host, closed.fact.reason) == (MX, "timeout")  # type: ignore[union-attr]
    # Five minutes after the last command (RFC 5321 section 4.5.3.2.7).
    assert said.at == closed.at
    assert 540 <= said.at / 1_000_000 < 541
