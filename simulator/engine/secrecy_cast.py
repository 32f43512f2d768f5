"""Puts those on their hosts who guard the wire between servers, and those who sit on it."""

from __future__ import annotations

from simulator.actors.interceptor import Interceptor
from simulator.engine.world import World
from simulator.scenario.domain import Domain
from simulator.scenario.topology import sts_host
from simulator.scenario.virtual_time import SECOND


def raise_interceptors(world: World) -> None:
    """Whoever sits on a wire listens for the calls that are led there."""
    for host in dict.fromkeys(one.host for one in world.scenario.interceptors):
        Interceptor(world.site(host)).open()


def raise_policy_server(world: World, domain: Domain) -> None:
    """The host from which a domain's MTA-STS policy can be fetched."""
    if domain.mta_sts is None:
        return
    from simulator.actors.policy_server import PolicyServer  # noqa: PLC0415 - few scenarios do
    from simulator.mail.sts import Policy  # noqa: PLC0415

    wanted = domain.mta_sts
    names = wanted.mx or tuple(one.host for one in domain.exchangers if one.host != ".")
    policy = Policy(wanted.mode, names, wanted.max_age // SECOND)
    PolicyServer(world.site(sts_host(domain.name)), policy).open()


def sts_lines(domain: Domain, start: str) -> tuple[str, ...]:
    """The line of a domain's zone file that says: there is a policy (RFC 8461 section 3.1)."""
    if domain.mta_sts is None:
        return ()
    from simulator.mail.sts import record  # noqa: PLC0415

    identity = "".join(sign for sign in start[:19] if sign.isdigit())
    return (f'_mta-sts 3600 IN TXT "{record(identity)}"',)
