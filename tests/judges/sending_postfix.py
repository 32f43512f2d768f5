"""A real Postfix hands mails to scripted servers on loopback, and its reports to another one."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import time
from collections.abc import Iterator, Sequence
from functools import partial

from tests.judges.loopback import HERE, Loopback
from tests.judges.postfix import Postfix, real_postfix
from tests.judges.scripted_server import ScriptedServer
from tests.judges.sending_case import MX, REFUSED, Case, Course
from tests.judges.sending_report import named, report_lines

_MAIN = """
myhostname = smtp.kampus.example
mydomain = kampus.example
myorigin = kampus.example
mynetworks = 127.0.0.0/8
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
smtp_connection_cache_on_demand = no
smtp_tls_security_level = none
notify_classes =
transport_maps = inline:{ {WAYS} }
"""
"""Every mail is tried once: what is deferred is given up at once."""
_PATIENCE = 5
"""Seconds that it waits for a silent server."""
_STAGES = ("helo", "mail", "rcpt", "data_init", "data_done")
_MASTER = """
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
seals unix - - n - - smtp -o smtp_tls_security_level=may
whole unix - - n - - smtp -o smtp_line_length_limit=0
hasty unix - - n - - smtp
""" + "".join(f"  -o smtp_{stage}_timeout={_PATIENCE}\n" for stage in _STAGES)
_OUTCOME = re.compile(
    r"\b(?P<id>[0-9A-F]{6,}): to=<(?P<to>[^>]+)>,.* dsn=(?P<status>[\d.]+), "
    r"status=(?P<outcome>\w+) \((?P<said>.*?)\)?$",  # a long line is cut
    re.MULTILINE,
)
_NOTIFIED = re.compile(r"notification: ([0-9A-F]{6,})$", re.MULTILINE)
_LONGEST_RUN = 60
"""Seconds until the judge is given up."""


def delivered_by_postfix(
    cases: Sequence[Case], domains: Sequence[str], mails: Sequence[tuple[list[str], bytes]]
) -> list[Course]:
    """What Postfix does with each of these mails: the envelope as it was submitted, the message."""
    courses = [
        Course(domain, in_step=case.in_step) for case, domain in zip(cases, domains, strict=True)
    ]
    reports = Course("kampus.example")
    with contextlib.ExitStack() as stack:
        loopback = stack.enter_context(Loopback())
        ways = [
            _way(loopback, stack, case, domain, course)
            for case, domain, course in zip(cases, domains, courses, strict=True)
        ]
        ours = loopback.listen(partial(ScriptedServer, {}, "kampus", reports))
        ways.append(f"{{ kampus.example = whole:[{HERE}]:{ours} }}")
        main = _MAIN.replace("{WAYS}", " ".join(ways))
        postfix = stack.enter_context(real_postfix({"submission": ""}, main, _MASTER))
        ids = [_submit(postfix.ports["submission"], *mail) for mail in mails]
        log = _when_done(postfix, ids, (reports, *courses))
    for queue_id, course in zip(ids, courses, strict=True):
        course.outcomes.extend(_outcomes(log, queue_id))
        mine = [
            one for one in reports.messages if f"X-Postfix-Queue-ID: {queue_id}\r\n".encode() in one
        ]
        course.reports.extend(map(report_lines, mine))
    return courses


def _way(
    loopback: Loopback, stack: contextlib.ExitStack, case: Case, domain: str, course: Course
) -> str:
    """Raises the servers of a case; gives the way to them, for a transport table."""
    hops = []
    for number, (mx, script) in enumerate(zip(MX, case.scripts, strict=False), 1):
        address = f"127.0.0.{number}"
        if script is REFUSED:
            port = stack.enter_context(_refusing(address))
        else:
            port = loopback.listen(partial(ScriptedServer, script, mx, course), address)
        hops.append(f"[{address}]:{port}")
    transport = "hasty" if case.is_slow else "seals" if case.seals else "smtp"
    return f"{{ {domain} = {transport}:{', '.join(hops)} }}"


@contextlib.contextmanager
def _refusing(address: str) -> Iterator[int]:
    """A port that is taken, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind((address, 0))
        port: int = taken.getsockname()[1]
        yield port


def _submit(port: int, envelope: list[str], message: bytes) -> str:
    """Hand a mail over as our client did; gives its queue id."""
    with smtplib.SMTP(HERE, port, local_hostname="pc-ani.kampus.example", timeout=30) as client:
        client.command_encoding = "utf-8"
        client.ehlo()
        for command in envelope:
            code, said = client.docmd(command)
            assert code == 250, said
        code, said = client.data(message)
        assert code == 250, said
    return said.decode().rpartition(" ")[2]


def _when_done(postfix: Postfix, ids: Sequence[str], courses: Sequence[Course]) -> str:
    """The log, once these mails, and all reports on them, have left and all has been heard."""
    until = time.monotonic() + _LONGEST_RUN
    while True:
        log = postfix.log()
        left = [one for one in (*ids, *_NOTIFIED.findall(log)) if f" {one}: removed\n" not in log]
        if not left and not any(course.open for course in courses):
            return log
        assert time.monotonic() < until, f"still in the queue: {left}\n{log}"
        time.sleep(0.05)


def _outcomes(log: str, queue_id: str) -> Iterator[str]:
    for found in _OUTCOME.finditer(log):
        if found["id"] == queue_id:
            said = f" {found['said']}" if found["outcome"] == "sent" else ""
            yield named(f"{found['to']}: {found['outcome']} {found['status']}{said}")
