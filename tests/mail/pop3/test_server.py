"""POP3 sessions as conversations; the replies were heard from Dovecot 2.3 (RFC 1939)."""

from __future__ import annotations

import base64
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.answer import Pop3Answer
from simulator.mail.pop3.server import LONGEST_LINE, Phase, Pop3Session

CITRA, PASSWORD = "citra@kantor.example", "rahasia"
LETTERS = tuple(
    f"Subject: surat {n}\r\n\r\nisi {n}\r\n.titik\r\n\r\nakhir\r\n".encode() for n in (1, 2, 3)
)
SIZE = len(LETTERS[0])


def a_store(letters: tuple[bytes, ...] = LETTERS) -> MailStore:
    store = MailStore(uid_validity=0x6B0420E2)
    mailbox = store.create(CITRA, PASSWORD)
    for letter in letters:
        mailbox.add(letter)
    return store


def logged_in(store: MailStore) -> Pop3Session:
    session = Pop3Session(store)
    session.receive(f"USER {CITRA}\r\n".encode())
    assert session.receive(f"PASS {PASSWORD}\r\n".encode()).code == "+OK"
    return session


def spoken(session: Pop3Session, script: str) -> None:
    """Hold the conversation: every ``S:`` line must come, word for word, and no other."""
    heard: list[str] = []
    expected: list[str] = []
    said: list[str] = []
    for text in textwrap.dedent(script).strip().splitlines():
        mark, _, words = text.partition(" ")
        if mark == "S:":
            expected.append(words)
            continue
        assert heard == expected, "\n".join(said)
        answer = session.receive(f"{words}\r\n".encode())
        assert answer.octets().endswith(b"\r\n")
        heard = answer.octets().decode().removesuffix("\r\n").split("\r\n")
        expected = []
        said += [text, *(f"S: {line}" for line in heard)]
    assert heard == expected, "\n".join(said)


def test_a_whole_session_goes_as_dovecots_did() -> None:
    store = a_store()
    session = Pop3Session(store, "mail.kantor.example ready.")
    assert session.greet().octets() == b"+OK mail.kantor.example ready.\r\n"
    spoken(
        session,
        f"""
        C: CAPA
        S: +OK
        S: CAPA
        S: TOP
        S: UIDL
        S: RESP-CODES
        S: PIPELINING
        S: AUTH-RESP-CODE
        S: USER
        S: SASL PLAIN
        S: .
        C: STAT
        S: -ERR Unknown command.
        C: USER citra@kantor.example
        S: +OK
        C: PASS rahasia
        S: +OK Logged in.
        C: CAPA
        S: +OK
        S: CAPA
        S: TOP
        S: UIDL
        S: RESP-CODES
        S: PIPELINING
        S: AUTH-RESP-CODE
        S: .
        C: STAT
        S: +OK 3 {3 * SIZE}
        C: LIST
        S: +OK 3 messages:
        S: 1 {SIZE}
        S: 2 {SIZE}
        S: 3 {SIZE}
        S: .
        C: UIDL
        S: +OK
        S: 1 000000016b0420e2
        S: 2 000000026b0420e2
        S: 3 000000036b0420e2
        S: .
        C: LIST 2
        S: +OK 2 {SIZE}
        C: UIDL 2
        S: +OK 2 000000026b0420e2
        C: LIST 9
        S: -ERR There's no message 9.
        C: TOP 1 0
        S: +OK
        S: Subject: surat 1
        S:
        S: .
        C: RETR 1
        S: +OK {SIZE} octets
        S: Subject: surat 1
        S:
        S: isi 1
        S: ..titik
        S:
        S: akhir
        S: .
        C: DELE 1
        S: +OK Marked to be deleted.
        C: RETR 1
        S: -ERR Message is deleted.
        C: STAT
        S: +OK 2 {2 * SIZE}
        C: RSET
        S: +OK
        C: STAT
        S: +OK 3 {3 * SIZE}
        C: DELE 1
        S: +OK Marked to be deleted.
        C: NOOP
        S: +OK
        C: FOO
        S: -ERR Unknown command: FOO
        C: LAST
        S: -ERR Unknown command: LAST
        C: USER citra@kantor.example
        S: -ERR Unknown command: USER
        C: QUIT
        S: +OK Logging out, messages deleted.
        """,
    )
    assert [message.uid for message in store[CITRA].messages] == [
        "000000026b0420e2",
        "000000036b0420e2",
    ]


