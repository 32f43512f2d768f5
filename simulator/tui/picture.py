"""The map drawn: wires, boxes, states and the envelope of custody, without what moves."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.scenario.model import Host
from simulator.trace.breaks import is_broken
from simulator.trace.event import Stored
from simulator.tui.boxes import draw_box
from simulator.tui.canvas import Canvas
from simulator.tui.cast import Cast
from simulator.tui.floor import Box, Floor
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.wiring import (
    DOUBLE,
    EAST,
    HEAVY,
    LIGHT,
    NORTH,
    SOUTH,
    WEST,
    Route,
    merged,
    route,
)

_SAME_MACHINE = dict(zip(LIGHT, "┆┄╭╮╰╯├┤┬┴┼┆┄┆┄", strict=True))
"""Between programs on one machine there is no wire, but a mail goes over all the same."""

_BREAK = "✗"
"""The end of a wire that leads nowhere: the connection failed, or was cut."""

_HEADS = {EAST: "▶", WEST: "◀", SOUTH: "▼", NORTH: "▲"}
"""Heads of arrows by the direction in which the last cell is left."""


def draw_map(floor: Floor, stage: Stage, cast: Cast, palette: Palette) -> Canvas:
    """The whole map of a moment on a sheet of the floor's size."""
    canvas = Canvas(floor.width, floor.height, ink(palette.text, palette.background))
    _draw_dns_rail(canvas, floor, palette)
    _draw_idle_wires(canvas, floor, cast, palette)
    _draw_broken_wires(canvas, floor, stage, palette)
    _draw_open_connections(canvas, floor, stage, palette)
    active = active_route(floor, stage)
    if active is not None and stage.speaker is not None:
        _draw_active_wire(canvas, active, stage, palette.of_role(stage.speaker.role), palette)
    for box in floor.boxes:
        draw_box(canvas, box, floor, stage, palette)
    _note_absent(canvas, floor, stage, palette)
    return canvas


def _note_absent(canvas: Canvas, floor: Floor, stage: Stage, palette: Palette) -> None:
    """How many take no part, in as many words as the row of the name servers leaves room for."""
    taken = max((box.x + box.width for box in floor.boxes if box.y == 0), default=0)
    for key in ("absent", "absent_short") if floor.absent else ():
        note = stage.say(key, n=floor.absent)
        x = floor.width - cell_len(note) - 1
        if taken < x:
            canvas.put(x, 0, note, ink(palette.dim, palette.background))
            return


def active_route(floor: Floor, stage: Stage) -> Route | None:
    """The way of the current event from its speaker to its listener, or None."""
    if stage.speaker is None:
        return None
    fact = stage.event.fact if stage.event is not None else None
    if isinstance(fact, Stored) and fact.protocol == "local":
        return _within_machine(floor, stage.speaker)
    if stage.listener is None:
        return None
    speaker, listener = floor.box_of(stage.speaker.name), floor.box_of(stage.listener.name)
    if speaker is None or listener is None:
        return None
    return route(floor, speaker, listener)


def _within_machine(floor: Floor, host: Host) -> Route | None:
    """The way to a host from the server on the same machine, or None."""
    place = floor.box_of(host.name)
    if place is None:
        return None
    servers = _servers_on_machine(floor, place)
    return route(floor, servers[0], place) if servers else None


def _servers_on_machine(floor: Floor, place: Box) -> list[Box]:
    """The boxes left of this one that are on its machine, the nearest first."""
    return sorted(
        (box for box in floor.boxes if _comes_before(box, place) and _share_machine(box, place)),
        key=lambda box: place.column - box.column,
    )


def _comes_before(one: Box, other: Box) -> bool:
    return (one.column, one.y) < (other.column, other.y)


def _share_machine(one: Box, other: Box) -> bool:
    addresses = {address for host in one.hosts for address in host.addresses}
    return (
        not one.is_dns
        and not other.is_dns
        and any(address in addresses for host in other.hosts for address in host.addresses)
    )


def _draw_idle_wires(canvas: Canvas, floor: Floor, cast: Cast, palette: Palette) -> None:
    routes = []
    for one, other in cast.pairs:
        first, second = floor.box_of(one), floor.box_of(other)
        if first is None or second is None or first == second or first.is_dns or second.is_dns:
            continue  # who asks whom in the DNS is drawn when it happens
        routes.append(route(floor, first, second))
    style = ink(palette.recede(palette.line), palette.background)
    for (x, y), directions in merged(routes).items():
        canvas.put(x, y, LIGHT[directions], style)
    for right in floor.boxes:
        for left in _servers_on_machine(floor, right)[:1]:
            for x, y, directions in route(floor, left, right).cells:
                if canvas.character(x, y) == " ":
                    canvas.put(x, y, _SAME_MACHINE[directions], style)


def _draw_dns_rail(canvas: Canvas, floor: Floor, palette: Palette) -> None:
    """The name servers hang on a line of their own, which every host can reach."""
    middles = [box.middle for box in floor.boxes if box.is_dns]
    if not middles:
        return
    style = ink(palette.recede(palette.line), palette.background)
    first, last = min(middles), max(middles)
    boxes = [box for box in floor.boxes if not box.is_dns]
    first = min([first, *(box.middle for box in boxes)])
    last = max([last, *(box.middle for box in boxes)])
    canvas.put(first, floor.dns_lane, "╌" * (last - first + 1), style)


def _draw_broken_wires(canvas: Canvas, floor: Floor, stage: Stage, palette: Palette) -> None:
    """Where a connection failed, until it is opened again or the mail is done with."""
    style = ink(palette.error, palette.background, bold=True)
    for one, other in stage.scene.broken:
        client, server = floor.box_of(one), floor.box_of(other)
        if client is None or server is None or client == server:
            continue
        cells = route(floor, client, server).cells
        for x, y, directions in cells:
            canvas.put(x, y, LIGHT[directions], style)
        if cells:
            x, y, _ = cells[len(cells) // 2]
            canvas.put(x, y, _BREAK, style)


def _draw_open_connections(canvas: Canvas, floor: Floor, stage: Stage, palette: Palette) -> None:
    style = ink(palette.text, palette.background)
    for connection in stage.scene.connections.values():
        client, server = floor.box_of(connection.client), floor.box_of(connection.server)
        if client is None or server is None or client == server:
            continue
        signs = DOUBLE if connection.secure else LIGHT
        for x, y, directions in route(floor, client, server).cells:
            canvas.put(x, y, signs[directions], style)


def _draw_active_wire(
    canvas: Canvas, way: Route, stage: Stage, colour: str, palette: Palette
) -> None:
    signs = DOUBLE if stage.is_sealed else HEAVY
    broken = stage.event is not None and is_broken(stage.event.fact)
    style = ink(palette.error if broken else colour, palette.background, bold=True)
    for x, y, directions in way.cells:
        canvas.put(x, y, signs[directions], style)
    if len(way.cells) < 2:
        return
    (x0, y0, _), (x, y, directions) = way.cells[-2:]
    came_from = {(1, 0): WEST, (-1, 0): EAST, (0, 1): NORTH, (0, -1): SOUTH}[x - x0, y - y0]
    canvas.put(x, y, _BREAK if broken else _HEADS[directions & ~came_from], style)
