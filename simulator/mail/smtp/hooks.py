"""aiosmtpd's hooks, turned into questions to a host's Reception."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from aiosmtpd.smtp import AuthResult, Envelope, Session

from simulator.mail.host_names import with_a_labels
from simulator.mail.proofs import KeyedDigest, Proof
from simulator.mail.reply import Ruled
from simulator.mail.visitor import Incoming, Reception, Visitor


class Server(Protocol):
    """As much of an SMTP server's session as its hooks need to know."""

    visitor: Visitor
    hostname: str
    answers_each: bool

    async def push(self, status: Ruled) -> None:
        """Say a reply."""

    async def challenge_auth(self, challenge: str) -> bytes | object:
        """The client's answer to a challenge of AUTH; no octets where it gave up."""

    def prove(self, user: str, proof: Proof) -> AuthResult:
        """Whether that is the user."""

    def overruled(self) -> Ruled | None:
        """What is to be said in place of the next reply."""

    def note_recipient(self, address: str) -> None:
        """A recipient was accepted."""

    def incoming(self, envelope: Envelope) -> Incoming:
        """The message that has just come in."""


def reverse_path_of(address: str) -> str:
    """The address of MAIL without the brackets that aiosmtpd leaves around the null one."""
    return "" if address == "<>" else address


_NAMES: dict[type, tuple[str, ...]] = {}


def names_of_hooks(kind: type) -> tuple[str, ...]:
    """The names of a class that aiosmtpd looks for: commands, mechanisms of AUTH, and hooks."""
    if kind not in _NAMES:
        wanted = ("smtp_", "auth_", "handle_")
        _NAMES[kind] = tuple(name for name in dir(kind) if name.startswith(wanted))
    return _NAMES[kind]


class Hooks:
    """aiosmtpd's hooks, turned into questions to a host's Reception."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def __dir__(self) -> tuple[str, ...]:
        """aiosmtpd looks at every name at every connection; these are all it can find."""
        return names_of_hooks(type(self))

    async def handle_EHLO(
        self,
        server: Server,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        said: list[str],
    ) -> list[Ruled]:
        """What this host offers, in its order."""
        session.host_name = hostname
        server.visitor.helo, server.visitor.extended = hostname, True
        offered = [self._offer(line) for line in said[1:-1]]
        by_name = {line.partition(" ")[0]: line for line in offered}
        names = [
            name
            for name in self._reception.keywords
            if name not in {"SIZE", "STARTTLS", "AUTH"} or name in by_name
        ]
        lines = [server.hostname, *(by_name.get(name, name) for name in names)]
        text = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
        return [Ruled("\r\n".join(text), "ehlo")]

    def _offer(self, line: str) -> str:
        mechanisms = " ".join(("AUTH", *self._reception.mechanisms))
        return mechanisms if line.startswith("250-AUTH") else line[4:]

    async def handle_HELO(
        self, server: Server, session: Session, _envelope: Envelope, hostname: str
    ) -> Ruled:
        """The old greeting: no extensions (RFC 5321 section 4.1.1.1)."""
        session.host_name = hostname
        server.visitor.helo, server.visitor.extended = hostname, False
        return Ruled(f"250 {server.hostname}", "helo")

    async def auth_CRAM__MD5(self, server: Server, _args: list[str]) -> AuthResult:
        """A challenge, and its digest with the password as key (RFC 2195)."""
        challenge = self._reception.challenge()
        answer = await server.challenge_auth(challenge)
        if not isinstance(answer, bytes):
            return AuthResult(success=False)  # the client gave it up, and was told so
        user, _, digest = answer.decode("utf-8", "replace").rpartition(" ")
        return server.prove(user, KeyedDigest(challenge, digest))

    async def handle_MAIL(
        self,
        server: Server,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> Ruled:
        """A mail transaction begins."""
        server.visitor.accepted = 0
        server.visitor.forward_paths.clear()
        path = reverse_path_of(with_a_labels(address))
        server.visitor.reverse_path = path = self._reception.completed(path) if path else path
        reply = await self._reception.judge_sender(server.visitor, path)
        reply = server.overruled() or reply
        if reply.startswith("2"):
            envelope.mail_from = path or address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(
        self,
        server: Server,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> Ruled:
        """One recipient more, or not."""
        forward_path = self._reception.understood(with_a_labels(address))
        reply = await self._reception.judge_recipient(server.visitor, forward_path)
        reply = server.overruled() or reply
        if reply.startswith("2"):
            envelope.rcpt_tos.append(forward_path)
            server.note_recipient(forward_path)
            server.visitor.accepted += 1
            server.visitor.forward_paths.append(forward_path)
        return reply

    async def handle_VRFY(
        self, server: Server, _session: Session, _envelope: Envelope, address: str
    ) -> Ruled:
        """Would mail for this address be taken?"""
        return await self._reception.verify(server.visitor, with_a_labels(address))

    async def handle_RSET(self, _server: Server, _session: Session, _envelope: Envelope) -> Ruled:
        """The mail transaction is forgotten."""
        return Ruled("250 2.0.0 Ok", "rset")

    async def handle_DATA(self, server: Server, _session: Session, envelope: Envelope) -> Ruled:
        """The message has come in whole."""
        incoming = server.incoming(envelope)
        overruled = server.overruled()
        if overruled is not None and not overruled.startswith("2"):
            # A reply is for one recipient in LMTP, and for all of them in SMTP.
            incoming = replace(incoming, forward_paths=incoming.forward_paths[1:])
            if not (server.answers_each and incoming.forward_paths):
                return overruled
            await server.push(overruled)
        if not incoming.forward_paths:
            return Ruled("554 5.5.1 Error: no valid recipients", "recipients.none")
        replies = await self._reception.take(server.visitor, incoming)
        for reply in replies[:-1]:
            await server.push(reply)
        return replies[-1]
