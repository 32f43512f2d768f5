"""Reads captures of real servers and writes the facts of each case into ``captured``.

``python -m tests.truth.extract FOLDER CASE...``; FOLDER has a folder a case, with transcript.txt
(one line a line on the wire, and whose segment it was), dns.txt and message.eml.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.truth.captures import CAPTURED, REFUSED, Conversation
from tests.truth.rendering import (
    Ends,
    Script,
    is_report,
    message_id,
    question,
    report_lines,
    story_of_the_header,
)

_NAMES = {
    "client": "pc-ani.kampus.example",
    "kampus": "smtp.kampus.example",
    "relay1": "relay1.transit.example",
    "relay2": "relay2.transit.example",
    "mx1": "mx1.kantor.example",
    "mx2": "mx2.kantor.example",
    "rumah": "mail.rumah.example",
}
"""The captures' short names of the hosts."""

_OPENED = re.compile(r"=== (\S+)  (\S+) \[[\d.]+\]:\d+  ->  (\S+) \[[\d.]+\]:(\d+)")
_LINE = re.compile(r"[+ ][ \d.]{9}([CS])\|(~| |$)(.*)")
_REFUSED = re.compile(r"[+ ][ \d.]{9}S  \[RST\]")
_ASKED = re.compile(r".*\[MTA/client<->resolver\] +(\w+) -> res +QUERY +(\w+) (\S+)")
_TOLD = re.compile(
    r".*\[MTA/client<->resolver\] +res -> (\w+) +ANSWER rcode=(\w+) "
    r"(?:No such name )?(\w+) (\S+)(.*)"
)
_LOG = re.compile(r"##### (\w+) ")
_DONE = re.compile(
    r".* postfix/[\w/]+\[\d+\]: (\w+): to=<([^>]*)>,(?: orig_to=<[^>]*>,)? relay=([^\[,:]+)[^,]*, "
    r"delay=([\d.]+),.* dsn=([\d.]+), status=(\w+)"
)
_MAILBOX = {"virtual", "local", "127.0.0.1"}
"""How Postfix names that it stores a mail itself, or has Dovecot do it."""
_SWAKS = re.compile(r"( ->|<- | ~>|<~ |===) (.*)")
_DEBUG = re.compile(r"([<>]) (\S+)\[[\d.]+\]:(\d+): (.*)")
_PROTOCOLS = {"SUBMISSION", "SMTP", "LMTP", "POP3", "IMAP"}


@dataclass
class Spoken:
    """One conversation as it was captured: the lines of each side, in order."""

    port: int
    client: str
    server: str
    lines: list[tuple[str, bool, str]] = field(default_factory=list)
    """Who spoke (C or S), whether the line is part of a message, and the line."""
    refused: bool = False

    def conversation(self) -> Conversation:
        """The same, compared line by line."""
        script = self._listing() if self.port in {110, 143} else self._smtp()
        script = [REFUSED] if self.refused else script
        return Conversation(self.port, self.client, self.server, script)

    def message(self) -> bytes:
        """The message that was sent, as it was before dot-stuffing; empty where none was."""
        texts = [text for _, is_message, text in self.lines if is_message]
        plain = [text.removeprefix(".") if text.startswith(".") else text for text in texts]
        return "".join(f"{text}\r\n" for text in plain).encode()

    def _smtp(self) -> list[str]:
        script = Script()
        reply: list[str] = []
        for who, is_message, text in self.lines:
            if who == "T":
                script.tls()
            elif who == "S":
                reply.append(text)
                if text[3:4] != "-":
                    script.reply(reply)
                    reply = []
            elif text == ".":
                script.message("(message)" if self.message() else "(message, sealed)")
            elif not is_message:
                script.command(text)
        return script.lines

    def _listing(self) -> list[str]:
        """POP3: a reply's further lines are listed below it."""
        lines: list[str] = []
        for who, _, text in self.lines:
            goes_on = who == "S" and bool(lines) and lines[-1].startswith("S")
            lines.append(f"{who}{'|' if goes_on else ':'} {text}".rstrip())
        return lines


def conversations(transcript: str) -> Iterator[Spoken]:
    """The conversations of a transcript.txt that have something said in them."""
    spoken: Spoken | None = None
    found: list[Spoken] = []
    for line in transcript.splitlines():
        if opened := _OPENED.match(line):
            protocol, client, server, port = opened.groups()
            machine = {"localhost(mx1)": "mx1.kantor.example"}
            spoken = Spoken(int(port), machine.get(client, client), machine.get(server, server))
            if protocol in _PROTOCOLS:
                found.append(spoken)
        elif spoken is not None and (said := _LINE.match(line)):
            who, mark, text = said.groups()
            spoken.lines.append((who, mark == "~", text))
        elif spoken is not None and _REFUSED.match(line) and not spoken.lines:
            spoken.refused = True
    return (one for one in found if one.lines or one.refused)


