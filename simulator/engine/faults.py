"""Which fault strikes now: a scenario's faults, and how often each has been met."""

from __future__ import annotations

from collections import Counter

from simulator.scenario.model import Fault


class FaultBook:
    """The faults of one world."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        self._met: Counter[int] = Counter()

    def add(self, fault: Fault) -> None:
        """One more, from now on."""
        self._faults = (*self._faults, fault)

    def strike(self, host: str, on: str, argument: str, now: int) -> Fault | None:
        """The first fault that holds for this moment, or None; every one that fits is counted.

        ``now`` in virtual microseconds.
        """
        struck: Fault | None = None
        for number, fault in enumerate(self._faults):
            if not _fits(fault, host, on, argument, now):
                continue
            self._met[number] += 1
            attempt = self._met[number] - fault.skip
            if struck is None and attempt > 0 and (not fault.times or attempt <= fault.times):
                struck = fault
        return struck


def _fits(fault: Fault, host: str, on: str, argument: str, now: int) -> bool:
    return (
        fault.host in {host, ""}
        and fault.on.upper() == on.upper()
        and fault.only.lower() in argument.lower()
        and fault.start <= now
        and (fault.end is None or now < fault.end)
    )
