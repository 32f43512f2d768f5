"""Which column and row each host has: writers at the left, readers at the right, domains in bands.

The mail goes from left to right. What belongs to one recipient domain (its mail exchangers, its
mailbox server, its readers) stands in one band of rows, so that two domains do not cross. The
mailbox of the sender's own domain, to which only reports go, stands below the sending server.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from simulator.scenario.model import Host
from simulator.tui.cast import Cast

DNS_ROLES = ("resolver", "nameserver", "policy_server")
_OWN_ROLES = frozenset(
    {"sending_server", "receiving_server", "mailbox_server", "nameserver", "policy_server"}
)
"""Who belongs to one domain, and is met only on a way from or to it."""
_ABOVE_ALL = frozenset({".", "tld"})
"""Who owns the root's and the top-level domain's name servers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where hosts stand: ``column`` from the left, ``row`` from above, which may be a half."""

    hosts: tuple[Host, ...]
    column: int
    row: float


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the map: lists of (row, host), one a column; ``anchor`` is the row of its gate."""

    columns: tuple[tuple[tuple[float, Host], ...], ...]
    height: float
    anchor: float


def arrange(
    present: Sequence[Host], cast: Cast, columns: int, rows: float
) -> tuple[list[Place], bool]:
    """Places for all hosts but the name servers, in at most so many columns and rows.

    Also gives whether the rows suffice; where they do not, hosts of a column share a place.
    """
    parts = _Parts(present, cast)
    left, right = _left(parts), _right(parts)
    beside = len(left.columns) + len(right.columns)
    chain = len(parts.middle) <= max(1, columns - beside)
    middle = _middle(parts.middle, one_row=chain)
    anchor = max(block.anchor for block in (left, middle, right))
    blocks: tuple[_Block, ...] = (left, middle, right)
    if max(anchor - block.anchor + block.height for block in blocks) > rows:
        blocks = tuple(_Block(block.columns, block.height, anchor) for block in blocks)
    if max(block.height for block in blocks) > rows:
        return _stacked(parts, max(1, int(rows)), is_chain=chain), False
    return list(_shifted(blocks, anchor)), True


def on_the_way(hosts: Iterable[Host], writers: Iterable[str], recipient: str) -> list[Host]:
    """Those hosts that a mail of these writers (hosts' names) meets on its way to one recipient."""
    hosts, names = list(hosts), frozenset(writers)
    own = {_domain(host) for host in hosts if host.name in names}
    own.add(recipient.rpartition("@")[2].lower())
    return [host for host in hosts if _is_met(host, names, own, recipient.lower())]


def _is_met(host: Host, writers: frozenset[str], domains: set[str], recipient: str) -> bool:
    if host.role == "mail_client":
        return host.name in writers or host.owner.lower() == recipient
    if host.role not in _OWN_ROLES or host.owner in _ABOVE_ALL:
        return True
    return _domain(host) in domains


class _Parts:
    """The hosts by what they do."""

    def __init__(self, present: Sequence[Host], cast: Cast) -> None:
        mine = {host.role: [one for one in present if one.role == host.role] for host in present}
        clients = mine.pop("mail_client", [])
        self.writers = [one for one in clients if one.name in cast.writers] or clients[:1]
        self.readers = [one for one in clients if one not in self.writers]
        self.sending = mine.pop("sending_server", [])
        self.receiving = mine.pop("receiving_server", [])
        mailboxes = mine.pop("mailbox_server", [])
        self.homes = [one for one in mailboxes if self._is_home(one, mailboxes)]
        self.mailboxes = [one for one in mailboxes if one not in self.homes]
        for role in DNS_ROLES:
            mine.pop(role, None)  # type: ignore[call-overload]
        self.middle = [one for hosts in mine.values() for one in hosts]

    def _is_home(self, mailbox: Host, mailboxes: Sequence[Host]) -> bool:
        """Whether only the writers' own reports come here, while other mail goes elsewhere."""
        elsewhere = self.receiving or len(mailboxes) > 1
        own = any(server.owner == mailbox.owner for server in self.sending)
        read = any(_domain(reader) == mailbox.owner for reader in self.readers)
        return bool(elsewhere) and own and not read


