"""What FETCH shows of a message, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from simulator.mail.folder import StoredMessage
from simulator.mail.imap.answer import Response
from simulator.mail.imap.mime import Entity, read_entity


class Opened:
    """A message that is fetched: its flags as shown, and its parts once they are needed."""

    def __init__(self, message: StoredMessage, flags: str) -> None:
        self.message = message
        self.flags = flags

    @cached_property
    def entity(self) -> Entity:
        """The tree of its parts."""
        return read_entity(self.message.octets)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked of a message.

    ``opens``: the message must be read for it. ``sees``: it sets \\Seen. ``is_the_text``: who has
    it has the mail, or all that its author wrote below the header.
    """

    label: str
    show: Callable[[Opened], Response]
    opens: bool = True
    sees: bool = False
    is_the_text: bool = False
