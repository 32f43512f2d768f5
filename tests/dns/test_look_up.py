"""What the real DNS would be asked, wave by wave, and where it ends; nobody is really asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from simulator.dns.look_up import Bounds, look_up
from simulator.dns.stub_resolver import Nameserver, NameserverError, parse_nameserver
from simulator.scenario.looking_up import Announced, Ended, Question, Told, troubles_of
from simulator.scenario.real_answers import LookedUp, RealAnswer

MX, TXT = "MX", "TXT"


class Oracle:
    """Answers from a table; everything else has no such record."""

    servers = ("192.0.2.53#53",)

    def __init__(self, said: Mapping[Question, tuple[str, ...] | str]) -> None:
        self._said = said
        self.asked: list[Question] = []

    async def ask(self, name: str, rdtype: str) -> RealAnswer:
        """The records of the table, or its rcode; ``HANG`` never answers."""
        self.asked.append((name, rdtype))
        said = self._said.get((name, rdtype), ())
        if said == "HANG":
            await asyncio.Event().wait()
        if isinstance(said, str):
            return RealAnswer(name=name, type=rdtype, server="192.0.2.53#53", rcode=said)
        records = tuple(f"{name}. 60 IN {rdtype} {data}" for data in said)
        return RealAnswer(
            name=name, type=rdtype, server="192.0.2.53#53", rcode="NOERROR", records=records
        )


def asked(
    said: Mapping[Question, tuple[str, ...] | str],
    *domains: str,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
    selectors: tuple[tuple[str, str], ...] = (),
) -> tuple[list[Question], list[Told], LookedUp]:
    oracle, told = Oracle(said), list[Told]()
    found = asyncio.run(look_up(domains, oracle, told.append, selectors=selectors, bounds=bounds))
    return oracle.asked, told, found


def test_the_first_wave_is_known_before_anything_is_asked() -> None:
    questions, told, _ = asked({}, "a.test", "b.test", selectors=(("a.test", "s1"),))
    assert questions == [
        ("a.test", MX), ("b.test", MX),
        ("a.test", "A"), ("a.test", "AAAA"), ("a.test", TXT),
        ("b.test", "A"), ("b.test", "AAAA"), ("b.test", TXT),
        ("_dmarc.a.test", TXT), ("_dmarc.b.test", TXT), ("s1._domainkey.a.test", TXT),
    ]  # fmt: skip
    first = told[0]
    assert isinstance(first, Announced)
    assert list(first.questions) == questions


def test_every_question_is_announced_before_it_is_put() -> None:
    _, told, _ = asked({("a.test", MX): ("10 mx.a.test.",)}, "a.test")
    known: set[Question] = set()
    for one in told:
        if isinstance(one, Announced):
            known |= set(one.questions)
        if isinstance(one, RealAnswer):
            assert (one.name, one.type) in known


def test_exchangers_are_followed_the_ten_best_and_no_further() -> None:
    said = {("a.test", MX): tuple(f"{n} mx{n}.a.test." for n in range(30))}
    questions, _, _ = asked(said, "a.test")
    followed = [name for name, rdtype in questions if rdtype == "A" and name != "a.test"]
    assert followed == [f"mx{n}.a.test" for n in range(10)]


def test_spf_is_followed_through_includes_and_redirects_and_in_no_circle() -> None:
    said = {
        ("a.test", TXT): (
            '"v=spf1 include:b.test a:web.test mx:mx.test exists:%{i}.ada.test -all"',
        ),
        ("b.test", TXT): ('"v=spf1 redirect=" "c.test"',),
        ("c.test", TXT): ('"v=spf1 include:a.test include:b.test include:%{d}.test ~all"',),
        ("mx.test", MX): ("5 exchanger.test.",),
    }
    questions, _, _ = asked(said, "a.test")
    assert ("c.test", TXT) in questions
    assert ("web.test", "AAAA") in questions
    assert ("exchanger.test", "A") in questions
    assert len(questions) == len(set(questions))
    assert not [name for name, _ in questions if "%" in name or "ada.test" in name]


def test_dmarc_is_looked_for_upwards_until_it_is_found() -> None:
    said = {("_dmarc.kampus.test", TXT): ('"v=DMARC1; p=none"',)}
    questions, _, _ = asked(said, "surel.kampus.test")
    assert [name for name, _ in questions if name.startswith("_dmarc")] == [
        "_dmarc.surel.kampus.test",
        "_dmarc.kampus.test",
    ]


def test_names_that_need_an_escape_are_not_asked_for() -> None:
    said: dict[Question, tuple[str, ...] | str] = {
        ("a.test", MX): (r"1 \027[2J.test.", f"2 {'x' * 64}.test.", r"3 a\.b.test.", "4 ok.test.")
    }
    questions, _, _ = asked(said, "a.test")
    assert [name for name, rdtype in questions if rdtype == "A"] == ["a.test", "ok.test"]


def test_below_a_name_that_does_not_exist_nothing_is_asked() -> None:
    questions, _, _ = asked({("a.test", MX): "NXDOMAIN"}, "a.test")
    assert questions == [("a.test", MX)]


def test_who_never_answers_is_told_no_further_names() -> None:
    questions, told, found = asked({("a.test", MX): "TIMEOUT"}, "a.test", "b.test")
    assert questions == [("a.test", MX)]
    assert told[-1] == Ended("silence", 9)
    assert [trouble.kind for trouble in troubles_of(found)] == ["timeout", "timeout"]


def test_there_is_an_end_in_number_and_in_time() -> None:
    questions, told, _ = asked({}, "a.test", bounds=Bounds(questions=3))
    assert len(questions) == 3
    assert told[-1] == Ended("number", 2)
    hanging: dict[Question, tuple[str, ...] | str] = {("a.test", "AAAA"): "HANG"}
    questions, told, _ = asked(hanging, "a.test", bounds=Bounds(seconds=0.05))
    assert questions[-1] == ("a.test", "AAAA")
    assert told[-1] == Ended("time", 3)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", Nameserver("9.9.9.9")),
        ("127.0.0.1:5300", Nameserver("127.0.0.1", 5300)),
        ("2620:fe::fe", Nameserver("2620:fe::fe")),
        ("[::1]", Nameserver("::1")),
        ("[::1]:5300", Nameserver("::1", 5300)),
    ],
)
def test_a_nameserver_is_an_address_with_or_without_a_port(text: str, server: Nameserver) -> None:
    assert parse_nameserver(text) == server


@pytest.mark.parametrize(
    "text",
    ["", "dns.test", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "[::1", "[::1]x", "1.2.3:53",
     "127.0.0.1:٥٣", "127.0.0.1:5300:1", "-9.9.9.9", "127.0.0.1:" + "9" * 5000],
)  # fmt: skip
def test_anything_else_is_no_nameserver(text: str) -> None:
    with pytest.raises(NameserverError):
        parse_nameserver(text)
