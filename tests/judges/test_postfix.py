"""A real Postfix hears the same lines as our server: every reply has the same code and status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Scenario, Words
from simulator.scenario.typed import Session, typed_octets
from simulator.trace.event import Reply
from tests.judges.postfix import real_postfix, said_by_postfix

pytestmark = pytest.mark.judge

MX = "mx1.kantor.example"
EHLO, MAIL = "EHLO host99.asing.example", "MAIL FROM:<ani@kampus.example>"
RCPT, QUIT = "RCPT TO:<citra@kantor.example>", "QUIT"
UP_TO_DATA = (EHLO, MAIL, RCPT, "DATA")
SETTINGS = {
    "usual": "smtpd_forbid_bare_newline=normalize",
    "helo_required": "smtpd_helo_required=yes",
    "defers_relaying": "smtpd_relay_restrictions=defer_unauth_destination",
    "refuses_early_talk": "smtpd_data_restrictions=reject_unauth_pipelining",
    "accept": "smtpd_forbid_bare_newline=no",
    "reject": "smtpd_forbid_bare_newline=reject smtpd_forbid_bare_newline_exclusions=",
}
"""What the keys of a domain are called in Postfix."""


@pytest.fixture(scope="module")
def ports() -> Iterator[Mapping[str, int]]:
    with real_postfix(SETTINGS) as postfix:
        yield postfix.ports


def _forgotten(commands: Sequence[str]) -> tuple[str, ...]:
    return tuple(said for command in commands for said in (command, "RSET"))


def _parameters(*words: str) -> tuple[str, ...]:
    return _forgotten([f"{MAIL} {one}" for one in words])


def _reverse_paths(*paths: str) -> tuple[str, ...]:
    return _forgotten([f"MAIL FROM:{one}" for one in paths])


def _forward_paths(*paths: str) -> tuple[str, ...]:
    return (MAIL, *(f"RCPT TO:{one}" for one in paths))


SCRIPTS: dict[str, tuple[str, ...]] = {
    "nothing is done": ("NOOP", "NOOP x", "noop", "RSET", "RSET x", "EXPN staf", "FOO", ""),
    "VRFY": ("VRFY", *(f"VRFY {one}@kantor.example" for one in ("citra", "tidakada")), "VRFY citra",
             "VRFY x@rumah.example", "VRFY a b@kantor.example", "VRFY a@b@kantor.example"),
    "greetings": ("HELO", "HELO a b", "HELO [192.0.2.1]", "EHLO", "EHLO x_y", "helo x"),
    "no greeting": (MAIL, RCPT, "DATA", "Subject: x", "", "."),
    "order": (RCPT, "DATA", EHLO, RCPT, MAIL, MAIL, "DATA", RCPT, EHLO, "DATA", "DATA x"),
    "what remains": (EHLO, MAIL, "RCPT TO:<x@y.example>", "DATA", "RSET", "DATA", MAIL, "DATA"),
    "ETRN": (EHLO, "ETRN", "ETRN kantor.example", "ETRN @x.example", "ETRN a..b", MAIL, "ETRN x"),
    "AUTH": (EHLO, "AUTH PLAIN AGEAYg==", "AUTH", MAIL, "AUTH PLAIN AGEAYg=="),
    "SIZE": (EHLO, *_parameters("SIZE=1", "SIZE", "SIZE=", "SIZE=-1", "SIZE=x", "SIZE=999999999")),
    "BODY": (EHLO, *_parameters("BODY=7BIT", "body=8bitmime", "BODY=BINARYMIME", "BODY=x", "BODY")),
    "SMTPUTF8": (EHLO, *_parameters("SMTPUTF8", "SMTPUTF8=1", "AUTH=<>", "FOO", "FOO=1", "x@y")),
    "RET": (EHLO, *_parameters("RET=FULL", "RET=hdrs", "RET=x", "RET", "ENVID=a", "ENVID=")),
    "NOTIFY": (EHLO, MAIL, *(f"{RCPT} {one}" for one in (
        "NOTIFY=NEVER", "NOTIFY=SUCCESS,FAILURE", "NOTIFY=NEVER,DELAY", "NOTIFY=x", "NOTIFY"))),
    "ORCPT": (EHLO, MAIL, *(f"{RCPT} {one}" for one in (
        "ORCPT=rfc822;a@b", "ORCPT=rfc822", "ORCPT=;x", "ORCPT=rfc822;a+4", "SIZE=3"))),
    "parameters after HELO": ("HELO x", *_parameters("SIZE=1", "BODY=7BIT", "RET=FULL")),
    "brackets": (EHLO, *_reverse_paths("<>", " <a@b.example>", "a@b.example", "<a@b.example",
                                       "a@b.example>", "<<a@b.example>>", "<a@b.example>x")),
    "reverse-paths": (EHLO, *_reverse_paths("<ani>", '<"a b"@c.example>', "<a b@c.example>",
                                            "<@a.example:b@c.example>", "< a@b.example >", '<">')),
    "local parts": (EHLO, *_reverse_paths("<.a@b.example>", "<a..b@c.example>", "<a,b@c.example>",
                                          "<a@b@c.example>", "<@b.example>", f"<{'a' * 65}@b>")),
    "domains": (EHLO, *_reverse_paths("<a@b..example>", "<a@-b.example>", "<a@b_c.example>", "<a@>",
                                      "<a@192.0.2.1>", f"<a@{'b' * 64}.c>", "<a@b.example.>")),
    "literals": (EHLO, *_reverse_paths("<a@[192.0.2.1]>", "<a@[x]>", "<a@[IPv6:2001:db8::1]>",
                                       "<a@[2001:db8::1]>")),
    "miswritten MAIL": (EHLO, "MAIL", "MAIL FROM", "MAIL FROM:", "MAIL FROM <a@b>", "MAIL TO:<a@b>",
                        "MAIL  FROM: <a@b.example>", "RSET", "MAIL FROM : <a@b.example>"),
    "miswritten RCPT": (EHLO, MAIL, "RCPT", "RCPT TO", "RCPT TO:", "RCPT FROM:<a@b>", "RCPT TO:<>"),
    "forward-paths": (EHLO, *_forward_paths("<CITRA@Kantor.Example>", "citra@kantor.example",
                      "<@x.example:citra@kantor.example>", "<citra@kantor.example.>", "<citra>",
                      '<"citra"@kantor.example>', "<citra@kantor.example", "<postmaster>")),
    "at our own address": (EHLO, *_forward_paths("<citra@[127.0.0.1]>"), "RSET",
                           "MAIL FROM:<ani@[127.0.0.1]>", "RCPT TO:<dedi@[127.0.0.1]>"),
    "elsewhere": (EHLO, *_forward_paths("<eka@rumah.example>", "<eka%rumah.example@kantor.example>",
                  "<rumah!eka@kantor.example>", "<a@b@kantor.example>", "<a@[192.0.2.7]>",
                  "<a@[x]>", "<@kantor.example>", "<tidakada@kantor.example>")),
    "octets that are no UTF-8": (EHLO, "MAIL FROM:<\\xff@b.example>", "\\xff", "NOOP"),
    "a message": (*UP_TO_DATA, "Subject: x", "", "..", ".x", ".", MAIL, "RSET"),
    "an empty message": (*UP_TO_DATA, ".", "NOOP"),
    "too many hops": (*UP_TO_DATA, *["Received: x"] * 51, "", "."),
    "chunks": (EHLO, MAIL, RCPT, "BDAT 12\r\nSubject: x", "DATA", MAIL, RCPT, "BDAT 2 LAST\r\n"),
    "chunks out of place": ("BDAT 3 LAST\r\nx", EHLO, MAIL, "BDAT 3 LAST\r\nx", MAIL, RCPT),
    "a spoilt message": (EHLO, "BDAT 3\r\nx", MAIL, RCPT, "DATA", "BDAT 3\r\nx", "NOOP",
                         "BDAT 3 LAST\r\nx", MAIL, RCPT, "BDAT 0 LAST"),
    "a spoilt message, and RSET": (EHLO, MAIL, "BDAT 3\r\nx", RCPT, "RSET", MAIL, RCPT),
    "an empty chunk": (EHLO, MAIL, RCPT, "BDAT 0 LAST"),
    "a miscounted chunk": (EHLO, MAIL, RCPT, "BDAT 2\r\nx", "NOOP"),
    "no chunk": (EHLO, "BDAT"),
    "no SMTP": ("GET / HTTP/1.1",),
    "a header": (EHLO, "Subject: x"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_reply_has_the_code_and_status_of_postfix(
    name: str, ports: Mapping[str, int]
) -> None:
    lines = (*SCRIPTS[name], QUIT)
    assert ours(lines) == theirs(ports["usual"], lines)


BARE = "\\x0a.\\x0a"
STRICT = {
    "helo_required": (MAIL, "HELO x", MAIL),
    "defers_relaying": (EHLO, MAIL, "RCPT TO:<eka@rumah.example>", "VRFY eka@rumah.example", RCPT),
    "refuses_early_talk": (*UP_TO_DATA, "Subject: x", "", "."),
}


@pytest.mark.parametrize("setting", STRICT)
def test_what_a_domain_may_choose_is_what_postfix_does_with_that_setting(
    setting: str, ports: Mapping[str, int]
) -> None:
    lines = (*STRICT[setting], QUIT)
    assert ours(lines, **{setting: True}) == theirs(ports[setting], lines)
    assert ours(lines) == theirs(ports["usual"], lines)


@pytest.mark.parametrize("taken", ["usual", "accept", "reject"])
@pytest.mark.parametrize("end", ["\\x0a.\\x0a", "\\x0a.\r\n", "\r\n.\\x0a"])
def test_a_bare_lf_means_what_it_means_to_postfix(
    taken: str, end: str, ports: Mapping[str, int]
) -> None:
    smuggled = f"Subject: x\r\n\r\nx{end}MAIL FROM:<b@c.example>"
    lines = (*UP_TO_DATA, smuggled, RCPT, "DATA", "Subject: y", "", ".", QUIT)
    chosen = {} if taken == "usual" else {"bare_newline": taken}
    assert ours(lines, **chosen) == theirs(ports[taken], lines)


def ours(lines: Sequence[str], **settings: object) -> list[str]:
    """What our server says, to a client that says everything at once."""
    kantor = Domain(
        name="kantor.example",
        users=("citra", "dedi"),
        exchangers=(MailExchanger(preference=10, host=MX),),
        submission="smtp.kantor.example",
        mailbox="mail.kantor.example",
        starttls=False,
        **settings,  # type: ignore[arg-type]
    )
    session = Session(server=MX, lines=("\r\n".join(lines),))
    scenario = Scenario(
        name="judged",
        mails=(),
        domains=(kantor,),
        pickups=(),
        words={"en": Words(title="judged")},
        sessions=(session,),
    )
    replies = [e.fact for e in simulate(scenario) if isinstance(e.fact, Reply) and e.host == MX]
    return [_told(line) for reply in replies for line in reply.lines]


def theirs(port: int, lines: Sequence[str]) -> list[str]:
    """What Postfix says to it."""
    return [_told(line) for line in said_by_postfix(port, typed_octets("\r\n".join(lines)))]


def _told(line: str) -> str:
    """A reply line's code and status; all of it where it is what EHLO offers."""
    found = re.match(r"(\d{3})[- ](\d\.\d{1,3}\.\d{1,3})?", line)
    assert found, line
    offered = re.fullmatch(r"250[- ][A-Z0-9]+(?: \d+)?", line)
    return line if offered else f"{found[1]} {found[2] or ''}".strip()
