"""The map's floor: no box on another, none outside, every host somewhere, whatever the hosts."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.scenario.model import Host, Role, Scenario
from simulator.scenario.topology import hosts_of
from simulator.tui.cast import Cast
from simulator.tui.floor import Box, lay_out
from simulator.tui.wiring import route
from tests.tui.theatre import SCENARIOS, events_of, scenario

SIZES = st.sampled_from([(60, 6), (80, 6), (120, 14), (200, 18), (100, 14), (250, 40)])


@st.composite
def casts_of_hosts(draw: st.DrawFn) -> tuple[Host, ...]:
    roles = draw(st.lists(st.sampled_from(get_args(Role)), min_size=2, max_size=40))
    return tuple(
        Host(name=f"h{n}.example", role=role, addresses=(f"192.0.2.{n}",), owner="", label=f"h{n}")
        for n, role in enumerate(roles)
    )


@given(hosts=casts_of_hosts(), size=SIZES)
def test_boxes_do_not_touch_each_other_and_stand_inside(
    hosts: tuple[Host, ...], size: tuple[int, int]
) -> None:
    width, height = size
    floor = lay_out(hosts, Cast(), width, height)
    for box in floor.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= width
        assert box.y + box.height <= height
    for one, other in combinations(floor.boxes, 2):
        assert apart(one, other), (one, other)


@given(hosts=casts_of_hosts(), size=SIZES)
def test_every_host_is_in_exactly_one_box(hosts: tuple[Host, ...], size: tuple[int, int]) -> None:
    floor = lay_out(hosts, Cast(), *size)
    shown = [host.name for box in floor.boxes for host in box.hosts]
    assert sorted(shown) == sorted(host.name for host in hosts)


@given(hosts=casts_of_hosts(), size=SIZES, data=st.data())
def test_a_wire_between_any_two_boxes_is_one_piece(
    hosts: tuple[Host, ...], size: tuple[int, int], data: st.DataObject
) -> None:
    floor = lay_out(hosts, Cast(), *size)
    one, other = (data.draw(st.sampled_from(floor.boxes)) for _ in range(2))
    cells = route(floor, one, other).cells
    for (x0, y0, _), (x1, y1, _) in pairwise(cells):
        assert abs(x0 - x1) + abs(y0 - y1) == 1
    for x, y, directions in cells:
        assert 0 <= x < floor.width
        assert 0 <= y < floor.height
        assert 0 < directions < 16


def test_the_mail_goes_from_left_to_right_in_the_order_of_its_way() -> None:
    floor = lay_out(hosts_of(scenario("two-relays")), cast_of("two-relays"), 120, 14)
    main = [box for box in floor.boxes if not box.is_dns]
    assert [box.hosts[0].role for box in sorted(main, key=lambda box: box.x)] == [
        "mail_client",
        "sending_server",
        "relay",
        "relay",
        "receiving_server",
        "mailbox_server",
        "mail_client",
    ]
    assert main[0].hosts[0].label == "ani"


def test_hosts_that_take_no_part_are_left_out_and_counted() -> None:
    hosts = hosts_of(scenario("two-domains"))
    floor = lay_out(hosts, cast_of("two-domains"), 120, 14)
    shown = sum(len(box.hosts) for box in floor.boxes)
    assert floor.absent > 0
    assert shown + floor.absent == len(hosts)


def test_more_hosts_than_fit_share_a_box() -> None:
    hosts = tuple(
        Host(name=f"m{n}", role="mailbox_server", addresses=(), owner="", label=f"m{n}")
        for n in range(13)
    )
    floor = lay_out(hosts, Cast(), 80, 6)
    assert [len(box.hosts) for box in floor.boxes] == [13]
    assert floor.boxes[0].is_group


def cast_of(name: str) -> Cast:
    cast = Cast()
    cast.join(events_of(name))
    return cast


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def test_the_senders_own_mailbox_stands_below_the_sending_server() -> None:
    floor = lay_out(hosts_of(scenario("unknown-user")), cast_of("unknown-user"), 120, 14)
    boxes = {box.hosts[0].label: box for box in floor.boxes}
    assert boxes["smtp.kampus"].x == boxes["mail.kampus"].x
    assert boxes["smtp.kampus"].y < boxes["mail.kampus"].y
    assert boxes["ani"].y == boxes["smtp.kampus"].y == boxes["mx1.kantor"].y


def test_each_recipient_domain_has_a_band_of_its_own() -> None:
    cast = Cast()
    cast.join(simulate(two_recipient_domains()))
    floor = lay_out(hosts_of(two_recipient_domains()), cast, 160, 24)
    boxes = {box.hosts[0].name: box for box in floor.boxes}
    for domain in ("kantor.example", "toko.example"):
        band = [box.y for name, box in boxes.items() if name in {f"mx1.{domain}", f"mail.{domain}"}]
        assert len(set(band)) == 1
    assert boxes["mx1.kantor.example"].y != boxes["mx1.toko.example"].y
    middle = (boxes["mx1.kantor.example"].y + boxes["mx1.toko.example"].y) / 2
    assert abs(boxes["smtp.kampus.example"].y - middle) <= 1


def test_two_mail_exchangers_lead_into_one_mailbox_between_them() -> None:
    floor = lay_out(hosts_of(scenario("primary-down")), cast_of("primary-down"), 120, 14)
    boxes = {box.hosts[0].label: box for box in floor.boxes}
    first, second = boxes["mx1.kantor"], boxes["mx2.kantor"]
    assert first.x == second.x
    assert first.y < boxes["mail.kantor"].y < second.y


def test_no_wire_on_the_mails_way_runs_through_a_box() -> None:
    for name in ("primary-down", "some-refused", "two-relays", "unknown-user", "blind-copy"):
        for size in ((80, 9), (120, 14), (200, 20)):
            cast = cast_of(name)
            floor = lay_out(hosts_of(scenario(name)), cast, *size)
            for one, other in cast.pairs:
                first, second = floor.box_of(one), floor.box_of(other)
                assert first is not None
                assert second is not None
                cells = route(floor, first, second).cells
                assert all(floor.box_at(x, y) in {None, first, second} for x, y, _ in cells), name


def two_recipient_domains() -> Scenario:
    return loads(
        """
        [mail]
        from = "ani@kampus.example"
        to = ["citra@kantor.example", "eko@toko.example"]
        """,
        file="test.toml",
        folder=SCENARIOS,
    )
