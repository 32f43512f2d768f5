"""Virtual time: an asyncio event loop that jumps to the next timer when nobody has work.

The clock is an integer of microseconds. Nothing waits on the operating system: there are no
file descriptors, no threads, no wall clock, so that the order of all that happens depends on
the program alone.

It leans on private names of asyncio (``_run_once`` reads ``_selector``, ``_scheduled``,
``_ready``); the tests run on each supported Python to notice a change.
"""

from __future__ import annotations

import asyncio
import heapq
from asyncio import base_events, events
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, NoReturn, Protocol, TypeVarTuple, Unpack

from simulator.scenario.virtual_time import SECOND

_Args = TypeVarTuple("_Args")


class Internet(Protocol):
    """What is connected to where there is no operating system."""

    async def create_connection(
        self, factory: Callable[[], asyncio.BaseProtocol], host: str, port: int, **options: Any
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        """Open a stream."""

    def listen(self, address: str, port: int, factory: Callable[[], asyncio.BaseProtocol]) -> Any:
        """Let ``factory`` make a protocol for every connection."""


class DeadEndError(Exception):
    """Every actor waits, no timer is set: nothing can ever happen again."""


class _OrderedTimer(events.TimerHandle):
    """A timer that keeps the order of its setting where two are due at the same moment.

    asyncio compares timers by time alone, and a heap of equal keys is not first-in first-out.
    """

    __slots__ = ("serial",)

    def __init__(
        self,
        when: float,
        serial: int,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self.serial = serial

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, _OrderedTimer):
            return NotImplemented
        return (self.when(), self.serial) < (other.when(), other.serial)


class _Jump:
    """Stands where asyncio keeps its selector: to wait is to move the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[NoReturn]:
        self._loop.advance(timeout)
        return []


class VirtualLoop(base_events.BaseEventLoop):
    """An event loop in virtual time. ``network`` answers create_connection and create_server.

    ``on_idle`` is called when no callback is ready and no timer is set. It may make work or
    call ``stop``; left alone it raises DeadEndError.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        """Virtual microseconds since the start."""
        self.network: Internet | None = None
        self.on_idle: Callable[[], None] = _dead_end
        self.failure: BaseException | None = None
        """The first error that no one handled: a bug, and the run must crash with it."""
        self._owned: set[asyncio.Task[Any]] = set()
        self._selector = _Jump(self)
        self._clock_resolution = 1 / SECOND
        self._serial = 0
        self.set_exception_handler(self._note_failure)

    def own(self, coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run a coroutine as a task that is kept until it is done: an unowned one can vanish."""
        task = self.create_task(coroutine, name=name)
        self._owned.add(task)
        task.add_done_callback(self._disown)
        return task

    def owned(self) -> list[asyncio.Task[Any]]:
        """The tasks that are not done yet."""
        return list(self._owned)

    def wind_up(self) -> None:
        """Cancel all that still goes on, aiosmtpd's own tasks too, let it end, and close."""
        self.on_idle = self.stop
        for timer in self._scheduled:  # type: ignore[attr-defined]
            timer.cancel()
        for task in asyncio.all_tasks(self):
            task.cancel()
        self.run_forever()
        self.close()

    def time(self) -> float:
        """Virtual seconds since the start, as asyncio wants them."""
        return self.now / SECOND

    def advance(self, timeout: float | None) -> None:
        """Land exactly on the next timer; ``timeout`` None means that there is none."""
        if timeout is None:
            self.on_idle()
        elif timeout > 0:
            due = self._scheduled[0].when()  # type: ignore[attr-defined]
            self.now = max(self.now, round(due * SECOND))

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[_Args]], object],
        *args: *_Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Set a timer; timers of one moment run in the order in which they were set."""
        self._serial += 1
        rounded = round(when * SECOND) / SECOND
        timer = _OrderedTimer(rounded, self._serial, callback, args, self, context)
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001
        return timer

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[_Args]], object],
        *args: *_Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Set a timer ``delay`` virtual seconds from now."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    async def create_connection(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        """Connect inside the simulated internet; ``local_addr`` says from which address."""
        return await self._internet().create_connection(protocol_factory, host, port, **options)

    async def create_server(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **_options: Any
    ) -> Any:
        """Listen inside the simulated internet."""
        return self._internet().listen(str(host), int(port), protocol_factory)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        """Refuse: a thread would bring in an order that is not the program's own."""
        raise RuntimeError("virtual time has no threads: " + repr(func))

    def _disown(self, task: asyncio.Task[Any]) -> None:
        self._owned.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """Stop the loop with an error that no one handled."""
        self.failure = self.failure or error
        self.stop()

    @staticmethod
    def _note_failure(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A broken wire is a fact that the trace tells; any other error is a bug."""
        error = context.get("exception")
        if isinstance(loop, VirtualLoop) and not isinstance(error, ConnectionError):
            loop.fail(error or RuntimeError(str(context.get("message"))))

    def _internet(self) -> Internet:
        if self.network is None:
            raise RuntimeError("this loop has no network")
        return self.network

    def _process_events(self, event_list: list[NoReturn]) -> None:
        """Nothing comes from outside."""

    def _write_to_self(self) -> None:
        """No other thread ever wakes this loop."""


def _dead_end() -> None:
    raise DeadEndError("every actor waits and no timer is set")
