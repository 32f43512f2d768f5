"""Header fields that an author adds: one line each, and never those that the client writes."""

from __future__ import annotations

import pytest

from tests.scenario.test_policies import MAIL, read, said


def test_an_author_may_write_fields_of_their_own() -> None:
    mail = read(f'{MAIL}headers = ["X-Mailer: Surat 1.0", "Reply-To: tu@kampus.example"]\n').mails[
        0
    ]
    assert mail.headers == (("X-Mailer", "Surat 1.0"), ("Reply-To", "tu@kampus.example"))


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("X-Mailer", 'cannot be "X-Mailer": write headers = ["X-Mailer: Surat 1.0"]'),
        ("X-A: b\\r\\nBcc: v@x.example", "cannot be "),
        ("From: a@b.example", "cannot hold From: the mail client writes that itself, leave it out"),
        ("subject: dua", "cannot hold subject: the mail client writes that itself, leave it out"),
        ("Bcc: v@x.example", "cannot hold Bcc: the mail client writes that itself, leave it out"),
        ("X-A: " + 1100 * "x", "has a value of 1100 characters: write 900 or fewer, for one line"),
    ],
)
def test_a_field_that_cannot_be_says_why(field: str, sentence: str) -> None:
    assert said(f'{MAIL}headers = ["{field}"]\n').startswith(f'5: "headers" {sentence}')
