"""`make bench`: what a run costs, as ratios against a peer that is measured in the same run.

The peer is the same mail over real loopback TCP: smtplib with STARTTLS and AUTH to an aiosmtpd,
which hands it on by smtplib to a second aiosmtpd, as our sending server does to the receiving
one. Ours does the DNS, the delivery and the pick-up by POP3 beside, and records every event.
"""

from __future__ import annotations

import smtplib
import socket
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

from simulator.engine.certificates import client_context, server_context
from simulator.engine.simulate import simulate
from simulator.mail.header import header_block
from simulator.scenario.loader import loads
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.octets import octets_of
from simulator.trace.recording import Header, Writer
from tests import bench_screen

ROUNDS, MAILS = 5, 60


def the_scenario(mails: int) -> Scenario:
    """The same mail, many times, from one domain to another."""
    text = "".join(
        f"""
        [[mail]]
        from = "ani@kampus.example"
        to = "citra@kantor.example"
        subject = "Rapat {number}"
        body = "{"Sampai jumpa pukul sembilan. " * 30}"
        at = "{number * 10} s"
        """
        for number in range(mails)
    )
    return loads(text, file="bench.toml", folder=Path())


class _Keep:
    """The second server: takes everything."""

    def __init__(self) -> None:
        self.kept = 0

    async def handle_DATA(self, _server: object, _session: Session, _envelope: Envelope) -> str:
        self.kept += 1
        return "250 2.0.0 Ok"


class _Forward:
    """The first server: hands on to the second."""

    def __init__(self, port: int) -> None:
        self._port = port

    def handle(self, envelope: Envelope) -> None:
        with smtplib.SMTP("127.0.0.1", self._port, local_hostname="smtp.kampus.example") as client:
            client.sendmail(envelope.mail_from or "", envelope.rcpt_tos, envelope.content or b"")

    async def handle_DATA(self, server: object, _session: Session, envelope: Envelope) -> str:
        await server.loop.run_in_executor(None, self.handle, envelope)  # type: ignore[attr-defined]
        return "250 2.0.0 Ok"


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def over_loopback(mails: list[bytes]) -> float:
    """Seconds for the mails over real TCP, two SMTP sessions each."""
    keep = _Keep()
    port, own = free_port(), free_port()
    second = Controller(keep, hostname="127.0.0.1", port=port)
    second.start()
    first = Controller(
        _Forward(port),
        hostname="127.0.0.1",
        port=own,
        tls_context=server_context("smtp.kampus.example"),
        authenticator=lambda *_: AuthResult(success=True),
    )
    first.start()
    started = time.perf_counter()
    for octets in mails:
        with smtplib.SMTP("127.0.0.1", own, local_hostname="pc-ani.kampus.example") as client:
            client._host = "smtp.kampus.example"  # the name that the certificate is for
            client.starttls(context=client_context())
            client.login("ani@kampus.example", "rahasia")
            client.sendmail("ani@kampus.example", ["citra@kantor.example"], octets)
    took = time.perf_counter() - started
    first.stop()
    second.stop()
    if keep.kept != len(mails):
        raise RuntimeError(f"the peer kept {keep.kept} of {len(mails)} mails")
    return took


def simulated(scenario: Scenario) -> tuple[float, int, int]:
    """Seconds, deliveries and events of a run that is recorded to a file."""
    header = Header(scenario=scenario, hosts=hosts_of(scenario))
    started = time.perf_counter()
    delivered = events = 0
    with tempfile.TemporaryDirectory() as folder, Writer(Path(folder) / "run.jsonl", header) as out:
        for event in simulate(scenario):
            out.write(event)
            events += 1
            delivered += event.kind == "read"
    return time.perf_counter() - started, delivered, events


def five_days() -> Scenario:
    """A mail that is put off for five days on Postfix's schedule, by a server that answers."""
    text = """
        [mail]
        from = "ani@kampus.example"
        to = "citra@kantor.example"
        subject = "Rapat"
        body = "Sampai jumpa."
        [[change]]
        do = "on RCPT at mx1.kantor.example: reply 450 4.2.1 Later"
    """
    return loads(text, file="five-days.toml", folder=Path())


def memory_per_event(scenario: Scenario) -> float:
    """Octets that one event of a run takes in memory."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    events = list(simulate(scenario))
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(events)


def main() -> None:
    """Print the figures."""
    say: Callable[[str], object] = lambda text: print(text, flush=True)  # noqa: E731
    scenario = the_scenario(MAILS)
    composed = [octets_of(e.fact) for e in simulate(scenario) if e.kind == "composed"]
    size, header = len(composed[0]), len(header_block(composed[0]))
    say(f"{MAILS} mails of {size} octets ({header} of header), {ROUNDS} rounds in turn")
    ratios, rates, event_rates = [], [], []
    for _ in range(ROUNDS):
        peer = over_loopback(composed)
        took, delivered, events = simulated(scenario)
        if delivered != MAILS:
            raise RuntimeError(f"{delivered} of {MAILS} mails were delivered")
        ratios.append(peer / took)
        rates.append(delivered / took)
        event_rates.append(events / took)
    median = statistics.median
    say(f"deliveries per second, recorded   {median(rates):8.0f}")
    say(
        f"  ratio to the loopback peer      {median(ratios):8.2f}   (above 1: faster than real TCP)"
    )
    say(f"events per second, recorded       {median(event_rates):8.0f}")
    patient = five_days()
    spent = [over_loopback(composed) / simulated(patient)[0] for _ in range(ROUNDS)]
    say(
        f"five days of retries, the peer's mails in that time {MAILS / median(spent):5.0f}"
        f"   (ratio {median(spent):.2f})"
    )
    say(f"memory per event, octets          {memory_per_event(scenario):8.0f}")
    bench_screen.report(say)


if __name__ == "__main__":
    sys.exit(main())
