"""Who holds which message, and who is answerable for it to whom.

The two differ on purpose: a server has the octets from the moment they arrive, but until it says
250 after the final dot the one who sent them answers for them (RFC 5321 section 6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import assert_never

from msgspec.structs import replace

from simulator.trace.event import Composed, Event, Judged, Stamped
from simulator.trace.octets import octets_or_none, text_to_octets, with_headers
from simulator.trace.state import Arrival, Connection, Copy, Envelope, Scene


def fold(scene: Scene, event: Event, fact: Composed | Stamped) -> Scene:
    """The scene after a message was written, or header fields were written into it."""
    match fact:
        case Composed():
            return _composed(scene, event, fact)
        case Stamped():
            return _stamped(scene, event, fact)
        case _:
            assert_never(fact)


def _composed(scene: Scene, event: Event, fact: Composed) -> Scene:
    envelope = Envelope(fact.reverse_path, fact.recipients)
    scene = replace(scene, envelopes=scene.envelopes.put(event.journey, envelope))
    octets = octets_or_none(fact) or b""
    copy = Copy(event.journey, fact.reverse_path, fact.recipients, octets, octets)
    return accepted(held(scene, event.host, copy), event.host, event.journey, fact.recipients)


def _stamped(scene: Scene, event: Event, fact: Stamped) -> Scene:
    copy = scene.copies.get((event.host, event.journey)) or _handed_over(scene, event)
    if copy.mailboxes:
        # Each mailbox gets a message of its own: the next one is stamped from the start. For many
        # recipients a message comes several times, in portions.
        octets = _handed_over(scene, event).octets or copy.received
        copy = replace(copy, octets=octets, received=octets, added=())
    match fact.where:
        case "whole":
            return held(scene, event.host, replace(copy, added=fact.headers))
        case "top":
            added = fact.headers + copy.added
        case "bottom":
            added = copy.added + fact.headers
    octets = with_headers(copy.octets, fact.headers, fact.where)
    return held(scene, event.host, replace(copy, octets=octets, added=added))


def _handed_over(scene: Scene, event: Event) -> Copy:
    """What a host works on that nothing was sent to: its own domain's queue is on its disk too.

    Where there is none (a bounce begins here), the octets are not known yet.
    """
    envelope, octets = envelope_of(scene, event.journey), b""
    owner = next((host.owner for host in scene.hosts if host.name == event.host), None)
    for host in scene.hosts:
        queued = scene.copies.get((host.name, event.journey))
        if host.owner == owner and queued is not None and queued.queue_id:
            octets = queued.octets
    return Copy(event.journey, envelope.reverse_path, envelope.recipients, octets, octets)


def held(scene: Scene, host: str, copy: Copy) -> Scene:
    """The scene in which ``host`` holds ``copy``."""
    return replace(scene, copies=scene.copies.put((host, copy.journey), copy))


def envelope_of(scene: Scene, journey: str) -> Envelope:
    """The message's envelope, or an empty one where nothing has told it."""
    return scene.envelopes.get(journey) or Envelope("", ())


def accepted(scene: Scene, host: str, journey: str, recipients: Iterable[str]) -> Scene:
    """The scene in which ``host`` is answerable for the message to these recipients."""
    moved = {(journey, recipient): host for recipient in recipients}
    return replace(scene, custody=scene.custody.put_all(moved))


def taken(scene: Scene, host: str, journey: str, forward_paths: tuple[str, ...]) -> Scene:
    """The scene in which ``host`` has said 250 for these recipients after the final dot.

    It answers for whom it has put into its queue: an alias stands for its members.
    """
    copy = scene.copies.get((host, journey))
    queue = scene.queues.get(host)
    if copy is None or queue is None or copy.queue_id not in queue:
        return accepted(scene, host, journey, forward_paths)
    recipients = queue[copy.queue_id].recipients
    custody = scene.custody
    for forward_path in forward_paths:
        if forward_path not in recipients:
            custody = custody.drop((journey, forward_path))
    return accepted(replace(scene, custody=custody), host, journey, recipients)


