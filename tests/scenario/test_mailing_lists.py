"""Mailing lists and the hop limit as a scenario file declares them."""

from __future__ import annotations

import pytest

from simulator.scenario.domain import MailingList
from tests.scenario.test_policies import KANTOR, MAIL, kantor, said


def test_a_mailing_list_has_members_a_mark_a_footer_and_perhaps_its_own_from() -> None:
    domain = kantor(
        'users = ["citra"]\n'
        '[domains."kantor.example".lists.Rapat]\n'
        'members = ["citra@kantor.example", "ani@kampus.example"]\n'
        'subject_prefix = "[rapat] "\nfooter = "Salam"\nrewrite_from = true\n'
    )
    assert domain.lists == {
        "rapat": MailingList(
            members=("citra@kantor.example", "ani@kampus.example"),
            subject_prefix="[rapat] ",
            footer="Salam",
            rewrite_from=True,
        )
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'lists = { rapat = ["citra@kantor.example"] }',
            (
                '"lists" cannot be […]: '
                'write lists = { rapat = { members = ["citra@kantor.example"] } }'
            ),
        ),
        (
            "lists = { rapat = {} }",
            (
                '[domains."kantor.example".lists.rapat] has no "members": '
                'write members = ["citra@kantor.example", "budi@kampus.example"]'
            ),
        ),
        ("hop_limit = 0", '"hop_limit" cannot be 0: write a value from 1 to 100'),
    ],
)
def test_a_list_without_members_and_a_mail_that_may_go_nowhere_are_mistakes(
    text: str, sentence: str
) -> None:
    assert said(f"{MAIL}{KANTOR}{text}\n") == f"6: {sentence}"


def test_a_name_is_an_alias_or_a_list() -> None:
    text = (
        'aliases = { rapat = ["citra@kantor.example"] }\n'
        'lists = { rapat = { members = ["citra@kantor.example"] } }\n'
    )
    assert said(f"{MAIL}{KANTOR}{text}").startswith("7: ")
