"""The server half of SMTP: aiosmtpd's SMTP, extended where real servers do more.

What is added: PIPELINING, ENHANCEDSTATUSCODES, DSN and CHUNKING (RFC 2920, 2034, 3461, 3030) in
the EHLO reply, paths and parameters read in Postfix's order, one reply at a time into the trace,
and a host's own decisions through ``Reception``.
"""

from __future__ import annotations

from typing import cast

from aiosmtpd.smtp import Envelope, syntax

from simulator.mail.content_reader import has_more, read_content, read_lenient_content
from simulator.mail.reply import Ruled
from simulator.mail.smtp.arguments import read_mail, read_recipient, read_verify
from simulator.mail.smtp.chunks import ChunkSize, chunk_size, skip_chunk
from simulator.mail.smtp.frame import SmtpFrame
from simulator.mail.smtp.hooks import reverse_path_of
from simulator.mail.smtp.paths import is_domain
from simulator.mail.transparency import dot_unstuff, has_bare_line_end, has_bare_newline, with_crlf
from simulator.mail.visitor import Incoming, Reading

_LARGEST = 1 << 30
"""Octets of a message where a host sets no limit."""
_NO_RECIPIENTS = Ruled("554 5.5.1 Error: no valid recipients", "recipients.none")
_NEED_RCPT = Ruled("503 5.5.1 Error: need RCPT command", "sequence.bad")


