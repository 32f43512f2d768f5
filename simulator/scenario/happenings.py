"""What happens in a scenario beside its mails: sessions, wires, and what goes otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from simulator.scenario.change_tables import check_change, check_changes, read_changes
from simulator.scenario.changes import Change
from simulator.scenario.defaults import with_given
from simulator.scenario.errors import Mistakes, ScenarioError
from simulator.scenario.interceptors import check_interceptors, read_interceptors, servers_of
from simulator.scenario.model import Scenario, in_order
from simulator.scenario.section import Section, Written
from simulator.scenario.sessions import check_sessions, read_sessions, talking_hosts

Happening = TypeVar("Happening")


class Happenings:
    """All that a file says of this kind; what is wrong in it is in the top section's list."""

    def __init__(self, top: Section) -> None:
        self._changes = read_changes(top)
        self._sessions = read_sessions(top)
        self._interceptors = read_interceptors(top)

    def placed(self, scenario: Scenario) -> Scenario:
        """The scenario with those that bring hosts of their own."""
        return msgspec.structs.replace(
            scenario, sessions=_values(self._sessions), interceptors=_values(self._interceptors)
        )

    def fitted(self, scenario: Scenario, mistakes: Mistakes, *, strict: bool) -> Scenario:
        """The scenario with all that can happen in it; what happens at no host of it is a mistake.

        Not ``strict``: it is left out, since the command line changed who writes to whom.
        """
        if strict:
            check_sessions(self._sessions, scenario, mistakes)
            check_interceptors(self._interceptors, scenario, mistakes)
        talking, servers = talking_hosts(scenario), servers_of(scenario)
        scenario = with_given(
            scenario,
            sessions=_those(self._sessions, lambda one: one.server in talking),
            interceptors=_those(
                self._interceptors, lambda one: {one.client, one.server} <= set(servers)
            ),
        )
        if strict:
            check_changes(self._changes, scenario, mistakes)
        fitting = [one.value for one in self._changes if strict or _fits(one, scenario)]
        return with_given(scenario, changes=in_order(fitting))


def _fits(change: Written[Change], scenario: Scenario) -> bool:
    """Whether all whom a change names are there."""
    try:
        check_change(change.value, scenario, change.place)
    except ScenarioError:
        return False
    return True


def _values(written: Sequence[Written[Happening]]) -> tuple[Happening, ...]:
    return tuple(one.value for one in written)


def _those(
    written: Sequence[Written[Happening]], fits: Callable[[Happening], bool]
) -> tuple[Happening, ...]:
    return tuple(one for one in _values(written) if fits(one))
