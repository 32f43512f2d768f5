"""Random events, also such as no run would give: wrong connections, broken base64, huge numbers."""

from __future__ import annotations

from typing import get_args, get_type_hints

from hypothesis import strategies as st

from simulator.trace.event import Event, Fact, Query, Reply
from tests.story import ANI, BUDI, PC_ANI
from tests.trace.stories import CITRA, MAIL, MX1, PC_BUDI, RESOLVER, SMTP

_HOSTS = st.sampled_from([PC_ANI, PC_BUDI, SMTP, MX1, MAIL, RESOLVER, "", "nobody.example"])
_RECIPIENTS = st.sampled_from([ANI, BUDI, CITRA, "Budi@Kantor.example", ""])
_NUMBERS = st.one_of(st.integers(-1, 4), st.sampled_from([10**30, -(10**30)]))
_LINES = st.one_of(
    st.sampled_from(
        [
            "EHLO a",
            "LHLO a",
            "RSET",
            "DATA",
            "",
            " ",
            "MAIL FROM:<>",
            "MAIL",
            f"MAIL FROM:<{ANI}> SIZE=3",
            f"RCPT TO:<{BUDI}>",
            f"rcpt to:<{CITRA}>",
            "RCPT TO:",
            "QUIT",
            ".",
        ]
    ),
    st.text(max_size=5),
)
_RECORDS = st.sampled_from(
    ["a. 1 IN A 192.0.2.1", "a. x IN A 192.0.2.1", "", "a. 0 IN MX 10 b.", "a. 9999999999 IN A 1"]
)
_SOA = st.sampled_from(["a. 5 IN SOA b. c. 1 2 3 4 5", "a. 5 IN SOA", "a. 5 IN NS b."])
_SPECIAL: dict[str, st.SearchStrategy[object]] = {
    "conn": st.integers(0, 3),
    "peer": _HOSTS,
    "server": _HOSTS,
    "line": _LINES,
    "code": st.sampled_from([220, 250, 354, 421, 450, 550, 0, -250, 10**30, "+OK", "-ERR", "250"]),
    "rule": st.sampled_from(["greeting", "ok", "data.accepted", "route.destination"]),
    "verdict": st.sampled_from(["local", "remote", "sent"]),
    "data": st.sampled_from(
        ["", "AAA=", "=", "\r\n.\r\n", "A: b\r\n\r\n..c\r\n.\r\n", "é", "\ud800"]
    ),
    "recipients": st.lists(_RECIPIENTS, max_size=3).map(tuple),
    "reverse_path": _RECIPIENTS,
    "mailbox": _RECIPIENTS,
    "uid": st.sampled_from(["1", "2"]),
    "queue_id": st.sampled_from(["", "q1", "q2"]),
    "next_attempt": st.one_of(st.none(), _NUMBERS),
    "records": st.lists(_RECORDS, max_size=2).map(tuple),
    "authority": st.lists(_SOA, max_size=2).map(tuple),
    "rcode": st.sampled_from(["NOERROR", "NXDOMAIN", "SERVFAIL"]),
    "reason": st.sampled_from(["", "quit", "dropped"]),
    "headers": st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=2).map(tuple),
}
_EACH_FACT = [
    st.builds(
        kind,
        **{
            name: _SPECIAL.get(name, st.from_type(hint))
            for name, hint in get_type_hints(kind).items()
        },
    )
    for kind in get_args(Fact)
]
facts: st.SearchStrategy[Fact] = st.one_of(*_EACH_FACT)


@st.composite
def runs(draw: st.DrawFn, max_size: int = 60) -> list[Event]:
    """Events one after another, with nothing else about them being right."""
    at, events = 0, []
    for seq, fact in enumerate(draw(st.lists(facts, max_size=max_size))):
        at += draw(st.sampled_from([0, 1, 10_000, 1_000_000, 10**15]))
        step = draw(st.sampled_from([1, 2, 3, 4, 5, 6]))
        host = draw(_HOSTS)
        journey = draw(st.sampled_from(["m1", "m2", ""]))
        events.append(Event(seq, at, step, host, journey, fact))  # type: ignore[arg-type]
    return events


def many(count: int) -> list[Event]:
    """A long run of what is said most: commands, replies and look-ups."""
    events = []
    for seq in range(count):
        fact: Fact
        if seq % 3 == 0:
            fact = Query(id=seq, name="a.example", type="A", server=RESOLVER)
        else:
            fact = Reply(
                conn=seq % 5, peer=SMTP, code=250, enhanced=None, lines=("250 Ok",), rule="ok"
            )
        events.append(Event(seq, seq * 10_000, 4, MX1, "m1", fact))
    return events
