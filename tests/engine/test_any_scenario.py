"""Whatever a scenario asks for, its run comes to an end, and comes out the same twice."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.scenario.domain import Domain, MailExchanger, Retry
from simulator.scenario.model import Mail, PickUp, Scenario
from simulator.scenario.virtual_time import SECOND
from tests.fork.any_change import changes

TOWNS = ("kampus.example", "kantor.example", "rumah.example")
PEOPLE = [f"{user}@{town}" for town in TOWNS for user in ("ani", "budi", "hantu")]


def domains(name: str) -> st.SearchStrategy[Domain]:
    exchangers = st.lists(st.sampled_from([f"mx1.{name}", f"smtp.{name}"]), max_size=2, unique=True)
    return st.builds(
        Domain,
        name=st.just(name),
        users=st.just(("ani", "budi")),
        exchangers=exchangers.map(
            lambda hosts: tuple(
                MailExchanger(preference=10 * place, host=host) for place, host in enumerate(hosts)
            )
        ),
        submission=st.just(f"smtp.{name}"),
        mailbox=st.just(f"mail.{name}"),
        delivery=st.sampled_from(["local", "lmtp"]),
        tls=st.sampled_from(["none", "may"]),
        starttls=st.booleans(),
        greylist=st.sampled_from([0, 300 * SECOND]),
        quota=st.sampled_from([0, 700]),
        quota_code=st.sampled_from([452, 552]),
        recipient_limit=st.sampled_from([1, 1000]),
        size_limit=st.sampled_from([400, 50_000_000]),
        playground=st.booleans(),
        refuses_unknown_domains=st.booleans(),
        helo_required=st.booleans(),
        defers_relaying=st.booleans(),
        refuses_early_talk=st.booleans(),
        bare_newline=st.sampled_from(["normalize", "reject", "accept"]),
        retry=st.just(Retry(longest=1_800 * SECOND, lifetime=7_200 * SECOND)),
    )


MAILS = st.builds(
    Mail,
    sender=st.sampled_from([one for one in PEOPLE if not one.startswith("hantu")]),
    to=st.lists(st.sampled_from([*PEOPLE, "a@nowhere.example"]), min_size=1, max_size=4).map(tuple),
    subject=st.sampled_from(["Halo", "Surat \u00e9", ""]),
    body=st.sampled_from(["Halo.", ".\n..\n", "x" * 900]),
    at=st.integers(0, 3).map(lambda moment: moment * SECOND),
    password=st.sampled_from([None, "salah"]),
)
PICKUPS = st.builds(
    PickUp,
    mailbox=st.sampled_from([one for one in PEOPLE if not one.startswith("hantu")]),
    protocol=st.sampled_from(["pop3", "imap"]),
    after=st.sampled_from([0, 60 * SECOND]),
    keep=st.booleans(),
    device=st.sampled_from(["", "phone"]),
)
_QUIET = st.builds(
    Scenario,
    name=st.just("any"),
    mails=st.lists(MAILS, min_size=1, max_size=2).map(tuple),
    domains=st.tuples(*map(domains, TOWNS)),
    pickups=st.lists(PICKUPS, max_size=3, unique_by=lambda one: (one.mailbox, one.device)).map(
        tuple
    ),
    seed=st.integers(0, 3),
)
SCENARIOS = _QUIET.flatmap(
    lambda quiet: st.lists(changes(quiet, forked=False), max_size=3).map(
        lambda some: quiet.changed(*some)
    )
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCENARIOS)
def test_any_scenario_comes_to_an_end_and_comes_out_the_same_twice(scenario: Scenario) -> None:
    assert list(simulate(scenario)) == list(simulate(scenario))
