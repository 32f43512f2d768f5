"""What goes wrong on purpose: every fault that a scenario may ask for, and every mistake in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.errors import ScenarioError
from simulator.scenario.faults import DEEDS, IMAP_ALONE, PICKING_UP
from simulator.scenario.keys import KEYS
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.model import Fault, Scenario
from simulator.scenario.virtual_time import SECOND

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""
FAULT = '[[fault]]\nhost = "mx1.kantor.example"\n'
"""Its host is on line 6; what follows begins on line 7."""


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="scenario.toml", folder=Path("rapat"), overrides=overrides)


def the_fault(text: str) -> Fault:
    (fault,) = read(f"{MAIL}{FAULT}{text}").faults
    return fault


def said(text: str, language: str = "en") -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return f"{caught.value.line}: {caught.value.sentence(language)}"  # type: ignore[arg-type]


def test_nothing_goes_wrong_unless_a_scenario_says_so() -> None:
    assert read(MAIL).faults == ()


def test_the_smallest_fault_is_three_lines_and_happens_always() -> None:
    assert the_fault('on = "connect"\ndo = "refuse"\n') == Fault(
        host="mx1.kantor.example", on="connect", do="refuse"
    )


def test_all_keys_of_a_fault() -> None:
    text = (
        'on = "RCPT"\ndo = "reply"\ntext = "450 4.2.0 Nanti saja"\n'
        "times = 2\nnth = 3\n"
        'from = "10 s"\nuntil = "20 min"\nonly = "citra@"\n'
    )
    assert the_fault(text) == Fault(
        host="mx1.kantor.example",
        on="RCPT",
        do="reply",
        text="450 4.2.0 Nanti saja",
        times=2,
        skip=2,
        start=10 * SECOND,
        end=1_200 * SECOND,
        only="citra@",
    )


def test_a_delay_says_how_long() -> None:
    assert the_fault('on = "."\ndo = "delay"\ndelay = "90 s"\n').delay == 90 * SECOND


def test_a_host_that_is_down_needs_no_moment_but_may_have_a_time() -> None:
    text = 'do = "down"\nfrom = "10 min"\nuntil = "1 h"\n'
    assert the_fault(text) == Fault(
        host="mx1.kantor.example", on="host", do="down", start=600 * SECOND, end=3_600 * SECOND
    )


def test_a_reply_is_one_of_the_protocol_that_the_command_belongs_to() -> None:
    mail = f'{MAIL}[[fault]]\nhost = "mail.kantor.example"\ndo = "reply"\n'
    assert "no reply of POP3" in said(f'{mail}on = "RETR"\ntext = "450 Later"\n')
    assert "no reply of IMAP" in said(f'{mail}on = "FETCH"\ntext = "-ERR Later"\n')
    assert "bukan balasan IMAP" in said(f'{mail}on = "FETCH"\ntext = "a NO Later"\n', "id")


def test_several_faults_keep_their_order() -> None:
    one = 'host = "MX1.kantor.example"\non = "{}"\ndo = "drop"\n'
    text = "".join(f"[[fault]]\n{one.format(on)}" for on in ("content", "accepted"))
    faults = read(MAIL + text).faults
    assert [(fault.host, fault.on) for fault in faults] == [
        ("mx1.kantor.example", "content"),
        ("mx1.kantor.example", "accepted"),
    ]


def test_the_dns_refuses_with_its_own_word() -> None:
    dns = '[[fault]]\nhost = "ns1.kantor.example"\non = "dns"\n'
    assert read(f'{MAIL}{dns}do = "refuse"\n').faults[0].text == "REFUSED"
    assert read(f'{MAIL}{dns}do = "reply"\ntext = "SERVFAIL"\n').faults[0].text == "SERVFAIL"
    assert read(f'{MAIL}{dns}do = "silence"\n').faults[0].text == ""


HOSTS = {
    "AUTH": "smtp.kampus.example",
    "LHLO": "mail.kantor.example",
    "dns": "a.tld.example",
    **dict.fromkeys(PICKING_UP, "mail.kantor.example"),
}
MORE = {"delay": 'delay = "1 s"\n'}


@pytest.mark.parametrize(("on", "do"), [(on, do) for on, deeds in DEEDS.items() for do in deeds])
def test_whatever_can_happen_can_be_written(on: str, do: str) -> None:
    host = HOSTS.get(on, "mx1.kantor.example")
    more = MORE.get(do, "")
    if do == "reply":
        others = {"dns": "SERVFAIL", **dict.fromkeys(PICKING_UP, "-ERR Later")}
        others |= dict.fromkeys(IMAP_ALONE, "NO Later")
        more = f'text = "{others[on]}"\n' if on in others else f"{KEYS['fault']['text']}\n"
    scenario = read(
        f'{MAIL}[[fault]]\nhost = "{host}"\non = "{on}"\ndo = "{do}"\n{more}'
        '[domains."kantor.example"]\ndelivery = "lmtp"\n'
    )
    assert [(fault.host, fault.on, fault.do) for fault in scenario.faults] == [(host, on, do)]


def test_a_fault_at_a_host_that_the_command_line_left_out_falls_away() -> None:
    text = f'{MAIL}{FAULT}on = "connect"\ndo = "refuse"\n'
    assert read(text, Overrides(to=("budi@kampus.example",))).faults == ()
    assert len(read(text, Overrides(to=("dedi@kantor.example",))).faults) == 1


# Mistakes


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ['on = "RCTP"', 'do = "drop"'],
            '7: "on" cannot be "RCTP": write on = "RCPT"',
        ),
        (
            ['on = "rcpt"', 'do = "drop"'],
            '7: "on" cannot be "rcpt": write on = "RCPT"',
        ),
        (
            ['on = "RCPT"', 'do = "explode"'],
            (
                '8: "do" cannot be "explode": write do = "reply" / do = "refuse" / do = "drop" / '
                'do = "silence" / do = "delay" / do = "down"'
            ),
        ),
        (
            ['on = "connect"', 'do = "drop"'],
            (
                '8: "drop" cannot happen at the moment "connect": '
                'write do = "refuse" / do = "silence" / do = "delay"'
            ),
        ),
        (
            ['on = "content"', 'do = "reply"', 'text = "450 4.2.0 Nanti"'],
            (
                '8: "reply" cannot happen at the moment "content": '
                'write do = "drop" / do = "silence" / do = "delay"'
            ),
        ),
        (['do = "drop"'], '5: [[fault]] has no "on": write on = "RCPT"'),
        (['on = "RCPT"'], '5: [[fault]] has no "do": write do = "reply"'),
        (
            ['on = "RCPT"', 'do = "reply"'],
            '5: [[fault]] has no "text": write text = "450 4.2.0 Try again later"',
        ),
        (
            ['on = "RCPT"', 'do = "delay"'],
            '5: [[fault]] has no "delay": write delay = "30 s"',
        ),
        (
            ['on = "RCPT"', 'do = "drop"', 'text = "450 4.2.0 Nanti"'],
            ('9: "text" says nothing beside do = "drop": leave it out, or write do = "reply"'),
        ),
        (
            ['on = "RCPT"', 'do = "silence"', 'delay = "1 h"'],
            ('9: "delay" says nothing beside do = "silence": leave it out, or write do = "delay"'),
        ),
        *(
            (
                ['on = "RCPT"', 'do = "reply"', f'text = "{text}"'],
                (
                    f'9: "{text}" is no reply: write three digits and words, '
                    'like "450 4.2.0 Try again later"'
                ),
            )
            for text in ("450", "45 x", "450-x", "4500 x", "450 é")
        ),
        (
            ['on = "RCPT"', 'do = "reply"', r'text = "450 x\r\n250 Ok"'],
            '9: "text" has a line break or control character: write it in one plain line',
        ),
        (['on = "RCPT"', 'do = "drop"', "times = 0"], None),
        (
            ['on = "RCPT"', 'do = "drop"', "nth = 0"],
            '9: "nth" cannot be 0: write a value from 1 to 1000',
        ),
        (
            ['on = "RCPT"', 'do = "drop"', 'from = "5 min"', 'until = "5 min"'],
            ('10: "until" is not after "from": write a longer time since the start, like "20 min"'),
        ),
        (
            ['on = "DATA"', 'do = "drop"', 'only = "citra"'],
            '9: "only" has nothing to look at in "DATA": leave it out',
        ),
        (
            ['when = "RCPT"', 'do = "drop"'],
            '7: unknown key "when": write "on"',
        ),
    ],
)
def test_a_fault_with_a_value_that_is_wrong(lines: list[str], sentence: str | None) -> None:
    expected = sentence or '9: "times" cannot be 0: write a value from 1 to 1000'
    assert said(MAIL + FAULT + "".join(f"{line}\n" for line in lines)) == expected


def test_a_fault_without_a_host() -> None:
    assert said(f'{MAIL}[[fault]]\non = "connect"\ndo = "refuse"\n') == (
        '5: [[fault]] has no "host": write host = "mx1.kantor.example"'
    )


@pytest.mark.parametrize(
    ("host", "on", "sentence"),
    [
        (
            "mx.kantor.example",
            "RCPT",
            'unknown host "mx.kantor.example": did you mean "mx1.kantor.',
        ),
        (
            "zoo.test",
            "RCPT",
            'unknown host "zoo.test": known are smtp.kampus.example, mx1.kantor.example',
        ),
        (
            "pc-ani.kampus.example",
            "connect",
            (
                'the moment "connect" never comes to "pc-ani.kampus.example": write one of '
                "resolver.isp.example, a.root.example, a.tld.example, ns1.kampus.example, "
                "ns1.kantor.example, smtp.kampus.example, mail.kampus.example, "
                "mx1.kantor.example, mail.kantor.example"
            ),
        ),
        (
            "mx1.kantor.example",
            "dns",
            (
                'the moment "dns" never comes to "mx1.kantor.example": write one of '
                "resolver.isp.example, a.root.example, a.tld.example, ns1.kampus.example, "
                "ns1.kantor.example"
            ),
        ),
        (
            "mx1.kantor.example",
            "AUTH",
            (
                'the moment "AUTH" never comes to "mx1.kantor.example": '
                "write one of smtp.kampus.example"
            ),
        ),
        (
            "mail.kantor.example",
            "LHLO",
            'nobody here speaks LMTP: write delivery = "lmtp" in the domain, or another "on"',
        ),
    ],
)
def test_a_fault_at_a_host_that_it_cannot_strike(host: str, on: str, sentence: str) -> None:
    text = f'{MAIL}[[fault]]\nhost = "{host}"\non = "{on}"\ndo = "silence"\n'
    assert said(text).startswith(f"6: {sentence}")


def test_a_mailbox_server_that_speaks_lmtp_meets_its_commands_but_no_ehlo() -> None:
    lmtp = '[domains."kantor.example"]\ndelivery = "lmtp"\n'
    fault = '[[fault]]\nhost = "mail.kantor.example"\ndo = "drop"\non = "{}"\n'
    assert read(MAIL + fault.format("RCPT") + lmtp).faults[0].on == "RCPT"
    assert said(MAIL + fault.format("EHLO") + lmtp) == (
        '6: the moment "EHLO" never comes to "mail.kantor.example": '
        "write one of mx1.kantor.example, smtp.kampus.example"
    )


def test_more_faults_than_are_simulated() -> None:
    assert said(MAIL + f'{FAULT}on = "connect"\ndo = "refuse"\n' * 101) == (
        '406: "fault" has 101 entries: at most 100 are simulated'
    )


def test_a_fault_is_told_in_indonesian_too() -> None:
    text = f'{MAIL}[[fault]]\nhost = "mx.kantor.example"\non = "connect"\ndo = "refuse"\n'
    assert said(text, "id") == (
        '6: host "mx.kantor.example" tidak dikenal: maksud Anda "mx1.kantor.example"?'
    )
