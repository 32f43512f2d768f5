"""Changes of every kind, with every condition, also such as make no sense where they come."""

from __future__ import annotations

from hypothesis import strategies as st

from simulator.scenario.changes import (
    NEXT,
    AnswerInstead,
    Change,
    Condition,
    Delay,
    Down,
    Drop,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Silence,
    Strike,
    Up,
    Wait,
    verb_of,
)
from simulator.scenario.model import Scenario
from simulator.scenario.moments import DEEDS, WITH_ARGUMENT
from simulator.scenario.topology import hosts_of

_SECOND = 1_000_000
_SMTP = (
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
)
_PICK_UP = ("+OK fine", "-ERR no", "+ VXNlcg==", "OK fine", "NO way", "* BYE")
_POLICIES = (
    SetPolicy(policy="greylist", value=300 * _SECOND),
    SetPolicy(policy="greylist", value=0),
    SetPolicy(policy="quota", value=1),
    SetPolicy(policy="tls", value=0),
    SetPolicy(policy="tls", value=1),
    SetPolicy(policy="size", value=10),
    SetPolicy(policy="recipients", value=1),
)
_RECORDS = {
    "MX": ("10 nowhere.example", "0 ."),
    "A": ("192.0.2.250",),
    "AAAA": ("2001:db8::1",),
    "TXT": ('"v=spf1 -all"',),
}
_RCODES = ("SERVFAIL", "NXDOMAIN", "REFUSED", "NOERROR")
_LENGTHS = st.sampled_from([1_000, _SECOND, 7 * _SECOND, 400 * _SECOND, 10_000 * _SECOND])
_ONLY = {"connect": "25", "dns": "MX", "EHLO": "example", "HELO": "example"}

REPLIES = st.sampled_from((*_SMTP, *_PICK_UP)).map(lambda text: SayInstead(text=text))
STRIKES: st.SearchStrategy[Strike] = st.one_of(
    REPLIES,
    st.sampled_from(_RCODES).map(lambda rcode: AnswerInstead(rcode=rcode)),
    st.just(Refuse()),
    st.just(Drop()),
    st.just(Silence()),
    _LENGTHS.map(lambda time: Delay(duration=time)),
)


def changes(scenario: Scenario, *, forked: bool = True) -> st.SearchStrategy[Change]:
    """Any change that this scenario's words can name, and some that name nobody.

    Not ``forked``: such as hold from the start of a run on.
    """
    hosts = ["nobody.example", *(host.name for host in hosts_of(scenario))]
    domains = ["nobody.example", *(domain.name for domain in scenario.domains)]
    kinds = [_waiting(hosts), _other_records(domains), _condition(hosts, domains, forked=forked)]
    if forked:
        kinds.append(_about_the_event())
    return st.one_of(*kinds)


def _about_the_event() -> st.SearchStrategy[Change]:
    """A strike that is about what its event is about."""
    at_once = STRIKES.filter(lambda deed: not isinstance(deed, Refuse))
    following = st.one_of(REPLIES, st.just(Silence()), _LENGTHS.map(lambda t: Delay(duration=t)))
    return st.one_of(
        at_once.map(lambda deed: Change(deed=deed)),
        following.map(lambda deed: Change(deed=deed, on=NEXT)),
    )


@st.composite
def _waiting(draw: st.DrawFn, hosts: list[str]) -> Change:
    """A strike at any moment that it can strike at, as often as may be."""
    deed = draw(STRIKES)
    on = draw(st.sampled_from([m for m in DEEDS if m != NEXT and verb_of(deed) in DEEDS[m]]))
    start, end = draw(_window())
    return Change(
        deed=deed,
        on=on,
        at=draw(st.sampled_from(["", *hosts])),
        only=draw(st.sampled_from(["", _ONLY.get(on, "a")])) if on in WITH_ARGUMENT else "",
        skip=draw(st.integers(0, 2)),
        times=draw(st.integers(0, 2)),
        start=start,
        end=end,
    )


@st.composite
def _other_records(draw: st.DrawFn, domains: list[str]) -> Change:
    rdtype = draw(st.sampled_from(sorted(_RECORDS)))
    only = f"{draw(st.sampled_from(domains))} {rdtype}"
    return Change(deed=AnswerInstead(records=_RECORDS[rdtype]), on="dns", only=only)


@st.composite
def _condition(draw: st.DrawFn, hosts: list[str], domains: list[str], *, forked: bool) -> Change:
    """Something that holds for a while, somewhere; after an event it need not say where."""
    deed: Condition = draw(
        st.one_of(
            st.just(Down()),
            st.just(Up()),
            st.sampled_from(_POLICIES),
            _LENGTHS.map(lambda time: Wait(duration=time)),
            st.sampled_from(hosts).map(lambda host: SendVia(host=host)),
        )
    )
    places = domains if isinstance(deed, SetPolicy) else hosts
    anywhere = [""] if forked or isinstance(deed, SendVia) else []
    start, end = draw(_window())
    return Change(
        deed=deed,
        at=draw(st.sampled_from([*anywhere, *places])),
        only=draw(st.sampled_from(["", *domains])) if isinstance(deed, SendVia) else "",
        start=start,
        end=None if isinstance(deed, Up | Wait) else end,
    )


@st.composite
def _window(draw: st.DrawFn) -> tuple[int, int | None]:
    """From when to when; mostly always."""
    start = draw(st.sampled_from([0, 0, _SECOND, 300 * _SECOND]))
    lasting = draw(st.none() | _LENGTHS)
    return start, None if lasting is None else start + lasting
