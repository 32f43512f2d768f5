"""The server half of LMTP (RFC 2033): SMTP with LHLO, and a reply for each recipient."""

from __future__ import annotations

from aiosmtpd.smtp import syntax

from simulator.mail.smtp.server import SmtpServer


class LmtpServer(SmtpServer):
    """The same in LMTP (RFC 2033): LHLO, and after the final dot one reply a recipient."""

    answers_each = True

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:
        """The greeting that takes the place of EHLO."""
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, _arg: str) -> None:
        """Not a command of LMTP (RFC 2033 section 4.1)."""
        await self.push('500 Error: command "EHLO" not recognized')

    async def smtp_HELO(self, _arg: str) -> None:
        """Not a command of LMTP either."""
        await self.push('500 Error: command "HELO" not recognized')