def test_a_wrong_password_is_told_from_nothing_else() -> None:
    session = Pop3Session(a_store())
    spoken(
        session,
        """
        C: PASS rahasia
        S: -ERR No username given.
        C: USER citra@kantor.example
        S: +OK
        C: PASS salah
        S: -ERR [AUTH] Authentication failed.
        C: PASS rahasia
        S: -ERR No username given.
        C: USER siapa@kantor.example
        S: +OK
        C: PASS x
        S: -ERR [AUTH] Authentication failed.
        C: QUIT
        S: +OK Logging out
        """,
    )
    assert session.phase is Phase.UPDATE


def test_a_password_may_hold_spaces_and_letters_of_any_kind() -> None:
    store = MailStore()
    store.create("eka@kantor.example", " dua  kata é ")
    session = Pop3Session(store)
    session.receive(b"user EKA@kantor.example\r\n")
    assert session.receive("pass  dua  kata é \r\n".encode()).lines == ("+OK Logged in.",)


def test_a_connection_that_breaks_deletes_nothing() -> None:
    store = a_store()
    session = logged_in(store)
    assert session.receive(b"DELE 1\r\n").code == "+OK"
    session.hang_up()
    assert len(store[CITRA].messages) == 3
    assert not store[CITRA].locked


def test_after_quit_whoever_looks_by_imap_sees_what_was_fetched_as_read() -> None:
    """As Dovecot has it: RETR counts as reading, TOP does not, and nothing is new any more."""
    store = a_store()
    session = logged_in(store)
    inbox = store[CITRA].inbox
    spoken(session, "C: TOP 2 0\nS: +OK\nS: Subject: surat 2\nS:\nS: .")
    session.receive(b"RETR 1\r\n")
    assert inbox.fresh == frozenset()
    assert not any(inbox.flags_of(message.uid) for message in inbox.messages)
    spoken(session, "C: QUIT\nS: +OK Logging out.")
    flags = [inbox.flags_of(message.uid) for message in inbox.messages]
    assert flags == [{"\\Seen"}, frozenset(), frozenset()]


def test_nothing_is_deleted_before_quit() -> None:
    store = a_store()
    session = logged_in(store)
    session.receive(b"DELE 2\r\n")
    assert len(store[CITRA].messages) == 3
    assert session.receive(b"QUIT\r\n").closes
    assert [message.octets for message in store[CITRA].messages] == [LETTERS[0], LETTERS[2]]


def test_a_mailbox_is_open_to_one_session_at_a_time() -> None:
    store = a_store()
    first, second = logged_in(store), Pop3Session(store)
    busy = """
        C: USER citra@kantor.example
        S: +OK
        C: PASS rahasia
        S: -ERR [IN-USE] Mailbox is locked by another POP3 session.
        """
    spoken(second, busy)
    second.hang_up()
    assert store[CITRA].locked, "a session that never had the mailbox must not unlock it"
    spoken(Pop3Session(store), busy)
    first.receive(b"QUIT\r\n")
    first.hang_up()
    spoken(logged_in(store), f"C: STAT\nS: +OK 3 {3 * SIZE}")


def test_mail_that_arrives_during_a_session_waits_for_the_next_one() -> None:
    store = a_store()
    session = logged_in(store)
    store[CITRA].add(b"Subject: baru\r\n\r\n")
    spoken(session, f"C: STAT\nS: +OK 3 {3 * SIZE}\nC: LIST 4\nS: -ERR There's no message 4.")
    spoken(session, "C: DELE 3\nS: +OK Marked to be deleted.")
    session.receive(b"QUIT\r\n")
    assert [message.uid[:8] for message in store[CITRA].messages] == [
        *("00000001", "00000002", "00000004")
    ]


