"""Which of several servers is called, and which where none is named."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import play


def test_between_equal_exchangers_the_seed_decides() -> None:
    run = play("equal-mx")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example., 10 mx2.kantor.example.
        smtp.kampus.example   calls mx2.kantor.example, port 25
        mail.kantor.example   stores m1 for citra@kantor.example
    """)
    play("equal-mx", seed=1).shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    chosen = [
        not play("equal-mx", seed).tries("smtp.kampus.example", "mx1.kantor.example")
        for seed in range(20)
    ]
    assert 5 <= sum(chosen) <= 15, "neither of them is favoured"


def test_without_any_mx_the_mail_goes_to_the_domains_own_address() -> None:
    run = play("no-mx")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: nothing
        smtp.kampus.example   Q: kantor.example A
        resolver.isp.example  A: 203.0.113.10
        smtp.kampus.example   Q: kantor.example AAAA
        smtp.kampus.example   = route.implicit-mx kantor.example: kantor.example
        smtp.kampus.example   calls kantor.example, port 25
        kantor.example        S: 250 2.0.0 Ok: queued as
        mail.kantor.example   stores m1 for citra@kantor.example
    """)
    assert run.reports() == []
