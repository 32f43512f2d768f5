"""A person at a terminal: connects to a server, types line after line, reads what it answers."""

from __future__ import annotations

import ssl
from dataclasses import replace

from simulator.engine.site import SimulatedSite
from simulator.mail.own_server import address_of_own_server
from simulator.mail.site import Errand, Line
from simulator.mail.typed_segment import Piece, has_ended, pieces_of
from simulator.scenario.typed import SUBMISSION, SUBMISSIONS, Session, typed_octets
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Step
from simulator.trace.go_ahead import lets_message_follow

_PATIENCE = 120 * SECOND
"""How long a person waits for a reply before they type on."""
_GLANCE = SECOND
"""How long they look whether more is coming, and type the next line."""


class Typist:
    """One session by hand."""

    def __init__(self, site: SimulatedSite, session: Session) -> None:
        self._site = site
        self._session = session
        self._handed_over = False

    async def hold(self) -> None:
        """From the look-up of the server's name to the end of the connection."""
        session, errand = self._session, Errand(self._site.new_journey(), self._first_step())
        address = await address_of_own_server(self._site, session.server, errand)
        if not address:
            return
        try:
            line = await self._site.call(
                session.server, address, session.port, session.protocol, errand
            )
        except (ConnectionError, TimeoutError):
            return  # the trace has the refusal, and the person sees it
        line.wire.is_typed = True
        reason = "dropped"
        try:
            await self._talk(line)
        except ssl.SSLError:
            reason = "tls"
        except ConnectionError:
            pass  # the server hung up: nobody is there to type to
        finally:
            line.close(reason)

    def _first_step(self) -> Step:
        if self._session.protocol != "smtp":
            return 6
        return 1 if self._session.port in {SUBMISSION, SUBMISSIONS} else 5

    async def _talk(self, line: Line) -> None:
        session = self._session
        if session.port == SUBMISSIONS:
            await line.start_tls(session.server, verify=True)
        await self._hear(line, 1)
        if session.tls and session.port != SUBMISSIONS:
            await self._type(line, typed_octets(f"EHLO {self._site.name}"))
            said = await self._type(line, typed_octets("STARTTLS"))
            if not said.startswith("220"):
                return  # the client was to seal the connection, and gives up
        await self._type_all(line)

    async def _type_all(self, line: Line) -> None:
        said = ""
        lines = iter(self._session.lines)
        for typed in lines:
            octets, is_content = typed_octets(typed), lets_message_follow(said[:3])
            while is_content and not has_ended(octets):
                more = next(lines, None)
                if more is None:
                    break
                octets += typed_octets(more)
            said = await self._type(line, octets, is_content=is_content)

    async def _type(self, line: Line, segment: bytes, *, is_content: bool = False) -> str:
        """Send one segment, and read the replies to it; gives the last line of the last one."""
        pieces = tuple(pieces_of(segment, is_content=is_content))
        before_tls = next((place for place, one in enumerate(pieces, 1) if _seals(one)), 0)
        for piece in pieces:
            if piece.is_content:
                line.wire.content(piece.octets)
                self._handed_over = True
            else:
                self._say(line, piece.octets)
        await line.send(segment)
        # What was sent ahead of the handshake is not answered (RFC 3207 section 4.2).
        said = await self._hear(line, before_tls or sum(piece.is_answered for piece in pieces))
        if before_tls and said.startswith("220"):
            await line.start_tls(self._session.server, verify=True)
        return said

    def _say(self, line: Line, words: bytes) -> None:
        if words[:4].upper() == b"MAIL":
            self._begin_a_mail(line)
        line.wire.command(words.decode("utf-8", "backslashreplace"))

    def _begin_a_mail(self, line: Line) -> None:
        """A second mail of the session is another message, on a journey of its own."""
        errand = line.wire.errand
        if self._handed_over:
            self._handed_over = False
            errand = replace(errand, journey=self._site.new_journey())
        line.wire.errand = replace(errand, step=2) if errand.step == 1 else errand

    async def _hear(self, line: Line, replies: int) -> str:
        """Read so many replies, and whatever else is coming; gives the last line."""
        said, heard = "", 0
        while True:
            patience = _PATIENCE if heard < replies else _GLANCE
            try:
                said = await line.receive(patience)
            except TimeoutError:
                return said
            # In POP3 and IMAP one cannot tell from a line whether more is coming: all count.
            heard += said[3:4] != "-" or self._session.protocol != "smtp"


def _seals(piece: Piece) -> bool:
    return not piece.is_content and piece.octets.strip().upper() == b"STARTTLS"
