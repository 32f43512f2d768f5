"""How strictly a server keeps to SMTP's letter, where its administrator has the choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from simulator.scenario.domain import Domain


@dataclass(frozen=True, slots=True)
class Habits:
    """The settings of one port, each as Postfix 3.7 has it where nothing else is said.

    Only what a lone LF is worth is as since Postfix 3.9: it is no end of a message.
    """

    helo_required: bool = False
    """Whether a client must say its name before MAIL (smtpd_helo_required)."""
    defers_relaying: bool = False
    """Whether mail for elsewhere is refused for now only (defer_unauth_destination)."""
    refuses_early_talk: bool = False
    """Whether DATA is refused where the message comes before the 354, or anything came before its
    turn without PIPELINING (reject_unauth_pipelining)."""
    bare_newline: Literal["normalize", "reject", "accept"] = "normalize"
    """What a lone LF is in a message (smtpd_forbid_bare_newline): written as CRLF, refused, or the
    end of a line like any other, so that it can also stand around the final dot."""

    @classmethod
    def of(cls, domain: Domain) -> Self:
        """Those of a domain's servers."""
        return cls(
            helo_required=domain.helo_required or domain.follows == "exim",
            defers_relaying=domain.defers_relaying,
            refuses_early_talk=domain.refuses_early_talk,
            bare_newline=domain.bare_newline,
        )
