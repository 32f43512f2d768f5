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

_ELBOW = 2
"""How many cells a wire goes out of a box before it turns up or down."""

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Route:
    """The way from one box to another.

    ``cells`` are (x, y, directions) in the order from the speaker to the listener. What is sent
    moves along ``run_row`` from ``run_start`` to ``run_end`` (cells, either way round) and may be
    drawn in the rows ``room`` (first, last). ``between`` says that it comes out of one box and goes
    into the other, so that it is hidden outside the run. Where ``upright``, the run is one of rows,
    at the column ``run_row``.
    """

    cells: tuple[tuple[int, int, int], ...]
    run_row: int
    run_start: int
    run_end: int
    room: tuple[int, int]
    _: KW_ONLY
    between: bool
    upright: bool = False


def route(floor: Floor, speaker: Box, listener: Box) -> Route:
    """The wire from ``speaker`` to ``listener``."""
    if speaker == listener:
        return Route(
            (), speaker.wire_row, speaker.x, speaker.x, (speaker.y, speaker.y), between=False
        )
    if not speaker.is_dns and not listener.is_dns:
        if speaker.column == listener.column:
            return _above(floor, speaker, listener)
        return _beside(floor, speaker, listener) or _by_lanes(floor, speaker, listener)
    return _by_lanes(floor, speaker, listener)


def merged(routes: Iterable[Route]) -> dict[Point, int]:
    """The directions in which each cell is left by any of the routes: wires that meet, join."""
    cells: dict[Point, int] = {}
    for one in routes:
        for x, y, directions in one.cells:
            cells[x, y] = cells.get((x, y), 0) | directions
    return cells


def _beside(floor: Floor, speaker: Box, listener: Box) -> Route | None:
    """Out of the side of one box and into the side of the other, if nothing stands between."""
    left, right = sorted((speaker, listener), key=lambda box: box.x)
    start, end = left.x + left.width - 1, right.x
    rows = dict.fromkeys((right.wire_row, left.wire_row))
    row = next((row for row in rows if floor.is_free(row, start + 1, end - 1)), None)
    if row is None:
        return None
    first, last = start + 1, end
    if left.wire_row == right.wire_row:
        points = [(start, row), (end, row)]
    elif row == right.wire_row:
        first = start + _ELBOW
        points = [(start, left.wire_row), (first, left.wire_row), (first, row), (end, row)]
    else:
        last = end - _ELBOW
        points = [(start, row), (last, row), (last, right.wire_row), (end, right.wire_row)]
    run = (first, last) if speaker is left else (last, first)
    if speaker is right:
        points.reverse()
    level = right if row == right.wire_row else left
    room = (level.y, level.y + level.height - 1)
    return Route(_cells(points), row, *run, room, between=True)


def _above(floor: Floor, speaker: Box, listener: Box) -> Route:
    """Between two boxes of a column: straight, or past those that stand between them."""
    upper, lower = sorted((speaker, listener), key=lambda box: box.y)
    begin, end = upper.y + upper.height - 1, lower.y
    x = upper.middle
    if all(floor.is_free(row, x, x) for row in range(begin + 1, end)):
        points = [(x, begin), (x, end)]
        run = (begin, end)
        if speaker is lower:
            points.reverse()
            run = (end, begin)
        return Route(_cells(points), x, *run, (begin, end), between=True, upright=True)
    # At the right edge of the map the way past them is on the left.
    edge, aside = upper.x + upper.width - 1, upper.x + upper.width + 1
    if aside >= floor.width:
        edge, aside = upper.x, max(0, upper.x - 2)
    points = [(edge, upper.wire_row), (aside, upper.wire_row)]
    points += [(aside, lower.wire_row), (edge, lower.wire_row)]
    run = (upper.wire_row, lower.wire_row)
    if speaker is lower:
        points.reverse()
        run = (lower.wire_row, upper.wire_row)
    return Route(_cells(points), aside, *run, (begin, end), between=False, upright=True)


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
    west, east = sorted((begin[0], end[0]))
    tall = all(floor.is_free(other, west, east) for other in (row - 1, row + 1))
    room = (row - 1, row + 1) if tall and row > 0 else (row, row)
    return Route(_cells(corners), row, begin[0], end[0], room, between=False)


def _to_lane(floor: Floor, box: Box, other: Box) -> list[Point]:
    """From a box to the lane that it shares with all others: the one below the name servers."""
    if box.is_dns:
        return [(box.middle, box.y + box.height - 1), (box.middle, floor.dns_lane)]
    common = floor.dns_lane if other.is_dns else floor.lane
    if all(floor.is_free(row, box.middle, box.middle) for row in range(common, box.y)):
        return [(box.middle, box.y), (box.middle, common)]
    # Something stands above it: out of its side, and up between the columns.
    if other.middle <= box.middle and box.x > _ELBOW:
        return [(box.x, box.wire_row), (box.x - 2, box.wire_row), (box.x - 2, common)]
    edge = box.x + box.width - 1
    return [(edge, box.wire_row), (edge + 2, box.wire_row), (edge + 2, common)]


def _cells(corners: list[Point]) -> tuple[tuple[int, int, int], ...]:
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


def _direction(here: Point, there: Point) -> int:
    if there[1] != here[1]:
        return NORTH if there[1] < here[1] else SOUTH
    return WEST if there[0] < here[0] else EAST
