"""Every shipped run, and some that mean harm, as captures that tshark can judge."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec

from simulator.engine.simulate import simulate
from simulator.scenario.library import find, shipped
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Connected, Content, Event, Reply
from simulator.trace.recording import Header
from simulator.views.exports.order import Order
from tests.judges.programs import program, run
from tests.views.exports.orders import hostile_run, order_of

_STRICT = [
    *("-o", "ip.check_checksum:TRUE"),
    *("-o", "tcp.check_checksum:TRUE"),
    *("-o", "udp.check_checksum:TRUE"),
    *("-o", "smtp.decryption:TRUE"),
    *("-d", "tcp.port==24,smtp"),
]
_FIRST_YEAR = 2030


def tshark(*arguments: str) -> str:
    """What tshark prints; it checks every checksum, and opens TLS with the keys in the file."""
    done = run(program("tshark"), *_STRICT, *arguments, patience=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "replace")


def in_year(order: Order, year: int) -> Order:
    """The same run in another year, so that runs can stand one after the other in a file."""
    scenario = msgspec.structs.replace(order.scenario, start=f"{year}{order.scenario.start[4:]}")
    return replace(order, header=msgspec.structs.replace(order.header, scenario=scenario))


def fetched_by_imap() -> Order:
    """A run whose recipient fetches by IMAP."""
    scenario = load(find("two-domains"))
    pickups = tuple(msgspec.structs.replace(one, protocol="imap") for one in scenario.pickups)
    scenario = msgspec.structs.replace(scenario, pickups=pickups)
    header = Header(scenario=scenario, hosts=hosts_of(scenario))
    return Order(header, tuple(simulate(scenario)))


def over_ipv6() -> Order:
    """A run whose streams go between addresses that the simulator does not have yet."""
    order = order_of("two-domains")
    return replace(order, events=tuple(map(_over_ipv6, order.events)))


def _over_ipv6(event: Event) -> Event:
    fact = event.fact
    if not isinstance(fact, Connected):
        return event
    moved = {"address": "2001:db8::1", "client_address": "2001:db8::2"}
    return msgspec.structs.replace(event, fact=msgspec.structs.replace(fact, **moved))


def every_order() -> dict[str, Order]:
    """By name, every run, each in a year of its own, so that one file can hold them all."""
    every = {folder.name: order_of(folder.name) for folder in shipped()}
    every |= {"by imap": fetched_by_imap(), "hostile": hostile_run(), "ipv6": over_ipv6()}
    years = itertools.count(_FIRST_YEAR)
    return {name: in_year(order, next(years)) for name, order in every.items()}


def spoken(order: Order) -> dict[int, tuple[Connected, list[Event]]]:
    """The events of each connection, and how it was opened."""
    found: dict[int, tuple[Connected, list[Event]]] = {}
    for event in order.events:
        fact = event.fact
        if isinstance(fact, Connected):
            found[fact.conn] = (fact, [])
        elif isinstance(fact, Command | Reply | Content):
            found[fact.conn][1].append(event)
    return found
