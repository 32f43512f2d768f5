"""Everything that a sending server may be told, a script a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.judges.scripted_server import CLOSES, SILENT, Script, hello, without
from tests.judges.sending_case import REFUSED, Case

_ONE, _TWO, _THREE = ("citra",), ("citra", "dedi"), ("citra", "dedi", "eka")
_OK, _NOT_NOW, _NEVER = "250 2.1.5 Ok", "450 4.2.0 Try later", "550 5.1.1 No such user"
_FAREWELL = f"421 4.3.2 Shutting down{CLOSES}"
_GARBAGE = "What was that?"
_LONG = "550 5.7.1 " + " ".join(["sebab"] * 180)
_ONE_WORD = "550 5.7.1 " + "x" * 1_200
_OLD: Script = {"EHLO": "502 5.5.1 Unknown"}
_COFFEE = "Kopi di kafé itu 3 €."


def _case(name: str, *scripts: Script, users: tuple[str, ...] = _ONE, **mail: Any) -> Case:
    return Case(name, scripts, users, mail)


def _at_each_moment() -> Iterator[Case]:
    """The same replies at every moment, with another exchanger to turn to."""
    replies = {
        "4yz": "451 4.3.0 Not now",
        "5yz": "554 5.3.0 Not here",
        "421": _FAREWELL,
        "421, and stays": "421 4.3.2 Shutting down",
        "garbage, then a reply": f"{_GARBAGE}|250 2.0.0 Ok",
        "1yz": "199 2.0.0 Soon",
        "3yz": "354 Go on",
        "6yz": "650 6.0.0 Beyond",
        "nothing, and closes": CLOSES,
        "silence": SILENT,
    }
    for moment in ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "."):
        for name, reply in replies.items():
            yield Case(f"{moment}: {name}", ({moment: reply}, {}), _TWO)
        yield Case(f"{moment}: 421 at the last", ({moment: _FAREWELL},), _TWO)
        yield Case(f"{moment}: closed at the last", ({moment: CLOSES},), _TWO)
    for moment in ("RSET", "QUIT"):
        for name in ("4yz", "5yz", "421", "nothing, and closes", "garbage, then a reply"):
            script: Script = {moment: replies[name]} | (
                {"RCPT": _NEVER} if moment == "RSET" else {}
            )
            yield Case(f"{moment}: {name}", (script, {}), _TWO)


def _greetings() -> Iterator[Case]:
    yield _case("two lines of greeting", {"greeting": "220-mx|220 ESMTP"})
    yield _case("a greeting of several lines refuses", {"greeting": "554-5.3.2 No|554 5.3.2 Never"})
    yield _case("garbage, and no greeting", {"greeting": f"{_GARBAGE}{CLOSES}"})
    yield _case("EHLO is unknown", _OLD)
    yield _case("HELO is refused too, for good", {**_OLD, "HELO": "554 5.3.0 No"}, {})
    yield _case("HELO is refused too, for now", {**_OLD, "HELO": "451 4.3.0 No"}, {})
    yield _case("HELO is refused at the last", {**_OLD, "HELO": "554 5.3.0 No"})
    yield _case("EHLO is answered in one line", {"EHLO": "250 mx"})
    yield _case("EHLO offers in small letters", {"EHLO": "250-mx|250-pipelining|250 size 9999999"})
    yield _case("EHLO ends in another code", {"EHLO": "250-mx|250-PIPELINING|500 No"})
    yield _case("EHLO offers nothing in a line", {"EHLO": "250-mx|250-|250- |250 PIPELINING"})
    yield _case(
        "EHLO offers with tabs and blanks", {"EHLO": "250-mx|250-  PIPELINING|250 SIZE\t50"}
    )
    yield _case("EHLO greets the server itself", {"EHLO": "250-smtp.kampus.example|250 DSN"})
    yield _case("EHLO is unknown, and success is to be told", _OLD, notify=("success",))
    yield _case("EHLO offers with =", {"EHLO": "250-mx|250-PIPELINING|250 SIZE=100"})
    yield _case("nobody is there", REFUSED)
    yield _case("the first is not there", REFUSED, {})
    yield _case("the first refuses, the second is not there", {"MAIL": _FAREWELL}, REFUSED)
    yield _case("both put off", {"RCPT": _NOT_NOW}, {"RCPT": "452 4.2.2 Full"})
    yield _case("put off, then refused", {"RCPT": _NOT_NOW}, {"RCPT": _NEVER})
    yield _case(
        "all together, by a server without PIPELINING",
        {"EHLO": without("PIPELINING"), "RCPT": (_NOT_NOW, _NEVER, _OK)},
        {},
        users=_THREE,
    )


def _out_of_step() -> Iterator[Case]:
    """A reply more than was asked for: each that follows answers the command before."""
    scripts: dict[str, tuple[Script, ...]] = {
        "greeting: a reply": ({"greeting": "220 mx|250 Hello"}, {}),
        "greeting: a refusal": ({"greeting": "220 mx|554 No"}, {}),
        "EHLO: a reply": ({"EHLO": "250 mx|250 Hello"}, {}),
        "MAIL: a refusal": ({"MAIL": "250 2.1.0 Ok|550 5.7.1 No"}, {}),
        "RCPT: a 450": ({"RCPT": "250 2.1.5 Ok|450 4.7.1 No"}, {}),
        "DATA: a refusal": ({"DATA": "354 Go on|550 5.7.1 No"}, {}),
        "DATA: a reply": ({"DATA": "354 Go on|250 2.0.0 Ok", ".": "550 5.7.1 No"}, {}),
        "dot: a refusal": ({".": "250 2.0.0 Ok|550 5.7.1 No"}, {}),
    }
    for name, both in scripts.items():
        yield Case(f"{name} too many", both, _TWO, in_step=False)


def _starttls() -> Iterator[Case]:
    """Before any TLS: what is made of a server that offers it and then does not do it."""
    for name, reply in {
        "4yz": "454 4.7.0 Not now",
        "5yz": "502 5.5.1 Unknown",
        "3yz": "354 Go on",
        "421": _FAREWELL,
        "nothing, and closes": CLOSES,
        "garbage, then a reply": f"{_GARBAGE}|454 4.7.0 Not now",
    }.items():
        offer = hello("PIPELINING", "STARTTLS", "8BITMIME")
        yield Case(f"STARTTLS: {name}", ({"EHLO": offer, "STARTTLS": reply}, {}), seals=True)
    at_last: Script = {"EHLO": hello("STARTTLS"), "STARTTLS": CLOSES}
    yield Case("STARTTLS: closed at the last", (at_last,), seals=True)


def _recipients() -> Iterator[Case]:
    for name, replies in {
        "taken, put off, refused": (_OK, _NOT_NOW, _NEVER),
        "refused, taken, refused": (_NEVER, _OK, "552 5.2.2 Full"),
        "452 and 552": (_OK, "452 4.5.3 Too many", "552 5.5.3 Too many"),
        "251 and 252": ("251 2.1.5 Will forward", "252 2.1.5 Will try", _OK),
        "taken, 421, taken": (_OK, _FAREWELL, _OK),
        "taken, put off, 421": (_OK, _NOT_NOW, _FAREWELL),
        "taken, lost": (_OK, CLOSES, _OK),
        "all refused": (_NEVER, "553 5.1.3 Bad", "550 5.7.1 No"),
        "all put off": (_NOT_NOW, "451 4.7.1 Greylisted", "452 4.2.2 Full"),
        "refused and put off": (_NEVER, _NOT_NOW, _NEVER),
    }.items():
        yield _case(name, {"RCPT": replies}, users=_THREE)
        yield _case(
            f"{name}, in turn", {"RCPT": replies, "EHLO": without("PIPELINING")}, users=_THREE
        )
    nobody: Script = {"RCPT": _NEVER, "DATA": "554 5.5.1 No valid recipients"}
    yield _case("nobody, and no DATA", nobody, users=_TWO)
    late: Script = {"RCPT": _NOT_NOW, "DATA": "554 5.5.1 No valid recipients"}
    yield _case("nobody for now, and no DATA", late, {}, users=_TWO)
    yield _case(
        "only the dot is refused", {"RCPT": (_NEVER, _OK), ".": "554 5.6.0 Spam"}, users=_TWO
    )
    yield _case("only the dot is put off", {"RCPT": (_NEVER, _OK), ".": _NOT_NOW}, {}, users=_TWO)
    yield _case(
        "MAIL refused, in turn", {"MAIL": _NEVER, "EHLO": without("PIPELINING")}, users=_TWO
    )
    yield _case("MAIL put off, in turn", {"MAIL": _NOT_NOW, "EHLO": without("PIPELINING")}, {})
    yield _case(
        "DATA refused, in turn", {"DATA": _NEVER, "EHLO": without("PIPELINING")}, users=_TWO
    )
    yield _case("DATA 250, in turn", {"DATA": _OK, "EHLO": without("PIPELINING")}, users=_TWO)
    yield _case("lost at the dot, in turn", {".": CLOSES, "EHLO": without("PIPELINING")})
    yield _case("silent at QUIT, in turn", {"QUIT": SILENT, "EHLO": without("PIPELINING")})
    yield _case("silent at QUIT", {"QUIT": SILENT})
    yield _case("DATA 300", {"DATA": "300 Go on"})


def _wordings() -> Iterator[Case]:
    for name, reply in {
        "two lines": "550-5.1.1 No such user|550 5.1.1 Really",
        "two lines, the status in the first": "550-5.1.1 No such user|550 Really",
        "two lines, the status in the last": "550-No such user|550 5.1.1 Really",
        "two lines, two statuses": "550-5.1.1 No such user|550 5.7.1 Really",
        "two lines, two codes": "450-4.2.0 Not now|550 5.1.1 Never",
        "two lines, two codes, the other way": "550-5.1.1 Never|450 4.2.0 Not now",
        "no text": "550",
        "a space and no text": "550 ",
        "a status and no text": "550 5.1.1",
        "no status": "550 No such user",
        "no status, 4yz": "450 Not now",
        "a status of another class": "550 4.2.2 Mailbox full",
        "a status of another class, 4yz": "450 5.1.1 No such user",
        "a status of the class of 2": "550 2.0.0 Ok?",
        "a status that is none": "550 5.1 No such user",
        "a status too long": "550 5.1234.1 No such user",
        "a status with zeros": "550 5.01.001 No such user",
        "a status with text at once": "550 5.1.1: No such user",
        "a status after a dash": "550 - 5.1.1 No such user",
        "two spaces": "550  5.1.1  No  such   user",
        "a tab": "550\t5.1.1 No such user|550 5.7.1 Really",
        "tabs in the text": "550 5.1.1 No\tsuch\tuser",
        "letters beyond ASCII": "550 5.1.1 Tidak ada — siapa?",
        "a bell": "550 5.1.1 No\x07 such user",
        "a long line": _LONG,
        "a long word": _ONE_WORD,
        "octets that are no UTF-8": "550 5.1.1 No \udcff such \udce9 user",
        "a lone LF between lines": "550-5.1.1 No\n550 5.7.1 Really",
        "a CR in the text": "550 5.1.1 No\rsuch user",
        "a line of 2100 octets": "550 5.7.1 " + "sebab " * 350,
        "lines of 3000 octets": "|".join([*["550-5.7.1 " + "sebab " * 150] * 3, "550 5.1.1 End"]),
        "many lines": "|".join([*(f"550-5.7.1 Line {n}" for n in range(40)), "550 5.7.1 End"]),
        "four digits": "5501 5.1.1 No such user|550 5.7.1 Really",
        "two digits": "55 5.1.1 No such user|550 5.7.1 Really",
        "code 599": "599 5.0.0 Odd",
        "code 499": "499 4.0.0 Odd",
        "code 000": "000 Odd",
        "code 220": "220 2.0.0 Hello again",
        "a comma and brackets": "550 5.1.1 <citra@kantor.example>: no (really, no)",
    }.items():  # fmt: skip
        yield _case(f"RCPT: {name}", {"RCPT": reply})
    yield _case("dot: 251", {".": "251 2.1.5 Will forward"})
    yield _case("dot: two lines", {".": "250-2.0.0 Ok|250 2.6.0 queued"}, notify=("success",))
    yield _case("dot: no text", {".": "250"})
    yield _case("dot: a status of another class", {".": "250 5.0.0 Ok?"})
    yield _case(
        "dot: garbage, then a reply, in turn",
        {".": f"{_GARBAGE}|250 2.0.0 Ok", "EHLO": without("PIPELINING")},
    )
    yield _case(
        "dot: refused with two lines", {".": "554-5.7.1 Spam|554 5.7.1 See https://x.example"}
    )


def _extensions() -> Iterator[Case]:
    yield _case("no SIZE", {"EHLO": without("SIZE")})
    yield _case("SIZE without a number", {"EHLO": hello("PIPELINING", "SIZE")})
    yield _case("SIZE 0", {"EHLO": hello("PIPELINING", "SIZE 0")})
    yield _case("SIZE that is no number", {"EHLO": hello("PIPELINING", "SIZE much")})
    yield _case("SIZE too small", {"EHLO": hello("PIPELINING", "SIZE 100")}, {}, users=_TWO)
    yield _case("SIZE too small at the last", {"EHLO": hello("SIZE 100", "DSN")}, users=_TWO)
    yield _case("eight bits", {}, body=_COFFEE, eight_bit=True)
    yield _case(
        "eight bits, no 8BITMIME", {"EHLO": without("8BITMIME")}, body=_COFFEE, eight_bit=True
    )
    neither = hello("PIPELINING", "SIZE 10240000", "DSN")
    yield _case(
        "eight bits, neither 8BITMIME nor SMTPUTF8",
        {"EHLO": neither},
        {},
        body=_COFFEE,
        eight_bit=True,
    )
    yield _case("eight bits, after HELO", _OLD, body=_COFFEE, eight_bit=True)
    yield _case("eight bits, come back", {"RCPT": _NEVER}, body=_COFFEE, eight_bit=True)
    names = ("cítra@{domain}", "dedi@{domain}")
    utf8 = {"envelope_to": names}
    yield _case("UTF-8: an address", {}, **utf8)
    yield _case("UTF-8: no SMTPUTF8", {"EHLO": without("SMTPUTF8")}, {}, **utf8)
    yield _case("UTF-8: unknown there", {"RCPT": (_NEVER, _OK)}, **utf8)
    wishes = {"notify": ("success", "failure"), "returned": "hdrs", "envelope_id": "surat+2B1"}
    yield _case("DSN", {}, **wishes)
    yield _case("no DSN", {"EHLO": without("DSN")}, users=_TWO, **wishes)
    yield _case(
        "no DSN, some refused",
        {"EHLO": without("DSN"), "RCPT": (_OK, _NEVER)},
        users=_TWO,
        **wishes,
    )
    yield _case("DSN, refused", {"RCPT": _NEVER}, **wishes)
    yield _case(
        "DSN after HELO, some refused", {**_OLD, "RCPT": (_OK, _NEVER)}, users=_TWO, **wishes
    )
    yield _case("DSN, RET=FULL, refused", {"RCPT": _NEVER}, **{**wishes, "returned": "full"})
    yield _case("DSN, put off", {"RCPT": _NOT_NOW}, notify=("delay",))
    yield _case("NOTIFY=NEVER, refused", {"RCPT": _NEVER}, notify=("never",))
    yield _case("NOTIFY=SUCCESS, refused", {"RCPT": _NEVER}, notify=("success",))
    yield _case("from nobody, refused", {"RCPT": _NEVER}, envelope_from="")
    yield _case(
        "a local part in quotes",
        {"RCPT": (_OK, _NEVER)},
        envelope_to=('"ci tra"@{domain}', '"de.di"@{domain}'),
    )
    yield _case("a plus sign", {"RCPT": _NEVER}, envelope_to=("citra+arsip@{domain}",))
    yield _case("capitals", {"RCPT": _NEVER}, envelope_to=("Citra@{domain}",))
    yield _case("long lines", {}, body="x" * 2_500, eight_bit=True)
    yield _case("a large mail comes back", {"RCPT": _NEVER}, body="Halo lagi.\n" * 6_000)
    yield _case("dots", {}, body=".\n..\n.titik\nakhir")
    yield _case("an empty mail", {"RCPT": _NEVER}, body="", subject="")


CASES = (
    *_at_each_moment(),
    *_greetings(),
    *_out_of_step(),
    *_starttls(),
    *_recipients(),
    *_wordings(),
    *_extensions(),
)
