"""Whether a mail fits the next server: what is rewritten for it, and what is refused."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.mail.fitting import fitted, mail_parameters, with_short_lines
from simulator.mail.reply import SmtpReply
from simulator.mail.seven_bit import to_seven_bit
from simulator.mail.smtp.dialogue import Extensions, Transaction
from simulator.scenario.loader import loads
from simulator.trace.event import Bounced, Reply, Stored

TEXT = (
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nkafé 3 €\r\n"
)
PLAIN = f"Subject: x\r\nMIME-Version: 1.0\r\n{TEXT}".encode()
MIXED = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n'
    "Content-Transfer-Encoding: 8BIT\r\nSubject: long\r\n and folded\r\n\r\n"
    f"before\r\n--b\r\n{TEXT}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    f"Subject: inner\r\n{TEXT}\r\n--b--\r\nafter\r\n"
).encode()


def offering(*keywords: str) -> Extensions:
    return Extensions(
        SmtpReply(("250-mx1.kantor.example", *(f"250 {keyword}" for keyword in keywords)))
    )


def a_mail(octets: bytes, recipient: str = "citra@kantor.example", **more: bool) -> Transaction:
    return Transaction("ani@kampus.example", (recipient,), octets, **more)  # type: ignore[arg-type]


def words(octets: bytes) -> list[str]:
    message = email.message_from_bytes(octets, policy=email.policy.default)
    return [
        part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"
    ]


@pytest.mark.parametrize("octets", [PLAIN, MIXED])
def test_what_is_rewritten_says_the_same_in_seven_bits(octets: bytes) -> None:
    rewritten = to_seven_bit(octets)
    assert rewritten.isascii()
    assert words(rewritten) == words(octets)
    assert b"8bit" not in rewritten.lower()
    assert b"quoted-printable" in rewritten


@pytest.mark.parametrize(
    "octets",
    [
        "Subject: kafé\r\n\r\nplain\r\n".encode(),
        "Subject: x\r\n\r\nkafé, and nothing says so\r\n".encode(),
        MIXED.replace(b"before", b"\xff"),
    ],
)
def test_what_cannot_be_rewritten_is_refused(octets: bytes) -> None:
    told: list[tuple[str, str]] = []
    _, refusal = fitted(a_mail(octets), offering("SIZE"), lambda *said: told.append(said))
    assert refusal is not None
    assert (refusal.outcome, refusal.status) == ("failed", "5.6.3")
    assert told == [("fit.8bit", "refused")]


def test_a_server_that_takes_it_gets_it_as_it_is() -> None:
    extensions = offering("8BITMIME", "SMTPUTF8")
    transaction, refusal = fitted(a_mail(PLAIN), extensions)
    assert (transaction.octets, refusal) == (PLAIN, None)
    assert mail_parameters(transaction, extensions) == ("BODY=8BITMIME",)


@pytest.mark.parametrize(
    "transaction",
    [
        a_mail(b"Subject: x\r\n\r\n", "ren\u00e9e@kantor.example"),
        a_mail("Subject: kaf\u00e9\r\n\r\n".encode(), utf8=True),
    ],
)
def test_letters_beyond_ascii_need_smtputf8(transaction: Transaction) -> None:
    _, refusal = fitted(transaction, offering("8BITMIME"))
    assert refusal is not None
    assert (refusal.outcome, refusal.status) == ("failed", "5.6.7")
    extensions = offering("8BITMIME", "SMTPUTF8")
    assert "SMTPUTF8" in mail_parameters(fitted(transaction, extensions)[0], extensions)


@given(st.binary(max_size=300))
def test_anything_can_be_tried(octets: bytes) -> None:
    assert to_seven_bit(octets) is not None
    assert to_seven_bit(b"Content-Transfer-Encoding: 8bit\r\n\r\n" + octets).isascii()


def test_a_server_without_8bitmime_has_no_smtputf8_and_refuses_the_parameters_of_both() -> None:
    text = (
        '[domains."kantor.example"]\nusers = ["citra"]\nlacks = ["8BITMIME"]\n'
        '[[session]]\nserver = "mx1.kantor.example"\nlines = ["EHLO x",'
        '"MAIL FROM:<a@asing.example> BODY=8BITMIME", "MAIL FROM:<a@asing.example> SMTPUTF8",'
        '"MAIL FROM:<\u00e9@asing.example>", "MAIL FROM:<a@asing.example>",'
        '"RCPT TO:<ren\u00e9e@kantor.example>", "QUIT"]\n'
    )
    events = simulate(loads(text, file="lacks.toml", folder=Path()))
    replies = [event.fact for event in events if isinstance(event.fact, Reply)]
    assert [reply.code for reply in replies] == [220, 250, 555, 555, 501, 250, 501, 221]
    assert not {"250-8BITMIME", "250 SMTPUTF8"} & set(replies[1].lines)
    assert replies[4].rule == "address.needs-utf8"


def test_a_client_whose_own_server_lacks_smtputf8_tells_its_user() -> None:
    text = (
        '[mail]\nfrom = "ani@kampus.example"\nto = "ren\u00e9e@kampus.example"\n'
        '[domains."kampus.example"]\nusers = ["ani", "ren\u00e9e"]\nlacks = ["SMTPUTF8"]\n'
    )
    events = list(simulate(loads(text, file="lacks.toml", folder=Path())))
    refusals = [e.fact.inputs for e in events if getattr(e.fact, "rule", "") == "submission.kept"]
    assert [one["status"] for one in refusals] == ["5.6.7"]
    assert not [event for event in events if isinstance(event.fact, Bounced)]


@given(st.lists(st.integers(0, 4000), max_size=5))
def test_what_is_sent_has_no_line_of_more_than_998_octets(lengths: list[int]) -> None:
    mail = a_mail(b"".join(b"x" * length + b"\r\n" for length in lengths))
    told: list[str] = []
    short = with_short_lines(mail, lambda rule, verdict: told.append(f"{rule} {verdict}"))
    assert max(map(len, short.octets.split(b"\r\n"))) <= 998
    assert short.octets.replace(b"\r\n ", b"") == mail.octets
    assert (short is mail) == (told == []) == (max(lengths, default=0) <= 998)


def test_a_domain_says_how_long_a_line_may_be_and_postfix_takes_any() -> None:
    text = (
        '[domains."kantor.example"]\nusers = ["citra"]\n{limit}'
        '[[session]]\nserver = "mx1.kantor.example"\nlines = ["NOOP {long}", "EHLO x",'
        '"MAIL FROM:<a@asing.example>", "RCPT TO:<citra@kantor.example>", "DATA", "", "{line}",'
        '".", "QUIT"]\n'
    )
    for limit, octets, code in (
        ("", 1999, 250),
        ("longest_line = 1000\n", 998, 250),
        ("longest_line = 1000\n", 999, 554),
    ):
        scenario = text.format(limit=limit, long="x" * 3000, line="." + "x" * octets)
        events = simulate(loads(scenario, file="lines.toml", folder=Path()))
        replies = [event.fact for event in events if isinstance(event.fact, Reply)]
        assert replies[1].code == 250, "as the captured Postfix: no command is refused for length"
        (answer,) = (one for one in replies if one.rule in {"data.accepted", "line.too-long"})
        assert answer.code == code


def test_a_field_beyond_ascii_gets_through_lmtp_as_it_got_through_the_mx() -> None:
    """The To of one recipient is read by all of them."""
    text = (
        '[mail]\nfrom = "ani@kampus.example"\n'
        'to = ["renée@rumah.example", "citra@kantor.example"]\n'
        '[domains."rumah.example"]\nusers = ["renée"]\n'
        '[domains."kantor.example"]\nusers = ["citra"]\ndelivery = "lmtp"\n'
    )
    events = list(simulate(loads(text, file="lmtp.toml", folder=Path())))
    stored = {e.fact.mailbox: e.fact.data for e in events if isinstance(e.fact, Stored)}
    assert set(stored) == {"renée@rumah.example", "citra@kantor.example"}
    assert "To: renée@rumah.example, citra@kantor.example" in stored["citra@kantor.example"]
    assert not [event for event in events if isinstance(event.fact, Bounced)]
