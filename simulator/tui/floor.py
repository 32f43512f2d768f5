"""Where the boxes stand: hosts laid out by what they do, writers at the left, readers at the right.

Name servers stand in a row of their own above. Hosts for which there is no room share one box,
which says how many they are; hosts that take no part in the run are left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from simulator.scenario.model import Host, Role
from simulator.trace.event import Composed, Event, peer_of

_DNS_ROLES = ("resolver", "nameserver")
_BOX_MIN_WIDTH, _BOX_MAX_WIDTH = 7, 24
_BOX_MIN_HEIGHT, _BOX_MAX_HEIGHT = 4, 11
_BOX_GOOD_HEIGHT = 8
_GAP_MIN, _GAP_MAX = 4, 30
_GAP_TO_BOX = 0.58
"""A wire is this much as long as a box is wide: the mail needs room to be seen moving."""


@dataclass(slots=True)
class Cast:
    """Who takes part in the events so far, in the order in which they first did."""

    names: dict[str, None] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    pairs: dict[tuple[str, str], None] = field(default_factory=dict)

    def join(self, events: Iterable[Event]) -> bool:
        """Take in further events; True where a new host or a new pair came with them."""
        before = len(self.names), len(self.pairs), len(self.writers)
        for event in events:
            self.names.setdefault(event.host)
            if isinstance(event.fact, Composed):
                self.writers.add(event.host)
            peer = peer_of(event.fact)
            if peer is not None:
                self.names.setdefault(peer)
                self.pairs.setdefault((min(event.host, peer), max(event.host, peer)))
        return before != (len(self.names), len(self.pairs), len(self.writers))


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the map, in cells; more than one host share it where ``hosts`` says so."""

    hosts: tuple[Host, ...]
    column: int
    row: int
    x: int
    y: int
    width: int
    height: int

    @property
    def is_dns(self) -> bool:
        """Whether it stands in the row above."""
        return self.row < 0

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
        return self.y + (self.height - 1) // 2

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
    lanes: tuple[int, ...]
    """For each row of boxes, the row of cells above it."""
    absent: int
    """How many hosts take no part and are not shown."""

    def box_of(self, host: str) -> Box | None:
        """The box in which a host stands."""
        return next((box for box in self.boxes if any(h.name == host for h in box.hosts)), None)

    def box_at(self, x: int, y: int) -> Box | None:
        """The box that covers a cell."""
        return next((box for box in self.boxes if box.contains(x, y)), None)


def lay_out(hosts: Sequence[Host], cast: Cast, width: int, height: int) -> Floor:
    """The map for so many cells. With a cast of nobody, every host is shown."""
    present = [host for host in hosts if not cast.names or host.name in cast.names]
    order = {name: place for place, name in enumerate(cast.names)}
    present.sort(key=lambda host: order.get(host.name, 0))
    dns = [host for role in _DNS_ROLES for host in present if host.role == role]
    columns = _columns(present, cast, width)
    tallest = max((len(column) for column in columns), default=1)
    dns_height, lane_height, rows = _heights(height, tallest, has_dns=bool(dns))
    box_height = (height - dns_height - lane_height - (rows - 1)) // rows
    # A tall map gives a third of its height to the wires.
    box_height = min(box_height, _BOX_MAX_HEIGHT, max(_BOX_GOOD_HEIGHT, box_height * 2 // 3))
    box_height = max(_BOX_MIN_HEIGHT, box_height)
    used = rows * box_height + rows - 1
    top = max(dns_height + lane_height, (height + dns_height + lane_height - used) // 2)
    dns_boxes = _dns_row(dns, width, dns_height)
    boxes = _main_boxes(columns, rows, width, top, box_height)
    lanes = tuple(top - 1 + row * (box_height + 1) for row in range(rows))
    return Floor(
        width=width,
        height=height,
        boxes=(*dns_boxes, *boxes),
        dns_lane=dns_height + max(0, top - dns_height - 1) // 2,
        lanes=lanes,
        absent=len(hosts) - len(present),
    )


def _columns(present: Sequence[Host], cast: Cast, width: int) -> list[list[Host]]:
    """The hosts below the name servers, one list a column; a relay has a column where it fits."""

    def of(role: Role) -> list[Host]:
        return [host for host in present if host.role == role]

    clients = of("mail_client")
    writers = [host for host in clients if host.name in cast.writers] or clients[:1]
    readers = [host for host in clients if host not in writers]
    before = [column for column in (writers, of("sending_server")) if column]
    after = [column for column in (of("receiving_server"), of("mailbox_server"), readers) if column]
    relays = of("relay")
    room = (width - 2 + _GAP_MIN) // (_BOX_MIN_WIDTH + _GAP_MIN) - len(before) - len(after)
    fits = len(relays) <= max(1, room)
    middle = [[relay] for relay in relays] if fits else [relays]
    return [*before, *middle, *after]


def _heights(height: int, tallest: int, *, has_dns: bool) -> tuple[int, int, int]:
    """Rows of cells for the name servers and the lane below them, and how many rows of boxes."""
    choices = ((3, 3), (3, 2), (1, 2), (1, 1)) if has_dns else ((0, 1),)
    best: tuple[int, int, int] | None = None
    for dns_height, lane_height in choices:
        area = height - dns_height - lane_height
        rows = max(1, min(tallest, (area + 1) // (_BOX_MIN_HEIGHT + 1)))
        roomy = area >= rows * _BOX_MIN_HEIGHT + rows - 1
        if best is None or (roomy and rows > best[2]):
            best = dns_height, lane_height, rows
        if best[2] == 1 and area < _BOX_MIN_HEIGHT + 1:
            best = dns_height, lane_height, rows
    return best or (0, 1, 1)


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
        boxes.append(Box(hosts, place, -1, x, 0, box_width, height))
        x += box_width + gap
    return boxes


def _dns_width(host: Host, height: int) -> int:
    """A tag is as wide as its name; a box also has room for what it is."""
    name = cell_len(host.label)
    return min(14, name + 2) if height < 3 else min(22, max(13, name + 4))


def _main_boxes(
    columns: Sequence[Sequence[Host]], rows: int, width: int, top: int, height: int
) -> list[Box]:
    count = max(1, len(columns))
    room = width - 2
    box_width = int(room / (count + (count - 1) * _GAP_TO_BOX))
    box_width = max(_BOX_MIN_WIDTH, min(_BOX_MAX_WIDTH, box_width))
    gaps = max(1, count - 1)
    gap = min(_GAP_MAX, (room - count * box_width) // gaps)
    spare = max(0, room - count * box_width - gap * (count - 1))
    over = spare if spare < gaps else 0
    start = 1 + (spare - over) // 2
    boxes = []
    x = start
    for number, column in enumerate(columns):
        stack = min(len(column), rows)
        # A column with fewer boxes than rows stands in the middle of the others.
        offset = (rows - stack) * (height + 1) // 2
        for place in range(stack):
            last = place == stack - 1
            hosts = tuple(column[place:]) if last else (column[place],)
            y = top + offset + place * (height + 1)
            row = min(rows - 1, place + (rows - stack) // 2)
            boxes.append(Box(hosts, number, row, x, y, box_width, height))
        x += box_width + gap + (1 if number < over else 0)
    return boxes
