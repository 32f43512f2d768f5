"""Aliases replaced by the addresses that they stand for (RFC 5321 section 3.9.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.mail.dsn_parameters import Parameters, original_recipient, value_of, wants


@dataclass(frozen=True, slots=True)
class Expansion:
    """Recipients after every alias was replaced, each once, with what is passed on to each.

    ``dissolved`` are the aliases that became several addresses although their sender wants to
    hear of success: as far as a notice of it can follow the mail (RFC 3461 section 5.2.7.3).
    """

    parameters: dict[str, Parameters]
    dissolved: tuple[str, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom the mail is for now."""
        return tuple(self.parameters)


def expanded(
    recipients: Mapping[str, Parameters],
    aliases: Mapping[str, tuple[str, ...]],
    tell: Callable[[str, tuple[str, ...]], None],
) -> Expansion:
    """Follow every alias (a whole address in lower case) once; ``tell`` hears of each.

    ``recipients`` come with their DSN parameters.
    """
    found: dict[str, Parameters] = {}
    dissolved: list[str] = []
    followed: set[str] = set()
    waiting = list(recipients.items())
    while waiting:
        address, parameters = waiting.pop(0)
        targets = aliases.get(address.lower())
        if targets is None:
            found.setdefault(address, parameters)
        elif address.lower() not in followed:
            followed.add(address.lower())
            tell(address, targets)
            if len(targets) > 1 and wants("SUCCESS", parameters):
                dissolved.append(address)
            kept = _passed_on(address, len(targets), parameters)
            waiting = [*((target, kept) for target in targets), *waiting]
    return Expansion(found, tuple(dissolved))


def _passed_on(alias: str, targets: int, parameters: Parameters) -> Parameters:
    """What goes with the mail to each address that an alias stands for (RFC 3461 section 5.2.7).

    The address that the sender wrote stays known. Where there are several, a notice of success is
    the alias's own affair.
    """
    kept = parameters
    if not value_of("ORCPT", kept):
        kept = (*kept, original_recipient(alias))
    if targets == 1 or not wants("SUCCESS", kept):
        return kept
    wishes = [wish for wish in value_of("NOTIFY", kept).upper().split(",") if wish != "SUCCESS"]
    notify = f"NOTIFY={','.join(wishes) or 'NEVER'}"
    return tuple(notify if one.upper().startswith("NOTIFY=") else one for one in kept)
