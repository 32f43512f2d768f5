"""Which way a wire goes between two boxes, and with which signs it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise

from simulator.tui.floor import Box, Floor

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8

_MASKS = (5, 10, 6, 12, 3, 9, 7, 13, 14, 11, 15, 1, 2, 4, 8)
LIGHT = dict(zip(_MASKS, "│─╭╮╰╯├┤┬┴┼│─│─", strict=True))
HEAVY = dict(zip(_MASKS, "┃━┏┓┗┛┣┫┳┻╋┃━┃━", strict=True))
DOUBLE = dict(zip(_MASKS, "║═╔╗╚╝╠╣╦╩╬║═║═", strict=True))
"""Signs by the directions in which a cell is left: a sealed (TLS) wire is drawn as a pipe."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way from one box to another.

    ``cells`` are (x, y, directions) in the order from the speaker to the listener. What is sent
    moves along ``run_row`` from ``run_start`` to ``run_end`` (cells, either way round) and may be
    drawn in the rows ``room`` (first, last). ``between`` says that it comes out of one box and goes
    into the other, so that it is hidden outside the run.
    """

    cells: tuple[tuple[int, int, int], ...]
    run_row: int
    run_start: int
    run_end: int
    room: tuple[int, int]
    _: KW_ONLY
    between: bool


def route(floor: Floor, speaker: Box, listener: Box) -> Route:
    """The wire from ``speaker`` to ``listener``."""
    if speaker == listener:
        return Route(
            (), speaker.wire_row, speaker.x, speaker.x, (speaker.y, speaker.y), between=False
        )
    if not speaker.is_dns and not listener.is_dns and abs(speaker.column - listener.column) == 1:
        return _beside(speaker, listener)
    return _by_lanes(floor, speaker, listener)


def merged(routes: Iterable[Route]) -> dict[tuple[int, int], int]:
    """The directions in which each cell is left by any of the routes: wires that meet, join."""
    cells: dict[tuple[int, int], int] = {}
    for one in routes:
        for x, y, directions in one.cells:
            cells[x, y] = cells.get((x, y), 0) | directions
    return cells


def _beside(speaker: Box, listener: Box) -> Route:
    left, right = sorted((speaker, listener), key=lambda box: box.x)
    start, end = left.x + left.width - 1, right.x
    if left.wire_row == right.wire_row:
        points = [(start, left.wire_row), (end, right.wire_row)]
        first = start + 1
    else:
        bend = start + 2
        points = [(start, left.wire_row), (bend, left.wire_row)]
        points += [(bend, right.wire_row), (end, right.wire_row)]
        first = bend
    run = (first, end) if speaker is left else (end, first)
    if speaker is right:
        points.reverse()
    row = right.wire_row
    return Route(_cells(points), row, *run, (right.y, right.y + right.height - 1), between=True)


def _by_lanes(floor: Floor, speaker: Box, listener: Box) -> Route:
    out, into = _to_lane(floor, speaker, listener), _to_lane(floor, listener, speaker)
    points = [*out, *reversed(into)]
    corners = [points[0]]
    for point in points[1:]:
        last = corners[-1]
        if last[0] != point[0] and last[1] != point[1]:
            corners.append((last[0], point[1]))
        if corners[-1] != point:
            corners.append(point)
    flat = [(a, b) for a, b in pairwise(corners) if a[1] == b[1]]
    if not flat:
        x, y = corners[len(corners) // 2]
        return Route(_cells(corners), y, x, x, (y, y), between=False)
    begin, end = max(flat, key=lambda leg: abs(leg[0][0] - leg[1][0]))
    row = begin[1]
    tall = row == floor.dns_lane and not any(
        box.y <= other < box.y + box.height for box in floor.boxes for other in (row - 1, row + 1)
    )
    room = (row - 1, row + 1) if tall else (row, row)
    return Route(_cells(corners), row, begin[0], end[0], room, between=False)


def _to_lane(floor: Floor, box: Box, other: Box) -> list[tuple[int, int]]:
    """From a box to the lane that it shares with all others: the one below the name servers."""
    if box.is_dns:
        return [(box.middle, box.y + box.height - 1), (box.middle, floor.dns_lane)]
    common = floor.dns_lane if other.is_dns else floor.lanes[0]
    if box.row == 0:
        return [(box.middle, box.y), (box.middle, common)]
    aside = box.x - 2 if other.middle <= box.middle and box.x >= 3 else box.x + box.width + 1
    own_lane = box.y - 1
    return [(box.middle, box.y), (box.middle, own_lane), (aside, own_lane), (aside, common)]


def _cells(corners: list[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Every cell between the first and the last corner (which lie on boxes), with directions."""
    path = [corners[0]]
    for (x0, y0), (x1, y1) in pairwise(corners):
        length = abs(x1 - x0) + abs(y1 - y0)
        path.extend(
            (x0 + (x1 - x0) * step // length, y0 + (y1 - y0) * step // length)
            for step in range(1, length + 1)
        )
    cells = []
    for before, here, after in zip(path, path[1:], path[2:], strict=False):
        cells.append((*here, _direction(here, before) | _direction(here, after)))
    return tuple(cells)


def _direction(here: tuple[int, int], there: tuple[int, int]) -> int:
    if there[1] != here[1]:
        return NORTH if there[1] < here[1] else SOUTH
    return WEST if there[0] < here[0] else EAST
