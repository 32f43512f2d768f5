"""An authoritative nameserver, by what it says (RFC 1034 section 4.3.2)."""

from __future__ import annotations

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import pytest

from simulator.dns.nameserver import Nameserver
from simulator.dns.stub import describe
from tests.dns.conversation import asking, nameserver, said_by, script

KANTOR = """
    $TTL 3600
    @          IN SOA   ns1 hostmaster 1 7200 900 1209600 300
    @          IN NS    ns1
    @          IN MX    10 mx1
    @          IN MX    20 mx2
    @          IN MX    30 mx.elsewhere.test.
    ns1        IN A     192.0.2.1
    mx1        IN A     192.0.2.2
    mx1        IN AAAA  2001:db8::2
    mx2        IN A     192.0.2.3
    www        IN CNAME mx1
    gone       IN CNAME nobody
    away       IN CNAME www.elsewhere.test.
    ring1      IN CNAME ring2
    ring2      IN CNAME ring1
    deep       IN CNAME x.sub
    a.b.c      IN A     192.0.2.4
    *.any      IN A     192.0.2.5
    *.any      IN MX    10 mx2
    real.any   IN TXT   "not the wildcard"
    sub        IN NS    ns.sub
    sub        IN NS    ns.elsewhere.test.
    ns.sub     IN A     192.0.2.6
    """


SERVER = nameserver(kantor_example=KANTOR)


def assert_said(text: str, server: Nameserver = SERVER) -> None:
    assert said_by(server, text) == script(text)


def test_the_mail_exchangers_come_with_the_nameserver_and_the_addresses_of_its_own_hosts() -> None:
    # The shape of NSD's answer: MX, then NS, then all A, then all AAAA.
    assert_said("""
        Q: MX kantor.example
        A: NOERROR aa
        A: kantor.example. 3600 IN MX 10 mx1.kantor.example.
        A: kantor.example. 3600 IN MX 20 mx2.kantor.example.
        A: kantor.example. 3600 IN MX 30 mx.elsewhere.test.
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional mx1.kantor.example. 3600 IN A 192.0.2.2
        A: additional mx2.kantor.example. 3600 IN A 192.0.2.3
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1
        A: additional mx1.kantor.example. 3600 IN AAAA 2001:db8::2
        """)


def test_addresses_below_a_zone_cut_go_with_nameservers_and_with_nothing_else() -> None:
    cut = """
        @ 60 IN SOA ns.sub h 1 2 3 4 5
        @ 60 IN NS ns.sub
        @ 60 IN MX 10 mx.sub
        sub 60 IN NS ns.sub
        ns.sub 60 IN A 192.0.2.1
        mx.sub 60 IN A 192.0.2.2
        """
    assert_said(
        """
        Q: MX cut.example
        A: NOERROR aa
        A: cut.example. 60 IN MX 10 mx.sub.cut.example.
        A: authority  cut.example. 60 IN NS ns.sub.cut.example.
        A: additional ns.sub.cut.example. 60 IN A 192.0.2.1
        """,
        nameserver(cut_example=cut),
    )


def test_an_address_is_answered_once_even_where_it_is_the_nameservers() -> None:
    assert_said("""
        Q: A ns1.kantor.example
        A: NOERROR aa
        A: ns1.kantor.example. 3600 IN A 192.0.2.1
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        """)


def test_the_nameservers_asked_for_are_not_told_twice() -> None:
    assert_said("""
        Q: NS kantor.example
        A: NOERROR aa
        A: kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1
        """)


def test_a_name_without_such_a_record_is_no_error_but_says_how_long_that_holds() -> None:
    # RFC 2308 section 3: the SOA has the lesser of its own TTL and its minimum.
    assert_said("""
        Q: AAAA mx2.kantor.example
        A: NOERROR aa
        A: authority  kantor.example. 300 IN SOA ns1.kantor.example. hostmaster.kantor.example. \
1 7200 900 1209600 300
        """)


def test_a_name_that_does_not_exist_is_another_thing_than_one_without_a_record() -> None:
    assert_said("""
        Q: MX nobody.kantor.example
        A: NXDOMAIN aa
        A: authority  kantor.example. 300 IN SOA ns1.kantor.example. hostmaster.kantor.example. \
1 7200 900 1209600 300
        """)


@pytest.mark.parametrize("name", ["b.c.kantor.example", "c.kantor.example", "any.kantor.example"])
def test_a_name_that_only_has_names_below_exists(name: str) -> None:
    said = describe(SERVER.answer(asking(name, "A"), transport="udp") or b"")
    assert (said.rcode, said.records, len(said.authority)) == ("NOERROR", (), 1)


def test_a_delegated_name_is_referred_to_those_who_know_with_glue_and_without_authority() -> None:
    referral = """
        A: NOERROR
        A: authority  sub.kantor.example. 3600 IN NS ns.sub.kantor.example.
        A: authority  sub.kantor.example. 3600 IN NS ns.elsewhere.test.
        A: additional ns.sub.kantor.example. 3600 IN A 192.0.2.6
        """
    for question in (
        "MX sub.kantor.example",
        "NS sub.kantor.example",
        "A x.y.sub.kantor.example",
        "A ns.sub.kantor.example",  # glue is no answer
    ):
        assert_said(f"\n        Q: {question}{referral}")