def decrypted(text: str) -> Iterator[Spoken]:
    """The conversations of a transcript-decrypted.txt: swaks' own, then Postfix's debug log."""
    swaks = Spoken(587, "pc-ani.kampus.example", "smtp.kampus.example")
    postfix = Spoken(25, "smtp.kampus.example", "mx1.kantor.example")
    message = False
    for line in text.splitlines():
        if said := _DEBUG.match(line):
            postfix.lines.append(("S" if said[1] == "<" else "C", False, said[4]))
            if postfix.lines[-2:-1] == [("C", False, "STARTTLS")]:
                postfix.lines.append(("T", False, ""))  # the log goes on with the next EHLO
        elif said := _SWAKS.match(line):
            mark, words = said.groups()
            if mark == "===":
                swaks.lines += [("T", False, "")] if words.startswith("TLS started") else []
                continue
            client = mark in {" ->", " ~>"}
            swaks.lines.append(("C" if client else "S", message and client and words != ".", words))
            message = words.startswith("354") or (message and words != ".")
    yield swaks
    yield postfix


def questions(text: str) -> Iterator[str]:
    """What the hosts asked their resolver, in order, from a dns.txt."""
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if asked := _ASKED.match(line):
            said = (
                found
                for found in map(_TOLD.match, lines[place:])
                if found and (found[1], found[3], found[4]) == asked.groups()
            )
            host = _NAMES.get(asked[1], asked[1])
            told = next(said, None)
            if told is None:  # the capture ended before
                yield question(host, asked[2], asked[3], "TIMEOUT", ())
            else:
                yield question(host, asked[2], asked[3], told[2], _records(told))


def _records(told: re.Match[str]) -> list[str]:
    """The answer's records of the type that was asked for."""
    rdtype, rest = told[3], told[5]
    if rdtype == "TXT":
        return re.findall(r" TXT\b", rest)  # the captures name the records without their text
    pattern = r" MX (\d+ \S+)" if rdtype == "MX" else rf" {rdtype} (\S+)"
    return [data.replace("<Root>", ".") for data in re.findall(pattern, rest)]


def extract(folder: Path) -> str:
    """One case's facts, as the text of its file in ``captured``."""
    transcript = folder / "transcript.txt"  # missing where it was too large to be kept
    spoken = list(conversations(transcript.read_text("utf-8"))) if transcript.exists() else []
    sealed = folder / "transcript-decrypted.txt"
    if sealed.exists():
        spoken = [*decrypted(sealed.read_text("utf-8")), *spoken[2:]]
    parts = [f'case = "{folder.name}"\n']
    for one in spoken:
        told = one.conversation()
        heading = f'port = {told.port}\nclient = "{told.client}"\nserver = "{told.server}"\n'
        parts.append(f"[[conversation]]\n{heading}script = {_block(told.script)}")
    parts.append(f"[told]\ndns = {_block(questions((folder / 'dns.txt').read_text('utf-8')))}")
    log = (folder / "maillog.txt").read_text("utf-8")
    parts[-1] += "".join(f"{name} = {_block(lines)}" for name, lines in ends(log) if lines)
    parts[-1] += "".join(_messages(folder, spoken))
    return "\n".join(parts)


def ends(log: str) -> Iterator[tuple[str, list[str]]]:
    """From a maillog.txt, what ended where, and how old each mail was at each of its tries."""
    host, ended = "", Ends()
    for line in log.splitlines():
        if heading := _LOG.match(line):
            host = _NAMES.get(heading[1], heading[1])
        elif done := _DONE.match(line):
            mail, recipient, relay, age, status, outcome = done.groups()
            to = "mailbox" if relay in _MAILBOX else relay
            ended.attempt(host, mail, recipient, to, float(age), f"{outcome} {status}")
    yield "ended", ended.outcomes()
    yield "ages", ended.ages()


def _messages(folder: Path, spoken: list[Spoken]) -> Iterator[str]:
    """The reports that came of a mail, or else who added what to its header."""
    kept = [path.read_bytes() for path in sorted(folder.glob("message-*.eml"))]
    last = folder / "message.eml"
    kept += [last.read_bytes()] if last.exists() and last.read_bytes() not in kept else []
    reports = [one for one in kept if is_report(one)]
    for name, report in zip(("bounce", "warning"), reversed(reports), strict=False):
        yield f"{name} = {_block(report_lines(report))}"
    versions = [(one.client, one.server, one.message()) for one in spoken if one.message()]
    if versions and not reports:
        lines = story_of_the_header(_with_kept(versions, kept))
        yield f"header = {_block(lines)}"


def _with_kept(
    versions: list[tuple[str, str, bytes]], kept: list[bytes]
) -> Iterator[tuple[str, bytes]]:
    """Each message as it was sent on and on, and then as it was stored."""
    sent = [message_id(octets) for _, _, octets in versions]
    for place, (client, server, octets) in enumerate(versions):
        yield client, octets
        if sent[place] not in sent[place + 1 :]:
            yield from ((server, one) for one in kept if message_id(one) == sent[place])


def _block(lines: Iterator[str] | list[str]) -> str:
    """A literal multi-line string of TOML."""
    return "'''\n" + "".join(f"{line}\n" for line in lines) + "'''\n"


def main(folder: str, *cases: str) -> None:
    """Write a file for each case."""
    for case in cases:
        (CAPTURED / f"{case}.toml").write_text(extract(Path(folder) / case), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
