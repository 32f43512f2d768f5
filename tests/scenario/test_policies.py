"""What a domain's servers do with mail: limits, greylisting, quota, retries, aliases, records."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.domain import Domain, Retry, SendingLimit
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import loads
from simulator.scenario.model import Scenario
from simulator.scenario.virtual_time import SECOND

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""
KANTOR = '[domains."kantor.example"]\n'
"""Line 5; its keys begin on line 6."""


def read(text: str) -> Scenario:
    return loads(text, file="scenario.toml", folder=Path("rapat"))


def kantor(text: str) -> Domain:
    return read(f"{MAIL}{KANTOR}{text}").domains[0]


def said(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return f"{caught.value.line}: {caught.value.sentence()}"


def test_what_its_servers_show_check_sign_and_let_a_user_send() -> None:
    domain = kantor(
        "starttls = false\n"
        'certificate = "smtp.lain.example"\n'
        "checks_trust = true\n"
        'dkim_selector = "s1"\n'
        'sending_limit = { count = 2, unit = "recipient", window = "calendar" }\n'
    )
    assert (domain.starttls, domain.checks_trust) == (False, True)
    assert (domain.certificate, domain.dkim_selector) == ("smtp.lain.example", "s1")
    assert domain.sending_limits == (SendingLimit(count=2, unit="recipient", window="calendar"),)


def test_a_mail_may_be_sent_with_a_wrong_password() -> None:
    assert read(f'{MAIL}password = "salah"\n').mails[0].password == "salah"


def test_a_domain_that_says_nothing_is_patient_and_takes_what_comes() -> None:
    domain = kantor("")
    assert (domain.greylist, domain.recipient_limit) == (0, 1_000)
    assert (domain.quota, domain.quota_code) == (0, 552)
    assert (domain.aliases, domain.records, domain.exists) == ({}, (), True)
    assert domain.retry == Retry()


def test_all_policies_of_a_domain() -> None:
    domain = kantor(
        'greylist = "5 min"\n'
        "recipient_limit = 2\n"
        "quota = 10_000\n"
        "quota_code = 452\n"
        """records = ['@ 3600 IN TXT "v=spf1 mx -all"', "www IN A 192.0.2.80"]\n"""
        'retry = { shortest = "10 min", longest = "2 h", lifetime = "1 d", warning = "4 h" }\n'
    )
    assert domain.greylist == 300 * SECOND
    assert domain.recipient_limit == 2
    assert (domain.quota, domain.quota_code) == (10_000, 452)
    assert domain.records == ('@ 3600 IN TXT "v=spf1 mx -all"', "www IN A 192.0.2.80")
    assert domain.retry == Retry(
        shortest=600 * SECOND,
        longest=7_200 * SECOND,
        lifetime=86_400 * SECOND,
        warning=14_400 * SECOND,
    )


def test_the_retries_may_be_a_table_of_their_own_and_say_only_what_differs() -> None:
    domain = kantor('[domains."kantor.example".retry]\nlifetime = "0 s"\n')
    assert domain.retry == Retry(lifetime=0)


def test_behind_a_name_that_the_dns_does_not_know_there_is_nobody() -> None:
    domain = kantor("exists = false\n")
    assert (domain.exists, domain.users, domain.exchangers) == (False, (), ())
    assert kantor('exists = false\nusers = "citra"\n').users == ("citra",)
    sending = read(f'{MAIL}[domains."kampus.example"]\nexists = false\n{KANTOR}').domains[0]
    assert (sending.users, len(sending.exchangers)) == (("ani",), 1)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "greylist = 300",
            '"greylist" cannot be 300: write a number and ms, s, min, h or d, like "5 min"',
        ),
        ("recipient_limit = 0", '"recipient_limit" cannot be 0: write a value from 1 to 10000'),
        ("quota = -1", '"quota" cannot be -1: write a value from 1 to 1000000000'),
        (
            "quota_code = 451",
            '"quota_code" cannot be 451: write quota_code = 452 / quota_code = 552',
        ),
        (
            'quota_code = "452"',
            '"quota_code" cannot be "452": write quota_code = 452 / quota_code = 552',
        ),
        (
            "quota_code = 452.0",
            '"quota_code" cannot be 452.0: write quota_code = 452 / quota_code = 552',
        ),
        ('exists = "no"', '"exists" cannot be "no": write exists = false'),
        (
            "sending_limit = {}",
            '[domains."kantor.example".sending_limit] has no "count": write count = 500',
        ),
        (
            'sending_limit = { count = 1, reply = "250 Ok" }',
            (
                '"reply" cannot be "250 Ok": '
                'write reply = "550 5.4.5 Daily user sending limit exceeded"'
            ),
        ),
        ("retry = 5", '"retry" cannot be 5: write retry = { lifetime = "1 d" }'),
        (
            'retry = { lifetme = "1 d" }',
            'unknown key "lifetme": write "lifetime"',
        ),
        (
            'retry = { shortest = "1 s" }',
            '"shortest" cannot be "1 s": write a value from 1 min to 30 d',
        ),
        (
            'retry = { shortest = "2 h" }',
            '"shortest" is longer than "longest" (4000 s where left out): write it shorter',
        ),
        (
            'retry = { shortest = "2 h", longest = "1 h" }',
            '"shortest" is longer than "longest" (4000 s where left out): write it shorter',
        ),
        (
            'lifetime = "1 d"',
            '"lifetime" does not belong here: write it in [domains."kantor.example".retry]',
        ),
        *(
            (
                f"records = ['{record}']",
                (
                    f'"{record}" is no line of a zone file: '
                    'write like @ 3600 IN TXT "v=spf1 mx -all"'
                ),
            )
            for record in (
                "v=spf1 mx -all",
                "@ IN TXT",
                "@ IN",
                '@ IN TXT "v=spf1',
                "@ IN SOA ns1 hostmaster (",
                "@ IN A 192.0.2.1 ; the web",
                "$INCLUDE /etc/passwd",
                "",
            )
        ),
        *(
            (f"records = ['{record}']", sentence)
            for record, sentence in (
                (
                    "www IN A 999.1.1.1",
                    'the DNS cannot read "999.1.1.1" as A: write like www IN A 192.0.2.80',
                ),
                ("@ IN MX mx1", 'the DNS cannot read "mx1" as MX: write like @ IN MX 10 mx1'),
                (
                    "www IN AX 1",
                    'the DNS has no type of record "AX": write A, AAAA, MX, TXT, CNAME, NS or SRV',
                ),
                (
                    "@ IN CNAME lain.example.",
                    (
                        '"kantor.example" cannot be a CNAME, since it has other records: '
                        "write A and an address, or another name"
                    ),
                ),
                (
                    "MAIL IN CNAME mx1",
                    (
                        '"mail.kantor.example" cannot be a CNAME, since it has other records: '
                        "write A and an address, or another name"
                    ),
                ),
                (
                    "www.lain.example. IN A 192.0.2.1",
                    (
                        '"www.lain.example." does not lie in kantor.example: '
                        "write a name like www or @, without a last dot"
                    ),
                ),
            )
        ),
        (
            "records = ['www IN CNAME mx1', 'www.kantor.example. IN TXT x']",
            (
                '"www.kantor.example" cannot be a CNAME, since it has other records: '
                "write A and an address, or another name"
            ),
        ),
        (
            r'records = ["www IN A 192.0.2.80\n@ IN NS evil.example."]',
            '"records" has a line break or control character: write it in one plain line',
        ),
    ],
)
def test_a_policy_with_a_value_that_is_wrong(line: str, sentence: str) -> None:
    assert said(f"{MAIL}{KANTOR}{line}\n") == f"6: {sentence}"


def test_a_wrong_key_of_a_table_of_its_own_is_found_on_its_line() -> None:
    assert said(f'{MAIL}{KANTOR}\n[domains."kantor.example".retry]\n\nlifetime = 5\n') == (
        '9: "lifetime" cannot be 5: write a number and ms, s, min, h or d, like "5 d"'
    )


# Aliases


def test_an_alias_stands_for_one_address_or_several() -> None:
    domain = kantor(
        "[domains.'kantor.example'.aliases]\n"
        'rapat = ["citra@kantor.example", "budi@kampus.example", "citra@kantor.example"]\n'
        'Sekretariat = "dedi@Kantor.example"\n'
    )
    assert domain.aliases == {
        "rapat": ("citra@kantor.example", "budi@kampus.example"),
        "sekretariat": ("dedi@kantor.example",),
    }


def test_those_behind_an_alias_have_mailboxes_and_the_alias_has_none() -> None:
    scenario = read(
        f'{MAIL.replace("citra", "rapat")}{KANTOR}aliases = {{ rapat = ["citra@kantor.example", '
        '"semua@kantor.example"], semua = "budi@kampus.example", sepi = "dedi@kantor.example" }\n'
    )
    kantor, kampus = scenario.domains
    assert kantor.users == ("citra", "dedi")
    assert kampus.users == ("ani", "budi")
    assert [one.mailbox for one in scenario.pickups] == [
        "citra@kantor.example",
        "budi@kampus.example",
    ]


@pytest.mark.parametrize(
    ("aliases", "sentence"),
    [
        (
            '["rapat"]',
            (
                '"aliases" cannot be […]: write aliases = '
                '{ rapat = ["citra@kantor.example", "budi@kampus.example"] }'
            ),
        ),
        (
            "{ rapat = [] }",
            (
                '"aliases" cannot be []: write aliases = '
                '{ rapat = ["citra@kantor.example", "budi@kampus.example"] }'
            ),
        ),
        (
            "{ rapat = [true] }",
            (
                '"aliases" cannot be true: write aliases = '
                '{ rapat = ["citra@kantor.example", "budi@kampus.example"] }'
            ),
        ),
        (
            '{ rapat = "citra" }',
            '"citra" is no address: write one like "citra@kantor.example"',
        ),
        (
            '{ "rapat@kantor.example" = "citra@kantor.example" }',
            '"rapat@kantor.example" is no user: write only the part before the @, like "citra"',
        ),
        (
            '{ rapat = "citra@kantor.example", Rapat = "dedi@kantor.example" }',
            'the alias "Rapat" is declared twice (capitals do not count): keep one',
        ),
        (
            '{ rapat = "citra@kantr.example" }',
            (
                'unknown domain "kantr.example": did you mean "kantor.example"? '
                "Known are kantor.example, kampus.example"
            ),
        ),
        (
            '{ rapat = ["citra@kantor.example", "Rapat@kantor.example"] }',
            'the alias "rapat" leads back to itself: write addresses of people instead',
        ),
    ],
)
def test_an_alias_that_is_wrong(aliases: str, sentence: str) -> None:
    assert said(f"{MAIL}{KANTOR}aliases = {aliases}\n") == f"6: {sentence}"


def test_aliases_that_lead_to_each_other_lead_nowhere() -> None:
    text = (
        f"{MAIL}[domains.'kantor.example'.aliases]\n"
        'a = "b@kantor.example"\n'
        'b = "c@kantor.example"\n'
        'c = ["citra@kantor.example", "a@kantor.example"]\n'
        'd = ["a@kantor.example", "a@kampus.example"]\n'
    )
    assert said(text) == '6: the alias "a" leads back to itself: write addresses of people instead'


def test_more_aliases_than_are_simulated() -> None:
    many = "".join(f'u{number} = "citra@kantor.example"\n' for number in range(101))
    assert said(f"{MAIL}[domains.'kantor.example'.aliases]\n{many}") == (
        '106: "aliases" has 101 entries: at most 100 are simulated'
    )


def test_clients_hand_in_mail_at_one_of_three_ports_by_one_of_three_proofs() -> None:
    assert (kantor("").submission_port, kantor("").auth) == (587, "plain")
    changed = kantor('submission_port = 465\nauth = "cram-md5"\n')
    assert (changed.submission_port, changed.auth) == (465, "cram-md5")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("submission_port = 2525\n", '6: "submission_port" cannot be 2525: write submission_port'),
        ('auth = "cram"\n', '6: "auth" cannot be "cram": write auth = "cram-md5"'),
    ],
)
def test_other_ports_and_proofs_are_mistakes(text: str, sentence: str) -> None:
    assert sentence in said(MAIL + KANTOR + text)


def test_who_follows_exim_tries_again_as_exim_does_unless_the_scenario_says_when() -> None:
    hour = 3_600_000_000
    exim = kantor('follows = "exim"\n')
    age, tries = 0, [0.0]
    while not exim.schedule.has_expired(age):
        age += exim.schedule.wait(age)
        tries.append(age / hour)
    assert tries[:9] == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2], "F,2h,15m"
    assert tries[9:13] == [3, 4.5, 6.75, 10.125], "G,16h,1h,1.5"
    assert tries[14] - tries[13] > 6
    assert tries[-1] - tries[-2] == 6, "F,4d,6h"
    own = kantor('follows = "exim"\nretry = { lifetime = "1 d" }\n')
    assert (own.schedule.wait(0), own.schedule.lifetime) == (hour // 12, 24 * hour)
