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
    "field", ["From: a@b.example", "X-Mailer", "X-A: b\\r\\nBcc: v@x.example", "Bcc: v@x.example"]
)
def test_a_field_that_is_none_or_that_the_client_writes_is_a_mistake(field: str) -> None:
    assert said(f'{MAIL}headers = ["{field}"]\n').startswith('5: "headers" cannot be ')
