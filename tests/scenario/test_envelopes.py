"""The envelope of a mail in a scenario file: where it is unlike the header, and its wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.model import Mail, Scenario

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""
"""A sound mail from line 2 on; what follows begins on line 5."""


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="scenario.toml", folder=Path("rapat"), overrides=overrides)


def the_mail(text: str, overrides: Overrides | None = None) -> Mail:
    (mail,) = read(MAIL + text, overrides).mails
    return mail


def said(text: str, language: str = "en") -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return f"{caught.value.line}: {caught.value.sentence(language)}"  # type: ignore[arg-type]


def test_an_envelope_is_that_of_the_header_unless_it_is_written() -> None:
    mail = the_mail("")
    assert (mail.envelope_from, mail.envelope_to) == (None, ())
    assert mail.reverse_path == "ani@kampus.example"
    assert mail.recipients == ("citra@kantor.example",)
    assert (mail.notify, mail.returned, mail.envelope_id) == ((), "", "")


def test_all_keys_of_an_envelope() -> None:
    mail = the_mail(
        'envelope_from = "dedi@Kantor.example"\n'
        'envelope_to = ["budi@kampus.example", "dedi@kantor.example", "budi@kampus.example"]\n'
        'notify = ["success", "delay", "success"]\n'
        'return = "hdrs"\n'
        'envelope_id = "rapat-17/2026"\n'
    )
    assert mail.reverse_path == "dedi@kantor.example"
    assert mail.recipients == ("budi@kampus.example", "dedi@kantor.example")
    assert mail.to == ("citra@kantor.example",)
    assert mail.notify == ("success", "delay")
    assert (mail.returned, mail.envelope_id) == ("hdrs", "rapat-17/2026")


def test_the_empty_sender_is_the_null_reverse_path() -> None:
    assert the_mail('envelope_from = ""\n').reverse_path == ""


def test_one_wish_needs_no_list() -> None:
    assert the_mail('notify = "never"\n').notify == ("never",)


def test_those_whom_an_envelope_names_have_mailboxes_and_fetch_their_mail() -> None:
    scenario = read(
        f'{MAIL}envelope_from = "budi@kampus.example"\nenvelope_to = "dedi@kantor.example"\n'
    )
    assert [domain.users for domain in scenario.domains] == [("ani", "budi"), ("dedi",)]
    assert [one.mailbox for one in scenario.pickups] == ["dedi@kantor.example"]


def test_a_forged_sender_needs_no_account_but_a_domain() -> None:
    kampus = '[domains."kampus.example"]\nusers = ["ani"]\n[domains."kantor.example"]\n'
    scenario = read(f'{MAIL}envelope_from = "hantu@kampus.example"\n{kampus}')
    assert scenario.mails[0].reverse_path == "hantu@kampus.example"
    assert said(f'{MAIL}envelope_from = "hantu@kampis.example"\n{kampus}') == (
        '5: unknown domain "kampis.example": did you mean "kampus.example"? '
        "Known are kampus.example, kantor.example"
    )


def test_whoever_the_command_line_names_is_on_the_envelope_too() -> None:
    text = 'envelope_from = "dedi@kantor.example"\nenvelope_to = "dedi@kantor.example"\n'
    to = the_mail(text, Overrides(to=("eka@kantor.example",)))
    assert to.recipients == ("eka@kantor.example",)
    assert to.reverse_path == "dedi@kantor.example"
    sender = the_mail(text, Overrides(sender="budi@kampus.example"))
    assert sender.reverse_path == "budi@kampus.example"
    assert the_mail(text, Overrides(subject="x")).recipients == ("dedi@kantor.example",)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'envelope_from = "dedi"',
            '"dedi" is no address: write one like "citra@kantor.example"',
        ),
        (
            "envelope_from = true",
            '"envelope_from" cannot be true: write envelope_from = "dedi@kantor.example"',
        ),
        (
            "envelope_to = []",
            '"envelope_to" cannot be []: write envelope_to = ["dedi@kantor.example"]',
        ),
        (
            'envelope_to = ["dedi@kantor.example>"]',
            '"dedi@kantor.example>" has more than the address: write "dedi@kantor.example"',
        ),
        (
            'notify = ["sucess"]',
            '"notify" cannot be "sucess": write notify = "success"',
        ),
        (
            'notify = ["sometimes"]',
            (
                '"notify" cannot be "sometimes": write notify = "never" / notify = "success" / '
                'notify = "failure" / notify = "delay"'
            ),
        ),
        (
            'notify = ["never", "delay"]',
            '"never" excludes every other wish (RFC 3461 4.1): write it alone, or not at all',
        ),
        (
            'return = "header"',
            '"return" cannot be "header": write return = "hdrs"',
        ),
        *(
            (
                f'envelope_id = "{identity}"',
                (
                    '"envelope_id" takes up to 100 plain letters, digits and signs but + and =: '
                    'write like "rapat-17"'
                ),
            )
            for identity in ("rapat 17", "a+b", "a=b", "é", r"a\r\nRCPT", "x" * 101)
        ),
        ('mailfrom = "x@y.test"', 'unknown key "mailfrom": write "envelope_from"'),
    ],
)
def test_an_envelope_with_a_value_that_is_wrong(line: str, sentence: str) -> None:
    assert said(f"{MAIL}{line}\n") == f"5: {sentence}"


def test_a_wish_that_is_none_is_told_in_indonesian_too() -> None:
    assert said(f'{MAIL}notify = ["never", "delay"]\n', "id") == (
        '5: "never" meniadakan keinginan lain (RFC 3461 4.1): tulis sendirian, atau hapus'
    )


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("direktur@Kantor.example", "direktur@kantor.example"),
        ("Ibu Direktur <direktur@kantor.example>", "Ibu Direktur <direktur@kantor.example>"),
        ("Émile<emile@lain.example>", "Émile <emile@lain.example>"),
    ],
)
def test_the_from_field_may_name_somebody_else(written: str, read_as: str) -> None:
    mail = the_mail(f'header_from = "{written}"\n')
    assert (mail.sender, mail.header_from) == ("ani@kampus.example", read_as)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("Direktur", '5: "Direktur" is no address'),
        ("Direktur <x>", '5: "x" is no address'),
        ("bos@bank.co.id", '5: "bank.co.id" may belong to someone'),
        (f"{'x' * 79} <a@b.example>", '5: "header_from" cannot be'),
        ("a\\r\\nBcc: v@x.example", '5: "header_from" has a line break'),
    ],
)
def test_the_from_field_must_be_one_author_whose_domain_is_nobodys(
    written: str, sentence: str
) -> None:
    assert said(f'{MAIL}header_from = "{written}"\n').startswith(sentence)


def test_a_sender_of_the_command_line_is_the_author_too() -> None:
    text = 'header_from = "direktur@kantor.example"\n'
    assert the_mail(text, Overrides(sender="budi@kampus.example")).header_from == ""