def _left(parts: _Parts) -> _Block:
    """Writers, and their servers; below a server, the mailbox to which reports go."""
    writers: list[tuple[float, Host]] = []
    servers: list[tuple[float, Host]] = []
    gates: list[float] = []
    top = 0.0
    for domain in _domains((*parts.writers, *parts.sending, *parts.homes)):
        own = [one for one in parts.sending if _domain(one) == domain]
        homes = [one for one in parts.homes if _domain(one) == domain]
        wrote = [one for one in parts.writers if _domain(one) == domain]
        count = len(own) + len(homes)
        height = max(count, len(wrote))
        first = top + (height - count) / 2
        servers += [(first + n, one) for n, one in enumerate((*own, *homes))]
        # A single writer stands beside the server and not beside its mailbox.
        beside = max(len(own), 1) if homes else height
        first = top + max(0.0, (beside - len(wrote)) / 2)
        writers += [(first + n, one) for n, one in enumerate(wrote)]
        gates += [row for row, one in servers if one in own]
        top += height
    return _block((writers, servers), top, gates)


def _right(parts: _Parts) -> _Block:
    """Mail exchangers, mailboxes and readers, a band for each domain."""
    kinds = (parts.receiving, parts.mailboxes, parts.readers)
    columns: tuple[list[tuple[float, Host]], ...] = ([], [], [])
    top = 0.0
    for domain in _domains([one for kind in kinds for one in kind]):
        bands = [[one for one in kind if _domain(one) == domain] for kind in kinds]
        height = max(map(len, bands))
        for column, band in zip(columns, bands, strict=True):
            first = top + (height - len(band)) / 2
            column += [(first + n, one) for n, one in enumerate(band)]
        top += height
    gates = next((column for column in columns if column), [])
    return _block(columns, top, [row for row, _ in gates])


def _middle(hosts: Sequence[Host], *, one_row: bool) -> _Block:
    """What the mail passes on its way: side by side where there is room, else in one column."""
    if one_row:
        return _block([[(0.0, one)] for one in hosts], 1 if hosts else 0, [0.0])
    return _block(
        [[(float(n), one) for n, one in enumerate(hosts)]],
        len(hosts),
        [float(n) for n in range(len(hosts))],
    )


def _block(
    columns: Iterable[Sequence[tuple[float, Host]]], height: float, gates: Sequence[float]
) -> _Block:
    filled = tuple(tuple(column) for column in columns if column)
    return _Block(filled, height, fmean(gates) if gates else max(0.0, (height - 1) / 2))


def _shifted(blocks: Iterable[_Block], anchor: float) -> Iterable[Place]:
    """The blocks side by side, their gates at one height."""
    number = 0
    for block in blocks:
        for column in block.columns:
            for row, host in column:
                yield Place((host,), number, row + anchor - block.anchor)
            number += 1


def _stacked(parts: _Parts, rows: int, *, is_chain: bool) -> list[Place]:
    """Each column in the middle of so many rows; its last place takes the hosts that are over."""
    middle = [[one] for one in parts.middle] if is_chain else [parts.middle]
    columns = [parts.writers, parts.sending, *middle, parts.receiving]
    columns += [[*parts.mailboxes, *parts.homes], parts.readers]
    places = []
    for number, hosts in enumerate(filter(None, columns)):
        stack = min(len(hosts), rows)
        for row in range(stack):
            here = tuple(hosts[row:]) if row == stack - 1 else (hosts[row],)
            places.append(Place(here, number, row + (rows - stack) / 2))
    return places


def rows_of(present: Sequence[Host], cast: Cast) -> float:
    """How many rows of boxes the map would have if there were room for all."""
    places, _ = arrange(present, cast, columns=len(present), rows=float(len(present)))
    return max((place.row for place in places), default=0.0) + 1


def _domain(host: Host) -> str:
    """Whose it is: a client's owner is an address, a server's a domain."""
    return host.owner.rpartition("@")[2].lower()


def _domains(hosts: Iterable[Host]) -> list[str]:
    return list(dict.fromkeys(_domain(host) for host in hosts))
