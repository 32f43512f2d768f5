"""How many mistakes a server takes from one client: Postfix's counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.mail.reply import Ruled

_SOFT_LIMIT, _HARD_LIMIT = 10, 20  # smtpd_soft_error_limit, smtpd_hard_error_limit
PAUSE = 1_000_000
"""Virtual microseconds that it thinks about each reply to a client that erred a lot
(smtpd_error_sleep_time)."""

_NOT_COUNTED = frozenset({"rcpt.too-many", "sending.limit", "fault", "intervention"})
"""Refusals that are no mistake of the client: each recipient beyond a limit is told so."""


class Patience:
    """What is left of a server's patience with one client."""

    def __init__(self) -> None:
        self._errors = 0

    def note(self, reply: Ruled) -> None:
        """Count a refusal."""
        self._errors += reply[:1] in {"4", "5"} and reply.rule not in _NOT_COUNTED

    @property
    def is_thin(self) -> bool:
        """Whether the server answers slowly now."""
        return self._errors > _SOFT_LIMIT

    @property
    def is_at_its_end(self) -> bool:
        """Whether the next command is answered with 421, whatever it is."""
        return self._errors >= _HARD_LIMIT


class Verbs(dict[str, Any]):
    """What to do for each verb, also for one that nobody knows.

    aiosmtpd would count unknown verbs itself, and hang up after five.
    """

    def __init__(self, known: dict[str, Any], unknown: Callable[[str], Any]) -> None:
        super().__init__(known)
        self._unknown = unknown

    def get(self, verb: str, default: Any = None) -> Any:
        """The method for a verb."""
        return super().get(verb) or self._unknown(verb)

    def __missing__(self, verb: str) -> Any:
        return self._unknown(verb)
