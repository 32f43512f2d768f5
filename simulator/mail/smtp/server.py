"""The server half of SMTP: aiosmtpd's SMTP, extended where real servers do more.

What is added: PIPELINING, ENHANCEDSTATUSCODES and DSN (RFC 2920, 2034, 3461) in the EHLO reply,
their parameters, one reply at a time into the trace, limits that belong to one connection, and
a host's own decisions through ``Reception``.
"""

from __future__ import annotations

from aiosmtpd.smtp import Envelope, syntax

from simulator.mail.content_reader import read_content
from simulator.mail.dsn_parameters import OF_MAIL, OF_RECIPIENT, bad_parameter, peel
from simulator.mail.reply import Ruled
from simulator.mail.smtp.frame import SmtpFrame
from simulator.mail.smtp.hooks import reverse_path_of
from simulator.mail.smtp.parameters import not_offered
from simulator.mail.smtp.paths import bad_recipient, bad_sender
from simulator.mail.transparency import dot_unstuff, with_crlf
from simulator.mail.visitor import Incoming

_LARGEST = 1 << 30
"""Octets of a message where a host sets no limit."""


class SmtpServer(SmtpFrame):
    """One SMTP session with one client."""

    _mail_parameters: tuple[str, ...] = ()
    _parameters_of_this_recipient: tuple[str, ...] = ()

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str) -> None:
        """STARTTLS, once: there is no TLS within TLS."""
        if self.visitor.secure:
            await self.push(Ruled("554 5.5.1 Error: TLS already active", "sequence.bad"))
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_EXPN(self, arg: str) -> None:
        """Whom a list is for is nobody's business (RFC 5321 section 7.3)."""
        if self._reception.follows == "exim":
            await self.push(Ruled("550 Administrative prohibition", "command.unknown"))
            return
        await super().smtp_EXPN(arg)

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, arg: str) -> None:
        """Mechanism names are case-insensitive (RFC 4422 section 3.1)."""
        if not self._reception.mechanisms:
            await self.push(Ruled("503 5.5.1 Error: authentication not enabled", "sequence.bad"))
            return
        mechanism, _, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {rest}".strip())

    @syntax("QUIT")
    async def smtp_QUIT(self, arg: str) -> None:
        """Say 221 and close, as RFC 5321 section 4.1.1.10 asks."""
        if not arg:
            await self.push("221 Bye")
            await self._hang_up("quit")
        await super().smtp_QUIT(arg)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL with the DSN parameters taken off, their case kept (RFC 3461)."""
        rest, self._mail_parameters = peel(arg, OF_MAIL)
        self._recipient_parameters = {}
        asked = "SMTPUTF8" in (rest or "").upper().split(" ")
        refusal = (
            not_offered(arg or "", self._reception.keywords)
            or bad_sender(rest or "", utf8=asked)
            or bad_parameter(self._mail_parameters)
        )
        if refusal is not None and self.visitor.helo:
            await self.push(refusal)
            return
        await super().smtp_MAIL(rest)

    @syntax("RCPT TO: <address>", extended=" [SP <rcpt-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT with the DSN parameters taken off, their case kept (RFC 3461)."""
        rest, parameters = peel(arg, OF_RECIPIENT)
        self._parameters_of_this_recipient = parameters
        envelope = self.envelope
        utf8 = bool(envelope and envelope.smtp_utf8)
        refusal = (
            not_offered(arg or "", self._reception.keywords)
            or bad_recipient(rest or "", utf8=utf8)
            or bad_parameter(parameters)
        )
        if refusal is not None and envelope is not None and envelope.mail_from:
            self.visitor.refused += 1
            await self.push(refusal)
            return
        await super().smtp_RCPT(rest)

    def note_recipient(self, address: str) -> None:
        """A recipient was accepted: keep the DSN parameters that came with it."""
        self._recipient_parameters[address] = self._parameters_of_this_recipient

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """DATA read in one piece: aiosmtpd reads line by line, which 25 MB would feel."""
        envelope = self.envelope
        out_of_place = arg or not envelope.rcpt_tos or not self.visitor.helo if envelope else True
        if envelope is None or (out_of_place and self.overruled() is None):
            await super().smtp_DATA(arg)  # its refusals are ours
            return
        await self.push("354")
        await self._suffer("content")
        content = await read_content(self._reader, self.data_size_limit or _LARGEST)
        if content is None:
            status = Ruled("552 5.3.4 Error: message file too big", "size.exceeded")
        else:
            envelope.content = envelope.original_content = with_crlf(dot_unstuff(content))
            await self._suffer(".")
            status = await self._call_handler_hook("DATA")
            await self._suffer("accepted")
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(status)

    def incoming(self, envelope: Envelope) -> Incoming:
        """The message that has just come in."""
        return Incoming(
            reverse_path_of(envelope.mail_from or ""),
            tuple(dict.fromkeys(envelope.rcpt_tos)),
            bytes(envelope.original_content or b""),
            bool(envelope.smtp_utf8),
            self._mail_parameters,
            dict(self._recipient_parameters),
        )