class SmtpServer(SmtpFrame):
    """One SMTP session with one client."""

    _mail_parameters: tuple[str, ...] = ()
    _eight_bit = False
    _parameters_of_this_recipient: tuple[str, ...] = ()
    _reading: Reading = "as-sent"
    _is_inside = False
    """What comes now stands behind a dot between lone line ends, inside another message."""
    _chunks: bytearray | None = None
    """What BDAT has brought of this message; None before the first chunk."""
    _spoilt = False
    """Whether a chunk was refused: then all further ones are, up to the last."""

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

    @syntax("ETRN domain")
    async def smtp_ETRN(self, arg: str | None) -> None:
        """ETRN (RFC 1985): no mail waits here to be asked for, as with a usual Postfix."""
        domain = (arg or "")[(arg or "").startswith(("@", "#")) :]
        if "ETRN" not in self._reception.keywords:
            await self._not_recognized("ETRN")
        elif self._in_transaction:
            await self.push(Ruled("503 Error: MAIL transaction in progress", "sequence.bad"))
        elif not domain or " " in domain:
            await self.push(Ruled("500 Syntax: ETRN domain", "syntax.bad"))
        elif not is_domain(domain):
            await self.push(Ruled("501 Error: invalid parameter syntax", "syntax.bad"))
        else:
            await self.push(Ruled(f"459 <{domain}>: service unavailable", "etrn.refused"))

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, arg: str) -> None:
        """Mechanism names are case-insensitive (RFC 4422 section 3.1); any greeting will do."""
        if not self._reception.mechanisms:
            await self.push(Ruled("503 5.5.1 Error: authentication not enabled", "sequence.bad"))
            return
        if self._in_transaction:  # RFC 4954 section 4
            await self.push(Ruled("503 5.5.1 Error: MAIL transaction in progress", "sequence.bad"))
            return
        if self.session is not None:
            self.session.extended_smtp = True
        mechanism, _, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {rest}".strip())

    @syntax("QUIT")
    async def smtp_QUIT(self, _arg: str) -> None:
        """Say 221 and close (RFC 5321 section 4.1.1.10), whatever else was said behind QUIT."""
        await self.push("221 Bye")
        await self._hang_up("quit")

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, arg: str | None) -> None:
        """Would mail for this address be taken (RFC 5321 section 3.5)?"""
        address = read_verify(arg or "")
        if isinstance(address, Ruled):
            await self.push(address)
        else:
            await self.push(await self._call_handler_hook("VRFY", address))

    @property
    def _in_transaction(self) -> bool:
        return bool(self.envelope and self.envelope.mail_from)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """A mail transaction begins (RFC 5321 section 4.1.1.2)."""
        if await self.check_helo_needed():
            return
        if self._in_transaction or self._spoilt:
            await self.push(Ruled("503 5.5.1 Error: nested MAIL command", "sequence.bad"))
            return
        said = read_mail(arg or "", self._reception.keywords)
        if isinstance(said, Ruled):
            await self.push(said)
            return
        if self.data_size_limit and said.size > self.data_size_limit:
            await self.push(Ruled("552 5.3.4 Message size exceeds fixed limit", "size.exceeded"))
            return
        self._mail_parameters, self._eight_bit = said.reports, said.eight_bit
        self._recipient_parameters = {}
        if self.envelope is not None:
            self.envelope.smtp_utf8 = said.utf8
        # aiosmtpd takes an empty address for none; the null one is written with its brackets.
        await self.push(await self._call_handler_hook("MAIL", said.reverse_path or "<>", []))

    @syntax("RCPT TO: <address>", extended=" [SP <rcpt-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """One recipient more, or not (RFC 5321 section 4.1.1.3)."""
        if not self._in_transaction:
            await self.push(Ruled("503 5.5.1 Error: need MAIL command", "sequence.bad"))
            return
        if self._chunks is not None or self._spoilt:
            await self.push(Ruled("503 5.5.1 Error: RCPT after BDAT", "sequence.bad"))
            return
        said = read_recipient(arg or "", self._reception.keywords, utf8=self._utf8)
        if isinstance(said, Ruled):
            await self.push(said)
            return
        self._parameters_of_this_recipient = said.reports
        await self.push(await self._call_handler_hook("RCPT", said.forward_path, []))

    @property
    def _utf8(self) -> bool:
        return bool(self.envelope and self.envelope.smtp_utf8)

    def note_recipient(self, address: str) -> None:
        """A recipient was accepted: keep the DSN parameters that came with it."""
        self._recipient_parameters[address] = self._parameters_of_this_recipient

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """DATA read in one piece: aiosmtpd reads line by line, which 25 MB would feel."""
        refusal = self._data_out_of_place(arg)
        if self.envelope is None or (refusal is not None and self.overruled() is None):
            await self.push(refusal or _NEED_RCPT)
            return
        self._is_inside = self._is_inside and has_more(self._reader)
        await self.push("354")
        await self._suffer("content")
        content = await self._content(self.data_size_limit or _LARGEST)
        if content is None:
            status = Ruled("552 5.3.4 Error: message file too big", "size.exceeded")
        elif self._reception.habits.bare_newline == "reject" and has_bare_newline(content):
            text = f"550 5.5.2 {self.hostname} Error: bare <LF> received"
            status = Ruled(text, "newline.bare")
        else:
            status = await self._take(self.envelope, dot_unstuff(content))
        self._set_post_data_state()
        await self.push(status)

    async def _content(self, limit: int) -> bytes | None:
        """What is sent up to the final dot, as this server understands its line ends."""
        was_inside, self._is_inside = self._is_inside, False
        self._reading = "begun" if was_inside else "as-sent"
        if self._reception.habits.bare_newline != "accept":
            content = await read_content(self._reader, limit)
            if content is not None and has_bare_line_end(content):
                self._reading = "normalized"
            return content
        content, ending = await read_lenient_content(self._reader, limit)
        if ending != "crlf" and not was_inside:
            self._reading = "ended" if ending == "lone" else "normalized"
        self._is_inside = ending == "lone"
        return content

    def _data_out_of_place(self, arg: str) -> Ruled | None:
        if self._chunks is not None or self._spoilt:
            return Ruled("503 5.5.1 Error: DATA after BDAT", "sequence.bad")
        if self.envelope is None or not self.envelope.rcpt_tos:
            return _NO_RECIPIENTS if self._in_transaction else _NEED_RCPT
        if arg:
            return Ruled("501 5.5.4 Syntax: DATA", "syntax.bad")
        if self._reception.habits.refuses_early_talk and has_more(self._reader):
            said = "<DATA>: Data command rejected: Improper use of SMTP command pipelining"
            return Ruled(f"503 5.5.0 {said}", "pipelining.improper")
        return None

    @syntax("BDAT octets [LAST]")
    async def smtp_BDAT(self, arg: str | None) -> None:
        """A chunk of the message, or the last of them (RFC 3030 section 2)."""
        size = chunk_size(arg or "")
        if "CHUNKING" not in self._reception.keywords:
            await self._not_recognized("BDAT")
        elif size is None:  # nobody knows what of the octets that follow are commands
            await self.push(Ruled("521 5.5.4 Syntax: BDAT count [LAST]", "syntax.bad"))
            await self._hang_up("dropped")
        else:
            await self.push(await self._chunk(size))

    async def _chunk(self, size: ChunkSize) -> Ruled:
        refusal = self._chunk_out_of_place(size)
        if self.envelope is None or refusal is not None:
            await skip_chunk(self._reader, size.octets)
            self._spoilt = True
            if size.is_last:
                self._set_post_data_state()
            return refusal or _NEED_RCPT
        if self._chunks is None:
            self._chunks = bytearray()
        self._chunks += await self._reader.readexactly(size.octets)
        if not size.is_last:
            return Ruled(f"250 2.0.0 Ok: {size.octets} bytes", "chunk.taken")
        octets = bytes(self._chunks)
        status = await self._take(self.envelope, octets)
        self._set_post_data_state()
        return Ruled(status.replace("Ok: queued", f"Ok: {len(octets)} bytes queued"), status.rule)

    def _chunk_out_of_place(self, size: ChunkSize) -> Ruled | None:
        if self._spoilt:
            text = f"551 5.0.0 Discarded {size.octets} bytes after earlier error"
            return Ruled(text, "sequence.bad")
        if self.envelope is None or not self.envelope.rcpt_tos:
            return _NO_RECIPIENTS if self._in_transaction else _NEED_RCPT
        if len(self._chunks or b"") + size.octets > (self.data_size_limit or _LARGEST):
            return Ruled("552 5.3.4 Chunk exceeds message size limit", "size.exceeded")
        return None

    async def _discard(self, verb: str, argument: str) -> None:
        """What comes with a command that is not carried out."""
        size = chunk_size(argument) if verb == "BDAT" else None
        if size is not None and "CHUNKING" in self._reception.keywords:
            await skip_chunk(self._reader, size.octets)

    def _set_post_data_state(self) -> None:
        """Nothing is left of the mail transaction."""
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self._chunks, self._spoilt = None, False
        self._reading = "as-sent"

    async def _take(self, envelope: Envelope, octets: bytes) -> Ruled:
        """The message has come in whole."""
        envelope.content = envelope.original_content = with_crlf(octets)
        await self._suffer(".")
        status = await self._call_handler_hook("DATA")
        await self._suffer("accepted")
        return cast("Ruled", status)

    def incoming(self, envelope: Envelope) -> Incoming:
        """The message that has just come in."""
        return Incoming(
            reverse_path_of(envelope.mail_from or ""),
            tuple(dict.fromkeys(envelope.rcpt_tos)),
            bytes(envelope.original_content or b""),
            utf8=self._utf8,
            eight_bit=self._eight_bit,
            mail_parameters=self._mail_parameters,
            recipient_parameters=dict(self._recipient_parameters),
            reading=self._reading,
        )
