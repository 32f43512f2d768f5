"""What a message is to a server that reads its line ends otherwise than its sender wrote them."""

from __future__ import annotations

from simulator.mail.site import Errand, Site
from simulator.mail.visitor import Incoming
from simulator.trace.event import Judged
from simulator.trace.octets import octets_to_text


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
