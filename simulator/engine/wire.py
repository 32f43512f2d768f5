"""A connection as the trace sees it: what each end says, above TLS, in the order it was said."""

from __future__ import annotations

import re

from simulator.engine.ground import Ground
from simulator.mail.reply import Ruled, enhanced_status, imap_code
from simulator.mail.site import Errand, Wish
from simulator.scenario.changes import SayInstead
from simulator.scenario.secrecy import Interceptor
from simulator.trace.event import Closed, Command, Content, Protocol, Reply, Tls
from simulator.trace.octets import octets_to_text

_HTTP_LINE = re.compile(r"HTTP/\d\.\d (\d{3})")
_SMTP_LINE = re.compile(r"(\d{3})[ -]?(.*)", re.DOTALL)


class SimulatedWire:
    """One connection of a simulated world; both ends hold the same one.

    ``called`` is the host that the client means to speak to, at ``address``; it is ``server``
    unless somebody sits between.
    """

    def __init__(
        self,
        ground: Ground,
        client: str,
        server: str,
        port: int,
        protocol: Protocol,
        errand: Errand,
    ) -> None:
        self._ground = ground
        self.called, self.address = server, ""
        self.interceptor: Interceptor | None = None
        self.conn = ground.next_connection()
        self.client, self.server = client, server
        self.port, self.protocol = port, protocol
        self.errand = errand
        self.is_typed = False
        self.secure = False
        self.owed = 0
        """Replies that are due to what the client has said."""
        self._open = True

    def command(self, line: str) -> None:
        """The client spoke a line."""
        self.owed += 1
        fact = Command(conn=self.conn, peer=self.server, line=line, secure=self.secure)
        self._ground.emit(self.client, self.errand, fact)

    def reply(self, text: str, rule: str) -> None:
        """The server answered."""
        self.owed = max(self.owed - 1, 0)
        self._ground.strikes.said(self.conn)
        lines = tuple(text.split("\r\n"))
        code: int | str
        enhanced: str | None
        if self.protocol == "imap":
            code, enhanced = imap_code(lines), None
        else:
            code, enhanced = _code_of(lines[0])
        fact = Reply(
            conn=self.conn,
            peer=self.client,
            code=code,
            enhanced=enhanced,
            lines=lines,
            rule=rule,
            secure=self.secure,
        )
        self._ground.emit(self.server, self.errand, fact)

    def overruling(self) -> Ruled | None:
        """What is to be said in place of the next reply, its lines joined by CRLF."""
        return self._ground.strikes.saying(self.conn)

    def overrule(self, deed: SayInstead, rule: Wish) -> None:
        """Have this said in place of the next reply."""
        self._ground.strikes.say_next(deed, self.conn, rule)

    def content(self, octets: bytes, *, by_server: bool = False) -> None:
        """A message went over the wire."""
        data, encoding = octets_to_text(octets)
        self.owed += not by_server
        speaker, listener = (self.server, self.client) if by_server else (self.client, self.server)
        fact = Content(
            conn=self.conn, peer=listener, data=data, encoding=encoding, secure=self.secure
        )
        self._ground.emit(speaker, self.errand, fact)

    def handshake(
        self, version: str, cipher: str, name: str, *, verified: bool, reason: str
    ) -> None:
        """The client finished a TLS handshake, or broke it off (``reason`` says why)."""
        fact = Tls(
            conn=self.conn,
            peer=self.server,
            version=version,
            cipher=cipher,
            verified=verified,
            name=name,
            reason=reason,
        )
        self._ground.emit(self.client, self.errand, fact)
        self.secure = not reason

    def closed(self, host: str, reason: str) -> None:
        """``host`` closed the connection; only the first close is told."""
        if not self._open:
            return
        self._open = False
        peer = self.client if host == self.server else self.server
        fact = Closed(
            conn=self.conn, peer=peer, port=self.port, protocol=self.protocol, reason=reason
        )
        self._ground.emit(host, self.errand, fact)


def _code_of(line: str) -> tuple[int | str, str | None]:
    """SMTP's three digits and enhanced status, HTTP's three digits, or POP3's first word."""
    http = _HTTP_LINE.match(line)
    if http is not None:
        return int(http[1]), None
    found = _SMTP_LINE.match(line)
    if found is None:
        return line.partition(" ")[0], None
    return int(found.group(1)), enhanced_status(found.group(2))
