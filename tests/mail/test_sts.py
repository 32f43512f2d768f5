"""MTA-STS: records, policies, whom they name, and what a sending server makes of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.mail.sts import Policy, PolicyError, identity_in, read_policy, record
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import loads
from simulator.trace.event import Command, Event, Judged, Reply, Stored

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
[domains."kampus.example"]
users = ["ani"]
checks_mta_sts = true
retry = { lifetime = "10 min" }
[domains."kantor.example"]
users = ["citra"]
"""
TAP = '[[intercept]]\nclient = "smtp.kampus.example"\nserver = "mx1.kantor.example"\n'


def run(text: str) -> list[Event]:
    scenario = loads(MAIL + text, file="sts.toml", folder=Path())
    events = list(simulate(scenario))
    assert events == list(simulate(scenario))
    return events


def judged(events: list[Event], *rules: str) -> list[tuple[str, str]]:
    facts = [event.fact for event in events if isinstance(event.fact, Judged)]
    return [(fact.rule, fact.verdict) for fact in facts if fact.rule in rules]


def stored(events: list[Event]) -> list[str]:
    return [event.fact.mailbox for event in events if isinstance(event.fact, Stored)]


STS = ("sts.policy", "sts.mx", "sts.tls", "intercept")


def test_a_policy_that_is_kept_seals_with_the_named_server() -> None:
    events = run('mta_sts = { mode = "enforce" }\n')
    assert judged(events, *STS) == [
        ("sts.policy", "enforce"),
        ("sts.mx", "match"),
        ("sts.tls", "secured"),
    ]
    assert stored(events) == ["citra@kantor.example"]


def test_a_domain_without_a_policy_gets_its_mail_as_ever() -> None:
    events = run("")
    assert judged(events, *STS) == [("sts.policy", "absent")]
    assert stored(events) == ["citra@kantor.example"]


def test_a_policy_on_trial_is_told_of_and_stops_nothing() -> None:
    events = run('mta_sts = { mode = "testing", mx = ["mx9.kantor.example"] }\n' + TAP)
    assert judged(events, *STS) == [
        ("sts.policy", "testing"),
        ("sts.mx", "mismatch"),
        ("intercept", "stripped"),
        ("sts.tls", "insecure"),
        ("intercept", "stripped"),
    ]
    assert stored(events) == ["citra@kantor.example"]


def test_a_policy_that_is_taken_back_asks_for_nothing() -> None:
    events = run('mta_sts = { mode = "none" }\n' + TAP)
    assert judged(events, *STS)[0] == ("sts.policy", "none")
    assert stored(events) == ["citra@kantor.example"]


def test_a_server_that_the_policy_does_not_name_is_never_called() -> None:
    events = run('mta_sts = { mode = "enforce", mx = ["mx9.kantor.example"] }\n')
    assert ("sts.mx", "mismatch") in judged(events, *STS)
    assert not stored(events)[:-1]  # the report alone
    assert not [e for e in events if isinstance(e.fact, Reply) and e.host == "mx1.kantor.example"]


@pytest.mark.parametrize("does", ["strip", "impersonate"])
def test_whoever_sits_on_the_wire_gets_nothing_of_an_enforced_domain(does: str) -> None:
    events = run(f'mta_sts = {{ mode = "enforce" }}\n{TAP}does = "{does}"\n')
    said = [e.fact.line for e in events if isinstance(e.fact, Command) and e.step == 5]
    assert not [line for line in said if line.startswith("MAIL")]
    assert stored(events) == ["ani@kampus.example"]


def test_without_a_policy_a_false_certificate_is_as_good_as_any() -> None:
    events = run(TAP + 'does = "impersonate"\n[domains."rumah.example"]\ntls = "may"\n')
    assert stored(events) == ["citra@kantor.example"]
    text = MAIL.replace("checks_mta_sts = true", 'tls = "may"')
    scenario = loads(f'{text}{TAP}does = "impersonate"\n', file="sts.toml", folder=Path())
    events = list(simulate(scenario))
    assert judged(events, "intercept") == [("intercept", "impersonated")]
    assert stored(events) == ["citra@kantor.example"]


