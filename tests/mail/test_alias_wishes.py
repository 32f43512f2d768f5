"""What a sender wants to hear does not get lost behind an alias (RFC 3461 section 5.2.7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.dsn_parameters import decoded, original_recipient, wants
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from tests.lessons_in_scenarios.conversation import lines_of
from tests.lessons_in_scenarios.played import Run


def alias_of(*members: str, notify: str, quota: str = "") -> Run:
    scenario = loads(
        f"""
[mail]
from = "ani@kampus.example"
to = "rapat@kantor.example"
notify = {notify}
[domains."kampus.example"]
[domains."kantor.example"]
users = ["citra", "dedi"]
aliases = {{ rapat = [{", ".join(f'"{member}@kantor.example"' for member in members)}] }}
{quota}
""",
        file="scenario.toml",
        folder=Path("rapat"),
    )
    events = tuple(simulate(scenario))
    return Run(scenario, events, lines_of(hosts_of(scenario), events))


def test_a_notice_of_success_comes_from_behind_another_name() -> None:
    run = alias_of("citra", notify='["success"]')
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<rapat@kantor.example> ORCPT=rfc822;rapat@kantor.example NOT
        mail.kantor.example  stores m1 for citra@kantor.example
        mx1.kantor.example   writes m2 from <> to ani@kampus.example
    """)
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert citra["Final-Recipient"] == "rfc822; citra@kantor.example"
    assert citra["Original-Recipient"] == "rfc822;rapat@kantor.example"
    assert citra["Action"] == "delivered"


def test_of_several_names_one_notice_says_that_the_alias_was_replaced() -> None:
    run = alias_of("citra", "dedi", notify='["success", "failure"]')
    (report,) = run.reports()
    (rapat,) = report.of_the_recipients()
    assert rapat["Final-Recipient"] == "rfc822; rapat@kantor.example"
    assert rapat["Action"] == "expanded"


@pytest.mark.parametrize(("wish", "reports"), [("never", 0), ("failure", 1), ("success", 1)])
def test_who_does_not_want_to_hear_of_failures_behind_an_alias_hears_of_none(
    wish: str, reports: int
) -> None:
    run = alias_of("citra", "dedi", notify=f'["{wish}"]', quota="quota = 10")
    assert [report.by for report in run.reports()] == ["mx1.kantor.example"] * reports
    run.shows("""
        mx1.kantor.example   = delivery.outcome bounced: citra@kantor.example
        mx1.kantor.example   = delivery.outcome bounced: dedi@kantor.example
    """)


def test_what_means_something_in_a_parameter_is_written_as_a_number() -> None:
    parameter = original_recipient("ani+a=b@kampus.example")
    assert parameter == "ORCPT=rfc822;ani+2Ba+3Db@kampus.example"
    assert decoded(parameter.partition("=")[2]) == "rfc822;ani+a=b@kampus.example"


def test_who_asks_for_nothing_hears_of_all_but_success() -> None:
    assert wants("FAILURE", ())
    assert wants("DELAY", ())
    assert not wants("SUCCESS", ())
    assert not wants("FAILURE", ("NOTIFY=never",))
