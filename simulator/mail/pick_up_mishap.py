"""What a fault does to a session of POP3 or IMAP: another reply, a cut wire, silence, a delay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from simulator.mail.site import Wire
from simulator.scenario.model import Fault
from simulator.scenario.virtual_time import SECOND

Mishap: TypeAlias = Callable[[Wire, str, str], Fault | None]
"""What goes wrong on this wire at this command, with this argument."""


def nothing_goes_wrong(_wire: Wire, _verb: str, _argument: str) -> Fault | None:
    """Every command is carried out."""
    return None


@dataclass(frozen=True, slots=True)
class _Waiting:
    verb: str
    argument: str
    carry_out: Callable[[], None]
    say_instead: Callable[[str], None]


class Suffering:
    """The commands of one connection, one after the other, each with what goes wrong at it."""

    def __init__(self, wire: Wire, transport: Any, mishap: Mishap) -> None:
        self._wire, self._transport, self._mishap = wire, transport, mishap
        self._waiting: deque[_Waiting] = deque()
        self._stands_still = False

    def at(
        self,
        verb: str,
        argument: str,
        carry_out: Callable[[], None],
        say_instead: Callable[[str], None],
    ) -> None:
        """A command has come: carry it out when its turn comes, unless it goes wrong."""
        self._waiting.append(_Waiting(verb, argument, carry_out, say_instead))
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and not self._stands_still and not self._transport.is_closing():
            command = self._waiting.popleft()
            fault = self._mishap(self._wire, command.verb, command.argument)
            if fault is None:
                command.carry_out()
            else:
                self._let(fault, command)

    def _let(self, fault: Fault, command: _Waiting) -> None:
        match fault.do:
            case "delay":
                self._stands_still = True
                loop = asyncio.get_running_loop()
                loop.call_later(fault.delay / SECOND, self._after_all, command)
            case "drop":
                self._wire.closed(self._wire.server, "dropped")
                self._transport.abort()
            case "silence":
                self._stands_still = True
            case "reply" | "refuse" | "down":
                command.say_instead(fault.text)

    def _after_all(self, command: _Waiting) -> None:
        self._stands_still = False
        if not self._transport.is_closing():
            command.carry_out()
        self._go_on()