def test_an_empty_mailbox_is_no_error() -> None:
    spoken(
        logged_in(a_store(())),
        """
        C: STAT
        S: +OK 0 0
        C: LIST
        S: +OK 0 messages:
        S: .
        C: UIDL
        S: +OK
        S: .
        C: RETR 1
        S: -ERR There's no message 1.
        C: QUIT
        S: +OK Logging out.
        """,
    )


def test_top_shows_the_header_and_so_many_lines() -> None:
    spoken(
        logged_in(a_store()),
        """
        C: TOP 1 2
        S: +OK
        S: Subject: surat 1
        S:
        S: isi 1
        S: ..titik
        S: .
        C: TOP 1 999999999999999999
        S: +OK
        S: Subject: surat 1
        S:
        S: isi 1
        S: ..titik
        S:
        S: akhir
        S: .
        C: TOP 1 -1
        S: -ERR Invalid size: -1
        C: TOP 7 1
        S: -ERR There's no message 7.
        """,
    )


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("", "Invalid message number: "),
        ("x", "Invalid message number: x"),
        ("-1", "Invalid message number: -1"),
        ("²", "Invalid message number: ?"),
        ("0", "There's no message 0."),
        ("4", "There's no message 4."),
        ("1 2", "Noise after message number:  2"),
        ("1x", "Noise after message number: x"),
        ("4294967296", "Message number too large: 4294967296"),
        ("9" * 400, "Message number too large: " + "9" * 54),
    ],
)
@pytest.mark.parametrize("verb", ["RETR", "DELE"])
def test_an_argument_that_is_no_message_is_refused(verb: str, argument: str, words: str) -> None:
    answer = logged_in(a_store()).receive(f"{verb} {argument}\r\n".encode())
    assert answer == Pop3Answer("-ERR", (f"-ERR {words}",), "pop3.error")


def plain(*fields: str) -> str:
    return base64.b64encode("\0".join(fields).encode()).decode()


def test_a_client_may_authenticate_by_sasl_plain_in_two_lines() -> None:
    # As curl did: AGNpdHJhQGthbnRvci5leGFtcGxlAHJhaGFzaWE=
    spoken(
        Pop3Session(a_store()),
        f"""
        C: AUTH
        S: +OK
        S: PLAIN
        S: .
        C: AUTH PLAIN
        S: +{" "}
        C: AGNpdHJhQGthbnRvci5leGFtcGxlAHJhaGFzaWE=
        S: +OK Logged in.
        C: AUTH PLAIN
        S: -ERR Unknown command: AUTH
        C: STAT
        S: +OK 3 {3 * SIZE}
        """,
    )


def test_a_client_may_authenticate_by_sasl_plain_in_one_line() -> None:
    assert plain("", CITRA, PASSWORD) == "AGNpdHJhQGthbnRvci5leGFtcGxlAHJhaGFzaWE="
    for acting_as in ("", CITRA):
        answer = Pop3Session(a_store()).receive(
            f"auth plain {plain(acting_as, CITRA, PASSWORD)}\r\n".encode()
        )
        assert answer == Pop3Answer("+OK", ("+OK Logged in.",), "auth.ok")


@pytest.mark.parametrize(
    ("response", "words", "rule"),
    [
        ("*", "Authentication aborted by client.", "auth.aborted"),
        ("=", "[AUTH] Invalid base64 in response", "auth.bad-base64"),
        ("bukan base64", "[AUTH] Invalid base64 in response", "auth.bad-base64"),
        (plain(CITRA, PASSWORD), "[AUTH] Authentication failed.", "auth.failed"),
        (base64.b64encode(b"\0\xff\0x").decode(), "[AUTH] Authentication failed.", "auth.failed"),
        (plain("", CITRA, "salah"), "[AUTH] Authentication failed.", "auth.failed"),
        (
            plain("dedi@kantor.example", CITRA, PASSWORD),
            "[AUTH] Authentication failed.",
            "auth.failed",
        ),
    ],
)
def test_a_wrong_sasl_response_fails_and_the_session_goes_on(
    response: str, words: str, rule: str
) -> None:
    for lines in ([f"AUTH PLAIN {response}"], ["AUTH PLAIN", response]):
        session = Pop3Session(a_store())
        answer = [session.receive(f"{line}\r\n".encode()) for line in lines][-1]
        assert answer == Pop3Answer("-ERR", (f"-ERR {words}",), rule)
        spoken(session, "C: NOOP\nS: -ERR Unknown command.\nC: QUIT\nS: +OK Logging out")


