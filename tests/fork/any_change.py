"""Changes of every kind, also such as make no sense where they come."""

from __future__ import annotations

from hypothesis import strategies as st

from simulator.scenario.changes import (
    AnswerInstead,
    Change,
    Down,
    Drop,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Up,
    Wait,
)
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of

_SECOND = 1_000_000
_REPLIES = (
    "450 4.2.1 Busy",
    "550 5.1.1 No such user",
    "250 2.0.0 Ok",
    "354 Go ahead",
    "220 Ready",
    "221 2.0.0 Bye",
    "421 4.3.2 Going down",
    "235 2.7.0 Welcome",
    "334 VXNlcm5hbWU6",
    "250-mx.example\n250-SIZE 10\n250 STARTTLS",
    "999 What?",
    "hello",
    "+OK fine",
    "-ERR no",
    "+ ",
    "OK fine",
    "NO way",
    "* BYE",
)
_POLICIES = (
    SetPolicy(policy="greylist", value=300 * _SECOND),
    SetPolicy(policy="greylist", value=0),
    SetPolicy(policy="quota", value=1),
    SetPolicy(policy="tls", value=0),
    SetPolicy(policy="tls", value=1),
    SetPolicy(policy="size", value=10),
    SetPolicy(policy="recipients", value=0),
)
_RECORDS = {
    "MX": ("10 nowhere.example", "0 ."),
    "A": ("192.0.2.250",),
    "AAAA": ("2001:db8::1",),
    "TXT": ('"v=spf1 -all"',),
}
_RCODES = ("SERVFAIL", "NXDOMAIN", "REFUSED", "NOERROR", "TIMEOUT")


def changes(scenario: Scenario) -> st.SearchStrategy[Change]:
    """Any change that this scenario's words can name, and some that name nobody."""
    hosts = st.sampled_from(["", "nobody.example", *(host.name for host in hosts_of(scenario))])
    domains = st.sampled_from(["", "nobody.example", *(d.name for d in scenario.domains)])
    return st.one_of(
        st.builds(SayInstead, text=st.sampled_from(_REPLIES), next=st.booleans()),
        st.builds(Refuse, server=hosts),
        st.just(Drop()),
        st.builds(Down, host=hosts),
        st.builds(Up, host=hosts),
        st.builds(AnswerInstead, rcode=st.sampled_from(_RCODES)),
        st.builds(_other_answer, domains, st.sampled_from(sorted(_RECORDS)), st.booleans()),
        st.sampled_from(_POLICIES),
        st.builds(
            Wait,
            duration=st.sampled_from([1, _SECOND, 400 * _SECOND, 10_000 * _SECOND]),
            host=hosts,
        ),
        st.builds(SendVia, host=hosts.filter(bool), domain=domains),
    )


def _other_answer(domain: str, rdtype: str, some: bool) -> AnswerInstead:
    return AnswerInstead(name=domain or ".", type=rdtype, records=_RECORDS[rdtype] if some else ())
