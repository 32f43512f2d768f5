"""Where the boxes stand, in cells: name servers in a row above, and below them the mail's way.

Hosts for which there is no room share one box, which says how many they are; hosts that take no
part in the run are left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from simulator.scenario.model import Host
from simulator.tui.cast import Cast
from simulator.tui.places import DNS_ROLES, Place, arrange

_BOX_MIN_WIDTH, _BOX_MAX_WIDTH = 7, 24
_BOX_LEAST_HEIGHT, _BOX_GOOD_HEIGHT, _BOX_MAX_HEIGHT = 3, 4, 9
_GAP_LEAST, _GAP_MIN, _GAP_MAX = 2, 4, 30
_GAP_TO_BOX = 0.58
"""A wire is this much as long as a box is wide: the mail needs room to be seen moving."""
_NAME_MAX, _GROUP_NAME = 10, 8
"""For so many cells of a name a box grows at the cost of the wires; a group is counted."""

_SHAPES = ((3, 3, 8), (3, 1, _BOX_GOOD_HEIGHT), (1, 1, _BOX_GOOD_HEIGHT), (1, 1, _BOX_LEAST_HEIGHT))
"""Rows for the name servers, for the lane below them, and for a box at the least; tried in turn."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the map, in cells; more than one host share it where ``hosts`` says so."""

    hosts: tuple[Host, ...]
    column: int
    x: int
    y: int
    width: int
    height: int
    is_dns: bool = False
    """Whether it stands in the row above."""

    @property
    def is_group(self) -> bool:
        """Whether several hosts share it."""
        return len(self.hosts) > 1

    @property
    def middle(self) -> int:
        """The column of cells at which wires from above reach it."""
        return self.x + self.width // 2

    @property
    def wire_row(self) -> int:
        """The row of cells at which wires from the sides reach it."""
        return self.y + min(2, (self.height - 1) // 2)

    def contains(self, x: int, y: int) -> bool:
        """Whether the cell lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Floor:
    """The whole map: its boxes, and the free rows (lanes) in which wires run past boxes."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    dns_lane: int
    lane: int
    """The row of cells above the highest of the other boxes."""
    absent: int
    """How many hosts take no part and are not shown."""

    def box_of(self, host: str) -> Box | None:
        """The box in which a host stands."""
        return next((box for box in self.boxes if any(h.name == host for h in box.hosts)), None)

    def box_at(self, x: int, y: int) -> Box | None:
        """The box that covers a cell."""
        return next((box for box in self.boxes if box.contains(x, y)), None)

    def is_free(self, row: int, first: int, last: int) -> bool:
        """Whether no box covers the cells ``first`` to ``last`` of a row."""
        return not any(
            box.y <= row < box.y + box.height and box.x <= last and first < box.x + box.width
            for box in self.boxes
        )


def lay_out(hosts: Sequence[Host], cast: Cast, width: int, height: int) -> Floor:
    """The map for so many cells. With a cast of nobody, every host is shown."""
    present = present_of(hosts, cast)
    dns = [host for role in DNS_ROLES for host in present if host.role == role]
    columns = (width - 2 + _GAP_MIN) // (_BOX_MIN_WIDTH + _GAP_MIN)
    dns_height, places, box_height, top = _fitting(present, cast, columns, height, bool(dns))
    return Floor(
        width=width,
        height=height,
        boxes=(*_dns_row(dns, width, dns_height), *_boxes(places, width, top, box_height)),
        dns_lane=dns_height + max(0, top - dns_height - 1) // 2,
        lane=top - 1,
        absent=len(hosts) - len(present),
    )


def present_of(hosts: Sequence[Host], cast: Cast) -> list[Host]:
    """Those who take part, in the order in which they first do; all where nobody does."""
    present = [host for host in hosts if not cast.names or host.name in cast.names]
    order = {name: place for place, name in enumerate(cast.names)}
    return sorted(present, key=lambda host: order.get(host.name, 0))


def _fitting(
    present: Sequence[Host], cast: Cast, columns: int, height: int, has_dns: bool
) -> tuple[int, list[Place], int, int]:
    """The roomiest shape in which everyone has their place, else the one with most places.

    Gives the height of the name servers, the places, the height of a box, and the first row.
    """
    best: tuple[int, list[Place], int, int] | None = None
    for dns, lane, least in _SHAPES:
        dns_height = dns if has_dns else 0
        area = height - dns_height - lane
        if area < least and least > _BOX_LEAST_HEIGHT:
            continue
        places, suffices = arrange(present, cast, columns, (area + 1) / (least + 1))
        extent = max((place.row for place in places), default=0.0) + 1
        box_height = int((area + 1) / extent) - 1
        box_height = max(_BOX_LEAST_HEIGHT, min(_BOX_MAX_HEIGHT, box_height))
        used = int(extent * (box_height + 1)) - 1
        top = dns_height + lane + max(0, area - used) // 2
        if best is None or suffices or len(places) > len(best[1]):
            best = dns_height, places, box_height, top
        if suffices:
            break
    if best is None:
        raise ValueError(f"a map needs more than {height} rows")
    return best


def _dns_row(dns: Sequence[Host], width: int, height: int) -> list[Box]:
    """The name servers side by side in the middle; the last box takes those that do not fit."""
    if not dns:
        return []
    room = width - 4
    gap = 2 if room < 100 else 4
    widths = [_dns_width(host, height) for host in dns]
    shown = len(dns)
    while shown > 1 and sum(widths[:shown]) + gap * (shown - 1) > room:
        shown -= 1
    total = sum(widths[:shown]) + gap * (shown - 1)
    x = max(1, (width - total) // 2)
    boxes = []
    for place in range(shown):
        hosts = tuple(dns[place:]) if place == shown - 1 else (dns[place],)
        box_width = min(widths[place], width - x - 1)
        boxes.append(Box(hosts, place, x, 0, box_width, height, is_dns=True))
        x += box_width + gap
    return boxes


def _dns_width(host: Host, height: int) -> int:
    """A tag is as wide as its name; a box also has room for what it is."""
    name = cell_len(host.label)
    return min(14, name + 2) if height < 3 else min(22, max(13, name + 4))


def _boxes(places: Sequence[Place], width: int, top: int, height: int) -> list[Box]:
    """The places in cells: boxes as wide as their number allows, wires between them."""
    room = width - 2
    widths = _widths(places, room)
    gaps = max(1, len(widths) - 1)
    gap = min(_GAP_MAX, (room - sum(widths)) // gaps)
    spare = max(0, room - sum(widths) - gap * (len(widths) - 1))
    over = spare if spare < gaps else 0
    start = 1 + (spare - over) // 2
    edges = [
        start + sum(widths[:number]) + gap * number + min(number, over)
        for number in range(len(widths))
    ]
    return [
        Box(
            place.hosts,
            place.column,
            edges[place.column],
            top + int(place.row * (height + 1)),
            widths[place.column],
            height,
        )
        for place in places
    ]


def _widths(places: Sequence[Place], room: int) -> list[int]:
    """How wide the boxes of each column are: all alike, and wider where a name wants more."""
    count = max((place.column for place in places), default=0) + 1
    alike = int(room / (count + (count - 1) * _GAP_TO_BOX))
    alike = max(_BOX_MIN_WIDTH, min(_BOX_MAX_WIDTH, alike))
    widths = [alike] * count
    for place in places:
        widths[place.column] = max(widths[place.column], _name_width(place) + 2)
    while sum(widths) > room - _GAP_LEAST * (count - 1) and max(widths) > _BOX_MIN_WIDTH:
        widths[widths.index(max(widths))] -= 1
    return widths


def _name_width(place: Place) -> int:
    if len(place.hosts) > 1:
        return _GROUP_NAME
    # Where the whole name is too long, its last part stands for it.
    return min(_NAME_MAX, cell_len(place.hosts[0].label.rpartition(".")[2]))