def test_an_unknown_mechanism_is_refused_without_a_challenge() -> None:
    answer = Pop3Session(a_store()).receive(b"AUTH CRAM-MD5\r\n")
    assert answer.lines == ("-ERR [AUTH] Unsupported authentication mechanism.",)


def test_lines_that_are_too_long_are_refused_and_the_session_goes_on() -> None:
    session = logged_in(a_store())
    longest = b"NOOP " + b"x" * (LONGEST_LINE - len("NOOP \r\n"))
    assert session.receive(longest + b"\r\n").code == "+OK"
    assert session.receive(longest + b"x\r\n").lines == ("-ERR Input line too long.",)
    assert session.receive(b"NOOP\r\n").code == "+OK"


def test_a_long_sasl_response_is_no_long_line() -> None:
    store = MailStore()
    store.create("eka@kantor.example", "x" * 900)
    session = Pop3Session(store)
    session.receive(b"AUTH PLAIN\r\n")
    answer = session.receive(plain("", "eka@kantor.example", "x" * 900).encode() + b"\r\n")
    assert answer.code == "+OK"
    session = Pop3Session(store)
    session.receive(b"AUTH PLAIN\r\n")
    assert session.receive(b"x" * 13_000 + b"\r\n").lines == ("-ERR Input line too long.",)
    assert session.receive(b"QUIT\r\n").closes


def test_what_a_client_says_is_repeated_only_as_printable_text() -> None:
    session = logged_in(a_store())
    answer = session.receive(b"\x1b]52;c;ZXZpbA==\x1b\\\x9b31m\0 x\r\n")
    assert answer.lines == ("-ERR Unknown command: ?]52;C;ZXZPBA==?\\?31M?",)


def test_after_quit_the_session_is_over() -> None:
    session = logged_in(a_store())
    session.receive(b"QUIT\r\n")
    answer = session.receive(b"STAT\r\n")
    assert (answer.code, answer.closes) == ("-ERR", True)


def test_every_answer_names_its_rule() -> None:
    session = Pop3Session(a_store())
    rules = [session.greet().rule]
    lines = ["CAPA", f"USER {CITRA}", "PASS salah", "AUTH PLAIN", "*", f"USER {CITRA}"]
    lines += [f"PASS {PASSWORD}", "STAT", "LIST", "UIDL 1", "RETR 1", "TOP 1 0", "DELE 1", "RSET"]
    rules += [session.receive(line.encode()).rule for line in [*lines, "NOOP", "FOO", "QUIT"]]
    assert rules == [
        *("pop3.greeting", "pop3.capa", "pop3.user", "auth.failed", "auth.challenge"),
        *("auth.aborted", "pop3.user", "pop3.pass", "pop3.stat", "pop3.list", "pop3.uidl"),
        *("pop3.retr", "pop3.top", "pop3.dele", "pop3.rset", "pop3.noop", "pop3.error"),
        "pop3.quit",
    ]


def test_every_command_of_the_table_is_answered_in_its_phases_only() -> None:
    for command in Pop3Session.COMMANDS.values():
        for phase in (Phase.AUTHORIZATION, Phase.TRANSACTION):
            session = Pop3Session(a_store())
            if phase is Phase.TRANSACTION:
                session = logged_in(a_store())
            answer = session.receive(f"{command.verb} 1 1".encode())
            known = not answer.lines[0].startswith("-ERR Unknown command")
            assert known == (phase in command.phases), command.syntax
        assert command.source.startswith("RFC ")


