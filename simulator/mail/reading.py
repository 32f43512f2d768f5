"""What a message is to a server that reads its line ends otherwise than its sender wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from simulator.mail.site import Errand, Site
from simulator.trace.event import Judged
from simulator.trace.octets import octets_to_text

if TYPE_CHECKING:
    from simulator.mail.visitor import Incoming

Reading: TypeAlias = Literal["as-sent", "normalized", "ended", "begun"]
"""What became of a message's line ends (RFC 5321 section 2.3.8): nothing; lone ones were written as
CRLF; a dot between lone ones ended it; or it began after such a dot, inside what its sender takes
for another message."""


def tell_reading(site: Site, errand: Errand, incoming: Incoming, octets: bytes) -> None:
    """Say what the server takes for the message, where that is not what its sender sent.

    ``octets`` are the message without what the server has taken out of it already.
    """
    if incoming.reading == "as-sent":
        return
    message, encoding = octets_to_text(octets)
    inputs = {
        "message": message,
        "encoding": encoding,
        "from": incoming.reverse_path,
        "to": ", ".join(incoming.forward_paths),
    }
    site.emit(errand, Judged(rule="newline.bare", verdict=incoming.reading, inputs=inputs))
