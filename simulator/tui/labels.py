"""The words in a box: what a host does, its name, whose it is, and what lies there."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.scenario.model import Host
from simulator.tui.floor import Box, Floor
from simulator.tui.moments import span_text
from simulator.tui.stage import Stage
from simulator.views.safe import safe

_ROLE_KINDS = ("role", "role_short", "role_code")
"""Role names from the longest to the shortest."""
_HOME_HEIGHT = 5
"""Rows of a box in which a long name may stand in two."""
_TEXT_LIMIT = 60


def role_kind(floor: Floor, stage: Stage) -> str:
    """The longest kind of role names of which every box below the name servers has room for its."""
    boxes = [box for box in floor.boxes if not box.is_dns]
    for kind in _ROLE_KINDS[:-1]:
        names = ((box, stage.say(f"{kind}.{box.hosts[0].role}")) for box in boxes)
        if all(cell_len(name) <= box.width - 2 for box, name in names):
            return kind
    return _ROLE_KINDS[-1]


def role_of(box: Box, host: Host, floor: Floor, stage: Stage) -> str:
    """What the host does, in as many words as all boxes of its kind have room for."""
    if not box.is_dns:
        return stage.say(f"{role_kind(floor, stage)}.{host.role}")
    names = [stage.say(f"{kind}.{host.role}") for kind in _ROLE_KINDS]
    return next((name for name in names if cell_len(name) <= box.width - 2), names[-1])


def name_of(box: Box, host: Host, floor: Floor, stage: Stage, *, acts: bool) -> str:
    """The host's name; of a group, how many it is, or who of it acts."""
    if not box.is_group or acts:
        return _short_name(host, floor, stage, box.width - 2, two_rows=box.height >= _HOME_HEIGHT)
    return stage.say("group", n=len(box.hosts), role=stage.say(f"role_short.{host.role}"))


def _short_name(host: Host, floor: Floor, stage: Stage, room: int, *, two_rows: bool) -> str:
    """The name, or where it is too long a part of it: with ``two_rows`` the first, and the rest
    stands below; else the last, if no other host of that role on the map has it."""
    name = stage.name(host)
    last = name.rpartition(".")[2]
    if cell_len(name) <= room or not last:
        return name
    if two_rows:
        return name.partition(".")[0]
    alike = [
        other
        for one in floor.boxes
        for other in one.hosts
        if other.role == host.role and stage.name(other).rpartition(".")[2] == last
    ]
    return last if len(alike) == 1 else name


def home_of(box: Box, host: Host, stage: Stage) -> str:
    """Whose it is: a domain, or the address of the user; or the rest of a name too long above."""
    if box.is_group or box.is_dns:
        return ""
    name = stage.name(host)
    if "." in name and cell_len(name) > box.width - 2:
        return name.partition(".")[2]
    return safe(host.owner or host.name, limit=_TEXT_LIMIT)


def states_of(box: Box, stage: Stage) -> tuple[str, ...]:
    """What lies there now: a queue and when it is tried again, a cache, the mails of mailboxes."""
    queued = _queue(box, stage)
    if queued:
        return queued
    names = [host.name for host in box.hosts]
    cached = sum(len(stage.scene.caches.get(name, ())) for name in names)
    if cached:
        return (stage.say("state.cache", n=cached),)
    return _mails(box, stage)


def _queue(box: Box, stage: Stage) -> tuple[str, ...]:
    entries = [
        entry for host in box.hosts for entry in stage.scene.queues.get(host.name, {}).values()
    ]
    if not entries:
        return ()
    state = stage.say("state.queue", n=len(entries))
    due = [entry.next_attempt for entry in entries if entry.next_attempt is not None]
    if len(due) < len(entries) or min(due) <= stage.scene.at:
        return (state,)
    wait = span_text(stage.words, min(due) - stage.scene.at)
    long = stage.say("state.retry", time=wait)
    return (state, long if cell_len(long) <= box.width - 2 else f"↻ {wait}")


def _mails(box: Box, stage: Stage) -> tuple[str, ...]:
    """Mails in the mailboxes kept here, or those that this client's user has read."""
    contents, names = stage.contents, [host.name for host in box.hosts]
    read = sum(contents.read[host.owner] for host in box.hosts)
    if box.hosts[0].role == "mail_client":
        return (stage.say("state.read", n=read),) if read else ()
    mails = sum(contents.mails[name] for name in names)
    junk = sum(contents.junk[name] for name in names)
    states = (stage.say("state.mail", n=mails),) if mails else ()
    return (*states, stage.say("state.junk", n=junk)) if junk else states