def decided(scene: Scene, event: Event, fact: Judged) -> Scene:
    """The scene after a decision that ends a message's way, or takes a field out of it."""
    match fact.rule, fact.verdict:
        case "list.post", "posted":
            return _posted(scene, event.journey, fact)
        case "trust.forged", "removed":
            return _cleared(scene, event, "Authentication-Results", fact.inputs.get("value", ""))
        case "content.claim", "removed":
            inputs = fact.inputs
            return _cleared(scene, event, inputs.get("name", ""), inputs.get("value", ""))
        case "newline.bare", ("normalized" | "ended" | "begun"):
            return _understood(scene, event, fact.inputs)
        case "mailbox.moved", folder:
            return _moved(scene, fact.inputs, folder)
        case _:
            return scene


def _understood(scene: Scene, event: Event, told: Mapping[str, str]) -> Scene:
    """What the host takes for the message, which is not all of what was sent to it."""
    try:
        octets = text_to_octets(told.get("message", ""), told.get("encoding", ""))
    except ValueError:  # a recording may say anything
        return scene
    recipients = tuple(filter(None, told.get("to", "").split(", ")))
    envelope = Envelope(told.get("from", ""), recipients)
    scene = introduced(scene, event.journey, envelope, event.host)
    copy = scene.copies.get((event.host, event.journey)) or Copy(
        event.journey, envelope.reverse_path, recipients, octets, octets
    )
    return held(scene, event.host, replace(copy, octets=octets, received=octets))


def _moved(scene: Scene, told: Mapping[str, str], folder: str) -> Scene:
    """The message lies in another folder of its mailbox, and has another unique id there."""
    name = told.get("mailbox", "")
    mailbox = scene.mailboxes.get(name)
    mail = None if mailbox is None else mailbox.find(told.get("uid", ""))
    if mailbox is None or mail is None:
        return scene
    moved = replace(mail, uid=told.get("new_uid", ""), folder=folder)
    left = mailbox.drop(mail.uid).put(moved)
    return replace(scene, mailboxes=scene.mailboxes.put(name, left))


def _cleared(scene: Scene, event: Event, name: str, value: str) -> Scene:
    """Without that field: the host took it out of what it had received."""
    copy = scene.copies.get((event.host, event.journey))
    if copy is None:
        return scene
    fields = rb"(?im)^%s[ \t]*:(.*(?:\r\n[ \t].*)*)\r\n" % re.escape(name.encode())
    for field in re.finditer(fields, copy.octets):
        if " ".join(field[1].decode("latin-1").split()) == value:
            octets = copy.octets[: field.start()] + copy.octets[field.end() :]
            return held(scene, event.host, replace(copy, octets=octets))
    return scene


def _posted(scene: Scene, journey: str, fact: Judged) -> Scene:
    """A mailing list has taken the message: it is at its end, and nobody owes it."""
    ended = scene.custody
    for name, recipient in scene.custody:
        if name == journey and recipient.lower() == fact.inputs.get("recipient", ""):
            ended = ended.drop((name, recipient))
    return replace(scene, custody=ended)


def offered(scene: Scene, connection: Connection, journey: str, octets: bytes) -> Scene:
    """The scene in which a message has arrived at the server, which has not answered yet.

    Where nobody was known to have the message (a real mail client), its sender is now.
    """
    reverse_path = connection.reverse_path or ""
    own = scene.copies.get((connection.client, journey))
    if own is not None and own.octets == octets:
        octets = own.octets  # one body in memory, not one for every hop
    copy = Copy(journey, reverse_path, connection.forward_paths, octets, octets)
    if own is None:
        scene = held(scene, connection.client, copy)
    scene = introduced(
        scene, journey, Envelope(reverse_path, connection.forward_paths), connection.client
    )
    return held(scene, connection.server, copy)


def introduced(scene: Scene, journey: str, envelope: Envelope, host: str) -> Scene:
    """The scene in which the journey is known; ``host`` answers for it if it is a new one."""
    if journey in scene.envelopes:
        return scene
    scene = replace(scene, envelopes=scene.envelopes.put(journey, envelope))
    return accepted(scene, host, journey, envelope.recipients)


def let_go(scene: Scene, host: str, arrival: Arrival) -> Scene:
    """The scene in which ``host`` does not have what arrived, unless it has kept it after all."""
    key = (host, arrival.journey)
    copy = scene.copies.get(key)
    if copy is None or copy.is_kept:
        return scene
    if arrival.displaced is not None:
        return replace(scene, copies=scene.copies.put(key, arrival.displaced))
    return replace(scene, copies=scene.copies.drop(key))
