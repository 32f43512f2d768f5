"""Hosts that are down for a while: their connections break, and new ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.clock import MICROSECONDS
from simulator.scenario.model import Fault
from simulator.trace.event import Judged

if TYPE_CHECKING:
    from simulator.engine.wire import SimulatedWire
    from simulator.engine.world import World


def plan_outages(world: World) -> None:
    """Take every host down and up again when the scenario says so."""
    for fault in world.scenario.faults:
        if fault.do == "down" and fault.host in world.hosts:
            world.loop.call_at(fault.start / MICROSECONDS, _take_down, world, fault)
            if fault.end is not None:
                world.loop.call_at(fault.end / MICROSECONDS, _bring_up, world, fault)


def _take_down(world: World, fault: Fault) -> None:
    addresses = frozenset(world.hosts[fault.host].addresses)
    world.network.down |= addresses

    def breaks(wire: SimulatedWire) -> bool:
        ends = (world.hosts[name].addresses for name in (wire.client, wire.server))
        if not any(addresses.intersection(end) for end in ends):
            return False
        inputs = {"on": fault.on, "argument": "", "text": ""}
        world.emit(fault.host, wire.errand, Judged(rule="fault", verdict="down", inputs=inputs))
        return True

    world.network.cut(breaks)


def _bring_up(world: World, fault: Fault) -> None:
    """Unless another fault keeps it down for longer."""
    now = world.loop.now
    for other in world.scenario.faults:
        lasts = other.start <= now and (other.end is None or now < other.end)
        if (other.do, other.host) == ("down", fault.host) and lasts:
            return
    world.network.down -= frozenset(world.hosts[fault.host].addresses)
