"""The map drawn: wires, boxes, states and the envelope of custody, without what moves."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.tui.boxes import draw_box
from simulator.tui.canvas import Canvas
from simulator.tui.floor import Cast, Floor
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.wiring import DOUBLE, HEAVY, LIGHT, Route, merged, route


def draw_map(floor: Floor, stage: Stage, cast: Cast, palette: Palette) -> Canvas:
    """The whole map of a moment on a sheet of the floor's size."""
    canvas = Canvas(floor.width, floor.height, ink(palette.text, palette.background))
    _draw_idle_wires(canvas, floor, cast, palette)
    _draw_open_connections(canvas, floor, stage, palette)
    active = active_route(floor, stage)
    if active is not None and stage.speaker is not None:
        _draw_active_wire(canvas, active, stage, palette.of_role(stage.speaker.role), palette)
    for box in floor.boxes:
        draw_box(canvas, box, stage, palette)
    if floor.absent:
        note = stage.say("absent", n=floor.absent)
        canvas.put(floor.width - cell_len(note) - 1, 0, note, ink(palette.dim, palette.background))
    return canvas


def active_route(floor: Floor, stage: Stage) -> Route | None:
    """The way of the current event from its speaker to its listener, or None."""
    if stage.speaker is None or stage.listener is None:
        return None
    speaker, listener = floor.box_of(stage.speaker.name), floor.box_of(stage.listener.name)
    if speaker is None or listener is None:
        return None
    return route(floor, speaker, listener)


def _draw_idle_wires(canvas: Canvas, floor: Floor, cast: Cast, palette: Palette) -> None:
    routes = []
    for one, other in cast.pairs:
        first, second = floor.box_of(one), floor.box_of(other)
        if first is not None and second is not None and first != second:
            routes.append(route(floor, first, second))
    style = ink(palette.line, palette.background)
    for (x, y), directions in merged(routes).items():
        canvas.put(x, y, LIGHT[directions], style)


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
    style = ink(colour, palette.background, bold=True)
    for x, y, directions in way.cells:
        canvas.put(x, y, signs[directions], style)
    if len(way.cells) < 2:
        return
    (x0, y0, _), (x, y, _) = way.cells[-2:]
    if x != x0:
        head = "▶" if x > x0 else "◀"
    else:
        head = "▼" if y > y0 else "▲"
    canvas.put(x, y, head, style)
