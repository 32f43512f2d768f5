"""Where a mail program stands: the only things it may do to the world around it.

The engine provides these in virtual time, live mode on real sockets; the programs in ``mail``
and ``actors`` know no more of either than this.
"""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from simulator.mail.reply import Ruled
from simulator.scenario.changes import SayInstead, Strike
from simulator.trace.event import Fact, Step
from simulator.trace.event import Protocol as Spoken


@dataclass(frozen=True, slots=True)
class Errand:
    """On whose behalf something is done: which message's journey, and which of the six steps."""

    journey: str
    step: Step


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a resolver said: its rcode, and the data of the answer records of the asked type.

    ``real_name`` is the name that has them, where the name asked for is only an alias of it.
    """

    rcode: str
    data: tuple[str, ...]
    real_name: str = ""


Wish: TypeAlias = Literal["fault", "intervention"]
"""Who wants something to go otherwise, as a key of a rule: the scenario, or a person."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What goes otherwise at one moment, and by whose wish.

    ``is_news``: whether the trace does not know of it yet.
    """

    deed: Strike
    on: str
    rule: Wish = "fault"
    is_news: bool = True


class Wire(Protocol):
    """One connection as the trace sees it; both ends speak through it, each as itself."""

    errand: Errand
    is_typed: bool
    """Whether a person types here: then no mail client says what it has fetched."""
    conn: int
    """Its number."""

    @property
    def client(self) -> str:
        """The host that opened the connection."""

    @property
    def server(self) -> str:
        """The host that answers."""

    @property
    def called(self) -> str:
        """The host that the client called; another one may answer for it."""

    def command(self, line: str) -> None:
        """The client spoke a line."""

    def reply(self, text: str, rule: str) -> None:
        """The server answered: whole lines joined by CRLF, without the last one."""

    def overruling(self) -> Ruled | None:
        """What is to be said in place of the next reply, its lines joined by CRLF.

        It stays so until a reply is given.
        """

    def overrule(self, deed: SayInstead, rule: Wish) -> None:
        """Have this said in place of the next reply."""

    def content(self, octets: bytes, *, by_server: bool = False) -> None:
        """A message went over the wire, dot-stuffed, with its final dot line."""

    def handshake(
        self, version: str, cipher: str, name: str, *, verified: bool, reason: str
    ) -> None:
        """The client finished a TLS handshake with ``name``, or broke it off for a reason."""

    def closed(self, host: str, reason: str) -> None:
        """``host`` closed the connection; said once, however many ends close after it."""


def wire_of_transport(transport: Any) -> Wire:
    """The wire that a simulated connection carries with it."""
    wire: Wire = transport.get_extra_info("wire")
    return wire


class Line(Protocol):
    """The client's end of an open connection."""

    @property
    def wire(self) -> Wire:
        """The connection as the trace sees it."""

    async def send(self, octets: bytes) -> None:
        """Put octets on the wire in one go. Raises ConnectionError where it is broken."""

    async def receive(self, patience: int) -> str:
        """The next line without its CRLF.

        Raises TimeoutError after ``patience`` microseconds, ConnectionError when the other side
        is gone.
        """

    async def receive_until(self, ending: bytes, patience: int) -> bytes:
        """Octets up to and with ``ending``; raises as ``receive`` does."""

    async def start_tls(self, name: str, *, verify: bool) -> None:
        """Seal the connection, with whoever proves to be ``name`` or with anyone.

        Raises ssl.SSLError where the proof fails.
        """

    def close(self, reason: str) -> None:
        """Close the connection, saying why."""


class Site(Protocol):
    """One host's own place in the world."""

    name: str
    address: str
    addresses: tuple[str, ...]
    """All addresses of this machine, ``address`` the first of them."""
    random: random.Random

    @property
    def is_off(self) -> bool:
        """Whether this machine is down at the moment: then nothing happens on it."""

    def when_on(self, act: Callable[[], None]) -> None:
        """Do something as soon as this machine is on: now, if it is."""

    def now(self) -> int:
        """Virtual microseconds since the start."""

    def date(self, at: int | None = None) -> datetime:
        """A moment as a date with its zone: ``at`` in virtual microseconds, or now."""

    def emit(self, errand: Errand, fact: Fact) -> None:
        """Something happened here."""

    async def sleep(self, duration: int) -> None:
        """Let ``duration`` virtual microseconds pass."""

    async def resolve(self, name: str, rdtype: str, errand: Errand) -> Resolved:
        """Ask this host's resolver."""

    async def call(
        self, peer: str, address: str, port: int, protocol: Spoken, errand: Errand
    ) -> Line:
        """Open a connection. Raises ConnectionError or TimeoutError where it cannot be opened."""

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Let work go on beside what is being done; it is kept until it is done."""

    def tls_context(self) -> ssl.SSLContext:
        """What this host shows when it is asked for TLS."""

    def strike(
        self, on: str, argument: str = "", conn: int | None = None, *, final: bool = True
    ) -> Struck | None:
        """What goes otherwise here at this moment, if anything; asking counts as a try.

        ``conn`` is the connection that it is about; ``final``: whether a DNS answer ends the
        search for it, and is no referral.
        """

    def next_hop(self, domain: str) -> str:
        """The host that mail for ``domain`` is to go to next from here, or nothing."""

    def exchanger(self, domain: str) -> str:
        """The exchanger of ``domain`` that a person wants tried first, or nothing."""

    def new_journey(self) -> str:
        """The name of a message that did not exist before: m1, m2 and so on."""
