"""A host's box drawn: its role, its name, what it holds, and the envelope where it is answerable.

Who acts has a thick frame, and whoever speaks has a filled name.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from simulator.scenario.model import Host
from simulator.trace.event import Judged
from simulator.tui.canvas import Canvas, centre, shorten
from simulator.tui.floor import Box, Floor
from simulator.tui.palette import Palette, ink
from simulator.tui.parcel import envelope
from simulator.tui.stage import Stage
from simulator.views.safe import safe

_THIN = "╭─╮│╰╯"
_THICK = "┏━┓┃┗┛"
_BADGE = " ╲╱ "
_BADGE_ROWS = 4
_NARROW = 10
_HOME_HEIGHT = 7
"""Two rows of frame, the name, whose it is, the state, and two rows of envelope."""
_ROLE_KINDS = ("role", "role_short", "role_code")
"""Role names from the longest to the shortest."""
_TEXT_LIMIT = 60


def draw_box(canvas: Canvas, box: Box, floor: Floor, stage: Stage, palette: Palette) -> None:
    """Draw ``box`` as it is at this moment."""
    acting = [host for host in (stage.speaker, stage.listener) if host in box.hosts]
    host = acting[0] if acting and acting[0] is not None else box.hosts[0]
    speaks = stage.speaker is not None and stage.speaker == host
    if box.height < 3:
        _tag(canvas, box, host, floor, stage, palette, acts=bool(acting), speaks=speaks)
        return
    colour = palette.of_role(host.role)
    border = ink(colour, palette.background, bold=bool(acting))
    _frame(canvas, box, border, _THICK if acting else _THIN)
    _on_border(canvas, box, box.y, _role(box, host, floor, stage), border)
    if speaks:
        name_style = ink(palette.on_fill, colour, bold=True)
    else:
        name_style = ink(palette.text, palette.background, bold=True)
    name = _name(box, host, floor, stage, acts=bool(acting))
    # In a very narrow box the name needs the cells of the frame too.
    inset = 0 if box.width < _NARROW and cell_len(name) > box.width - 2 else 1
    canvas.put(box.x + inset, box.y + 1, centre(name, box.width - 2 * inset), name_style)
    if box.height > 3:
        _inside(canvas, box, host, stage, palette)
    else:
        _on_border(canvas, box, box.y + 2, _state(box, stage), border)
    if speaks and stage.event is not None and isinstance(stage.event.fact, Judged):
        verdict = safe(stage.event.fact.verdict, limit=_TEXT_LIMIT)
        style = ink(palette.on_fill, palette.accent, bold=True)
        _on_border(canvas, box, box.y + box.height - 1, verdict, style)


def _tag(
    canvas: Canvas,
    box: Box,
    host: Host,
    floor: Floor,
    stage: Stage,
    palette: Palette,
    *,
    acts: bool,
    speaks: bool,
) -> None:
    colour = palette.of_role(host.role)
    name = _name(box, host, floor, stage, acts=acts)
    if speaks:
        style = ink(palette.on_fill, colour, bold=True)
    elif acts:
        style = ink(palette.background, palette.text, bold=True)
    else:
        style = ink(colour, palette.raised)
    text = f"[{centre(name, box.width - 2)}]" if acts else centre(name, box.width)
    canvas.put(box.x, box.y, text, style)


def _frame(canvas: Canvas, box: Box, style: Style, signs: str) -> None:
    across = signs[1] * (box.width - 2)
    bottom = box.y + box.height - 1
    canvas.fill(box.x, box.y, box.width, box.height, canvas.blank)
    canvas.put(box.x, box.y, signs[0] + across + signs[2], style)
    canvas.put(box.x, bottom, signs[4] + across + signs[5], style)
    for y in range(box.y + 1, bottom):
        canvas.put(box.x, y, signs[3], style)
        canvas.put(box.x + box.width - 1, y, signs[3], style)


def _on_border(canvas: Canvas, box: Box, y: int, text: str, style: Style) -> None:
    if not text:
        return
    room = box.width - 2
    spaced = f" {text} " if cell_len(text) + 2 <= room else shorten(text, room)
    canvas.put(box.x + 1 + (room - cell_len(spaced)) // 2, y, spaced, style)


def role_kind(floor: Floor, stage: Stage) -> str:
    """The longest kind of role names of which every box below the name servers has room for its."""
    boxes = [box for box in floor.boxes if not box.is_dns]
    for kind in _ROLE_KINDS[:-1]:
        names = ((box, stage.say(f"{kind}.{box.hosts[0].role}")) for box in boxes)
        if all(cell_len(name) <= box.width - 2 for box, name in names):
            return kind
    return _ROLE_KINDS[-1]


def _role(box: Box, host: Host, floor: Floor, stage: Stage) -> str:
    if not box.is_dns:
        return stage.say(f"{role_kind(floor, stage)}.{host.role}")
    names = [stage.say(f"{kind}.{host.role}") for kind in _ROLE_KINDS]
    return next((name for name in names if cell_len(name) <= box.width - 2), names[-1])


def _name(box: Box, host: Host, floor: Floor, stage: Stage, *, acts: bool) -> str:
    if not box.is_group or acts:
        room = box.width - (0 if box.width < _NARROW else 2)
        return _short_name(host, floor, stage, room, two_rows=_always_has_home(box))
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


def _inside(canvas: Canvas, box: Box, host: Host, stage: Stage, palette: Palette) -> None:
    """The rows under the name: where it lives, its state, and the envelope of custody."""
    rows = box.height - 3
    room = box.width - 2
    top = box.y + 2
    holds = any(one.name in stage.answerable for one in box.hosts)
    state = _state(box, stage)
    plain = ink(palette.text, palette.background)
    if rows == 1:
        _one_row(canvas, box, state, palette, holds=holds)
        return
    if _always_has_home(box) or (rows == 3 and not holds):
        dim = ink(palette.dim, palette.background)
        canvas.put(box.x + 1, top, centre(_home(host, box, stage), room), dim)
        top, rows = top + 1, rows - 1
    canvas.put(box.x + 1, top, centre(state, room), plain)
    if holds:
        badge = ink(palette.seal, palette.envelope, bold=True)
        height = min(_BADGE_ROWS, rows - 1)
        drawn = envelope(min(3 + 2 * height, room), height) if height > 1 else (_BADGE,)
        for row, text in enumerate(drawn):
            canvas.put(box.x + 1 + (room - cell_len(text)) // 2, top + 1 + row, text, badge)


def _one_row(canvas: Canvas, box: Box, state: str, palette: Palette, *, holds: bool) -> None:
    """The envelope and the state beside each other; the envelope is the more important."""
    y, room = box.y + 2, box.width - 2
    if not holds:
        canvas.put(box.x + 1, y, centre(state, room), ink(palette.text, palette.background))
        return
    text = f" {state}" if state and cell_len(state) + 1 + len(_BADGE) <= room else ""
    x = box.x + 1 + (room - len(_BADGE) - cell_len(text)) // 2
    canvas.put(x, y, _BADGE, ink(palette.seal, palette.envelope, bold=True))
    canvas.put(x + len(_BADGE), y, text, ink(palette.text, palette.background))


def _always_has_home(box: Box) -> bool:
    """Whether there is a row for whose it is even where the box holds a mail."""
    return box.height >= _HOME_HEIGHT


def _home(host: Host, box: Box, stage: Stage) -> str:
    """Whose it is: a domain, or the address of the user; or the rest of a name too long above."""
    if box.is_group:
        return ""
    name = stage.name(host)
    if _always_has_home(box) and "." in name and cell_len(name) > box.width - 2:
        return name.partition(".")[2]
    return safe(host.owner or host.name, limit=_TEXT_LIMIT)


def _state(box: Box, stage: Stage) -> str:
    """What lies there now: a server's queue, a resolver's cache, the mails of a mailbox."""
    names = {host.name for host in box.hosts}
    scene = stage.scene
    queued = sum(len(entries) for name, entries in scene.queues.items() if name in names)
    if queued:
        return stage.say("state.queue", n=queued)
    cached = sum(len(entries) for name, entries in scene.caches.items() if name in names)
    if cached:
        return stage.say("state.cache", n=cached)
    return _mails(box, stage)


def _mails(box: Box, stage: Stage) -> str:
    """Mails in the mailboxes kept here, or those that this client's user has read."""
    role = box.hosts[0].role
    owners = {host.owner for host in box.hosts}
    mails = [
        (mailbox, mail) for mailbox, stored in stage.scene.mailboxes.items() for mail in stored
    ]
    if role == "mail_client":
        read = sum(mailbox in owners and mail.state == "read" for mailbox, mail in mails)
        return stage.say("state.read", n=read) if read else ""
    if role == "mailbox_server":
        here = sum(_domain(mailbox) in owners and mail.on_server for mailbox, mail in mails)
        return stage.say("state.mail", n=here) if here else ""
    return ""


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2]