def test_an_alias_is_followed_inside_the_zone() -> None:
    assert_said(
        """
        Q: A www.kantor.example
        A: NOERROR aa
        A: www.kantor.example. 3600 IN CNAME mx1.kantor.example.
        A: mx1.kantor.example. 3600 IN A 192.0.2.2
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1

        Q: CNAME www.kantor.example
        A: NOERROR aa
        A: www.kantor.example. 3600 IN CNAME mx1.kantor.example.
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1
        """.replace("\n\n", "\n")
    )


def test_an_alias_of_nothing_says_that_its_end_does_not_exist() -> None:
    assert_said("""
        Q: A gone.kantor.example
        A: NXDOMAIN aa
        A: gone.kantor.example. 3600 IN CNAME nobody.kantor.example.
        A: authority  kantor.example. 300 IN SOA ns1.kantor.example. hostmaster.kantor.example. \
1 7200 900 1209600 300
        """)


def test_an_alias_that_leaves_the_zone_or_goes_round_is_told_as_it_is() -> None:
    assert_said("""
        Q: A away.kantor.example
        A: NOERROR aa
        A: away.kantor.example. 3600 IN CNAME www.elsewhere.test.
        Q: A ring1.kantor.example
        A: NOERROR aa
        A: ring1.kantor.example. 3600 IN CNAME ring2.kantor.example.
        A: ring2.kantor.example. 3600 IN CNAME ring1.kantor.example.
        """)


def test_an_alias_into_a_delegated_zone_ends_in_a_referral() -> None:
    assert_said("""
        Q: A deep.kantor.example
        A: NOERROR aa
        A: deep.kantor.example. 3600 IN CNAME x.sub.kantor.example.
        A: authority  sub.kantor.example. 3600 IN NS ns.sub.kantor.example.
        A: authority  sub.kantor.example. 3600 IN NS ns.elsewhere.test.
        A: additional ns.sub.kantor.example. 3600 IN A 192.0.2.6
        """)


def test_a_wildcard_speaks_for_names_that_do_not_exist_also_for_deep_ones() -> None:
    assert_said("""
        Q: A this.any.kantor.example
        A: NOERROR aa
        A: this.any.kantor.example. 3600 IN A 192.0.2.5
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1
        Q: MX very.deep.any.kantor.example
        A: NOERROR aa
        A: very.deep.any.kantor.example. 3600 IN MX 10 mx2.kantor.example.
        A: authority  kantor.example. 3600 IN NS ns1.kantor.example.
        A: additional mx2.kantor.example. 3600 IN A 192.0.2.3
        A: additional ns1.kantor.example. 3600 IN A 192.0.2.1
        """)


def test_a_wildcard_is_silent_where_a_name_exists_and_below_it() -> None:
    # RFC 4592 section 2.2.1: real.any exists, so it has no address and nothing below it has.
    for name, rcode in (("real.any", "NOERROR"), ("x.real.any", "NXDOMAIN")):
        wire = SERVER.answer(asking(f"{name}.kantor.example", "A"), transport="udp")
        assert wire is not None
        assert (describe(wire).rcode, describe(wire).records) == (rcode, ())


def test_a_name_outside_of_its_zones_is_refused() -> None:
    assert_said("""
        Q: MX kampus.example
        A: REFUSED
        Q: A .
        A: REFUSED
        Q: AXFR kantor.example
        A: REFUSED
        """)


def test_another_class_is_refused() -> None:
    query = dns.message.make_query("kantor.example", "A", rdclass="CH", id=7)
    assert describe(SERVER.answer(query.to_wire(), transport="udp") or b"").rcode == "REFUSED"


def test_the_nearest_of_its_zones_answers() -> None:
    both = nameserver(
        kantor_example=KANTOR,
        sub_kantor_example="""
            @ 60 IN SOA ns h 1 2 3 4 5
            @ 60 IN NS ns
            ns 60 IN A 192.0.2.6
            """,
    )
    assert_said(
        """
        Q: A ns.sub.kantor.example
        A: NOERROR aa
        A: ns.sub.kantor.example. 60 IN A 192.0.2.6
        A: authority  sub.kantor.example. 60 IN NS ns.sub.kantor.example.
        """,
        both,
    )


def test_names_are_the_same_in_capitals_and_the_question_comes_back_as_it_was_put() -> None:
    wire = SERVER.answer(asking("MX1.kantor.EXAMPLE", "A"), transport="udp")
    assert wire is not None
    assert describe(wire).name == "MX1.kantor.EXAMPLE"
    assert describe(wire).data == ("192.0.2.2",)


def test_recursion_is_not_offered_though_it_may_be_wished_for() -> None:
    wire = SERVER.answer(asking("mx1.kantor.example", "A", recursive=True), transport="udp")
    message = dns.message.from_wire(wire or b"")
    assert dns.flags.to_text(message.flags) == "QR AA RD"
    assert message.id == 7
