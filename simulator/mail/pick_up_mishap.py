"""What a change does to a session of POP3 or IMAP: another reply, a cut wire, silence, a delay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from simulator.mail.site import Struck, Wire
from simulator.scenario.changes import AnswerInstead, Delay, Drop, Refuse, SayInstead, Silence
from simulator.scenario.virtual_time import SECOND

Mishap: TypeAlias = Callable[[Wire, str, str], Struck | None]
"""What goes otherwise on this wire at this command, with this argument."""


def nothing_goes_wrong(_wire: Wire, _verb: str, _argument: str) -> Struck | None:
    """Every command is carried out."""
    return None


@dataclass(frozen=True, slots=True)
class _Waiting:
    verb: str
    argument: str
    carry_out: Callable[[], None]


class Suffering:
    """The commands of one connection, one after the other, each with what goes wrong at it."""

    def __init__(self, wire: Wire, transport: Any, mishap: Mishap) -> None:
        self._wire, self._transport, self._mishap = wire, transport, mishap
        self._waiting: deque[_Waiting] = deque()
        self._stands_still = False

    def at(self, verb: str, argument: str, carry_out: Callable[[], None]) -> None:
        """A command has come: carry it out when its turn comes, unless it goes wrong.

        A reply that is to be said instead is what the wire is overruled with by then.
        """
        self._waiting.append(_Waiting(verb, argument, carry_out))
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and not self._stands_still and not self._transport.is_closing():
            command = self._waiting.popleft()
            found = self._mishap(self._wire, command.verb, command.argument)
            if found is not None:
                self._let(found, command)
            else:
                command.carry_out()

    def _let(self, found: Struck, command: _Waiting) -> None:
        match found.deed:
            case Delay(duration=duration):
                self._stands_still = True
                loop = asyncio.get_running_loop()
                loop.call_later(duration / SECOND, self._after_all, command)
            case Drop():
                self._wire.closed(self._wire.server, "dropped")
                self._transport.abort()
            case Silence():
                self._stands_still = True
            case SayInstead() as deed:
                self._wire.overrule(deed, found.rule)
                command.carry_out()
            case AnswerInstead() | Refuse():
                raise ValueError(f"{found.deed} comes to no moment of a session")
            case _:
                assert_never(found.deed)

    def _after_all(self, command: _Waiting) -> None:
        self._stands_still = False
        if not self._transport.is_closing():
            command.carry_out()
        self._go_on()