def test_a_policy_that_cannot_be_fetched_stops_nothing() -> None:
    down = '[[change]]\ndo = "at mta-sts.kantor.example: refuse"\n'
    events = run(f'mta_sts = {{ mode = "enforce" }}\n{down}')
    assert judged(events, *STS) == [("sts.policy", "unavailable")]
    assert stored(events) == ["citra@kantor.example"]


def test_a_policy_is_remembered_and_forgotten_in_time() -> None:
    later = '[[mail]]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\nat = "{}"\n'
    policy = 'mta_sts = { mode = "enforce", max_age = "1 h" }\n'
    text = MAIL.replace("[mail]", "[[mail]]") + policy
    for at, fetches in (("30 min", 1), ("2 h", 2)):
        scenario = loads(later.format(at) + text, file="sts.toml", folder=Path())
        said = [e.fact.line for e in simulate(scenario) if isinstance(e.fact, Command)]
        assert sum(line.startswith("GET ") for line in said) == fetches


@pytest.mark.parametrize(
    ("texts", "identity"),
    [
        ([b"v=STSv1; id=20260101T000000;"], "20260101T000000"),
        ([b"v=STSv1;id=1"], "1"),
        ([b"v=spf1 -all", b"v=STSv1; id=a2;"], "a2"),
        ([b"v=STSv1; id=1;", b"v=STSv1; id=2;"], ""),
        ([b"v=STSv2; id=1;"], ""),
        ([b"v=STSv1; id=a-b;"], ""),
        ([], ""),
    ],
)
def test_a_record_counts_if_it_is_the_only_one_and_well_written(
    texts: list[bytes], identity: str
) -> None:
    assert identity_in(texts) == identity


@pytest.mark.parametrize(
    ("pattern", "host", "named"),
    [
        ("mx1.kantor.example", "MX1.kantor.example.", True),
        ("*.kantor.example", "mx1.kantor.example", True),
        ("*.kantor.example", "a.b.kantor.example", False),
        ("*.kantor.example", "kantor.example", False),
        ("mx1.kantor.example", "mx2.kantor.example", False),
    ],
)
def test_a_star_stands_for_one_label(pattern: str, host: str, named: bool) -> None:
    assert Policy("enforce", (pattern,), 60).names(host) is named


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"version: STSv2\r\nmode: enforce\r\nmx: a\r\nmax_age: 1\r\n",
        b"version: STSv1\r\nmode: must\r\nmx: a\r\nmax_age: 1\r\n",
        b"version: STSv1\r\nmode: enforce\r\nmax_age: 1\r\n",
        b"version: STSv1\r\nmode: enforce\r\nmx: a\r\nmax_age: -1\r\n",
        b"version: STSv1\r\nmode: enforce\r\nmx: a\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_policy_is_refused(octets: bytes) -> None:
    with pytest.raises(PolicyError):
        read_policy(octets)


@given(st.binary(max_size=300))
def test_whatever_is_fetched_is_a_policy_or_an_error(octets: bytes) -> None:
    try:
        policy = read_policy(octets)
    except PolicyError:
        return
    assert read_policy(policy.text()) == policy


def test_a_policy_is_read_as_it_is_written() -> None:
    policy = Policy("testing", ("mx1.kantor.example", "*.kantor.example"), 3600)
    assert read_policy(policy.text()) == policy
    assert identity_in([record("abc").encode()]) == "abc"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('mta_sts = "enforce"\n', '"mta_sts" cannot be "enforce": write mta_sts = { mode'),
        ("mta_sts = {}\n", 'has no "mode": write mode = "enforce"'),
        ('mta_sts = { mode = "must" }\n', '"mode" cannot be "must": write mode ='),
        ('mta_sts = { mode = "none", mx = ["*.*.x"] }\n', '"*.*.x" is no host name'),
        ('[[intercept]]\nclient = "smtp.kampus.example"\n', '[[intercept]] has no "server"'),
        (TAP.replace("mx1", "mx7"), 'unknown host "mx7.kantor.example": did you mean "mx1.'),
        (f'{TAP}does = "read"\n', '"does" cannot be "read": write does ='),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(MAIL + text, file="sts.toml", folder=Path())
    assert sentence in caught.value.sentence()
