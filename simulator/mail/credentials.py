"""How a user's client proves who they are: the mechanisms of AUTH, from the client's side."""

from __future__ import annotations

import base64
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.mail.proofs import digest_of
from simulator.mail.reply import SmtpReply
from simulator.mail.smtp.dialogue import Action, Replies, Say

Mechanism: TypeAlias = Literal["plain", "login", "cram-md5"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a user is, by which password, and the mechanism that their client is set up with."""

    user: str
    password: str
    mechanism: Mechanism = "plain"

    @property
    def mechanism_name(self) -> str:
        """The mechanism as AUTH names it."""
        return self.mechanism.upper()

    def prove(self) -> Generator[Action, Replies, SmtpReply]:
        """Say AUTH and answer what is asked; gives the reply that ends it."""
        match self.mechanism:
            case "plain":  # RFC 4616: everything in the command's initial response
                response = _base64(f"\0{self.user}\0{self.password}")
                (reply,) = yield Say((f"AUTH PLAIN {response}",))
            case "login":
                (reply,) = yield Say(("AUTH LOGIN",))
                for answer in (self.user, self.password):
                    if reply.code == 334:
                        (reply,) = yield Say((_base64(answer),))
            case "cram-md5":  # RFC 2195: the password itself is never said
                (reply,) = yield Say(("AUTH CRAM-MD5",))
                if reply.code == 334:
                    digest = digest_of(_asked(reply), self.password)
                    (reply,) = yield Say((_base64(f"{self.user} {digest}"),))
        return reply


def _asked(reply: SmtpReply) -> str:
    """The challenge of a 334; nothing where it is no base64."""
    try:
        return base64.b64decode(reply.lines[0]).decode("utf-8", "replace")
    except ValueError:  # binascii's error is one; so is what is not ASCII
        return ""


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