VERBS = st.sampled_from([*Pop3Session.COMMANDS, "FOO", "", "QUITT", " STAT"])
ARGUMENTS = st.one_of(
    st.sampled_from(["", " ", " 1", " 2", " 0", " 4", " 1 0", " 1 1", " x", f" {CITRA}"]),
    st.sampled_from([f" {PASSWORD}", " PLAIN", " PLAIN =", f" PLAIN {plain('', CITRA, PASSWORD)}"]),
    st.text(max_size=8),
)
LINES = st.one_of(
    st.binary(max_size=30),
    st.builds(lambda verb, rest: (verb + rest).encode("utf-8", "replace"), VERBS, ARGUMENTS),
    st.sampled_from([f"USER {CITRA}".encode(), f"PASS {PASSWORD}".encode(), b"x" * 600]),
)


@given(st.lists(LINES, max_size=40))
def test_no_lines_however_odd_break_a_session(lines: list[bytes]) -> None:
    store = a_store()
    session = Pop3Session(store)
    for line in lines:
        answer = session.receive(line + b"\r\n")
        assert answer.code in {"+OK", "-ERR", "+"}
        assert answer.lines[0].startswith(answer.code)
        assert all(len(text) <= 510 and text.isascii() for text in answer.lines)
        if len(answer.lines) > 1 and answer.code == "+OK":
            assert answer.lines[-1] == "."
        if answer.content is not None:
            assert answer.content.endswith(b"\r\n.\r\n")
        assert store[CITRA].locked == (session.phase is Phase.TRANSACTION)
        if answer.closes:
            break
    session.hang_up()
    assert not store[CITRA].locked
    assert logged_in(store).receive(b"STAT\r\n").code == "+OK"


@given(
    st.integers(0, 5),
    st.lists(st.one_of(st.just("RSET"), st.integers(1, 5).map("DELE {}".format)), max_size=25),
    st.booleans(),
)
def test_however_deletions_and_resets_mix_the_numbers_stay_right(
    count: int,
    commands: list[str],
    quits: bool,
) -> None:
    letters = tuple(b"x" * n + b"\r\n" for n in range(count))
    store = a_store(letters)
    session = logged_in(store)
    left = dict(enumerate(letters, start=1))
    for command in commands:
        verb, _, number = command.partition(" ")
        wanted = verb == "RSET" or int(number) in left
        assert (session.receive(command.encode()).code == "+OK") == wanted
        if verb == "RSET":
            left = dict(enumerate(letters, start=1))
        else:
            left.pop(int(number), None)
        total = sum(map(len, left.values()))
        assert session.receive(b"STAT").lines == (f"+OK {len(left)} {total}",)
        assert session.receive(b"LIST").lines[1:-1] == tuple(
            f"{number} {len(letter)}" for number, letter in left.items()
        )
        assert [line.split()[0] for line in session.receive(b"UIDL").lines[1:-1]] == [
            str(number) for number in left
        ]
    if quits:
        session.receive(b"QUIT")
    session.hang_up()
    remaining = left.values() if quits else letters
    assert [message.octets for message in store[CITRA].messages] == list(remaining)


def test_who_has_not_logged_in_may_be_mistaken_twice():
    session = Pop3Session(a_store())
    spoken(session, "C: STAT\nS: -ERR Unknown command.\nC: LIST\nS: -ERR Unknown command.")
    spoken(session, "C: USER x\nS: +OK\nC: STLS\nS: -ERR TLS support isn't enabled.")
    spoken(session, "C: STAT\nS: -ERR Unknown command.\nC: LIST\nS: -ERR Unknown command.")
    answer = session.receive(b"RETR 1\r\n")
    assert answer.lines == ("-ERR Unknown command.", "-ERR Too many invalid bad commands.")
    assert answer.closes


def test_top_without_its_numbers_is_refused_in_the_words_of_dovecot():
    session = logged_in(a_store())
    assert session.receive(b"TOP\r\n").lines == ("-ERR Invalid message number: ",)
    assert session.receive(b"TOP 1\r\n").lines == ("-ERR Noise after message number: ",)
