"""What an event is about: the topic under which its words and its sources are kept."""

from __future__ import annotations

import re

from simulator.lessons.rules import CHANGES, IMAP_VERBS, JUDGED, POP3_VERBS, REPLIES, SMTP_VERBS
from simulator.scenario.model import Role
from simulator.trace.conversation import CHALLENGE_ANSWER
from simulator.trace.dns_cache import is_truncated
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Intervened,
    Judged,
    Protocol,
    Query,
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Stored,
    Tls,
)
from simulator.trace.scene import Scene

_SUBMISSION_PORTS = frozenset({465, 587})  # RFC 8314 section 7.3, RFC 6409 section 3.1
_MAIL_FROM = re.compile(r"MAIL FROM:", re.IGNORECASE)  # RFC 5321 section 4.1.1.2
_RCPT_TO = re.compile(r"RCPT TO:", re.IGNORECASE)  # RFC 5321 section 4.1.1.3
_ADDRESS_TYPES = frozenset({"A", "AAAA", "MX", "PTR"})
_GREETINGS = frozenset({"EHLO", "HELO", "LHLO"})
"""Commands that are nothing without a name."""

_GOODBYES: dict[Protocol, str] = {"pop3": "pick-up", "imap": "pick-up", "https": "answered"}
"""How connections end in good order where that is not by the QUIT of SMTP."""

_TELLING_VERDICTS = {rule: frozenset(known.verdicts) for rule, known in JUDGED.items()}


def topic_of(event: Event, scene: Scene) -> str:  # noqa: C901, PLR0911, PLR0912 - a case a kind
    """The topic of any event; ``scene`` has the run's hosts, and the connection if it is open."""
    match event.fact:
        case Connected() as fact:
            submits = fact.protocol == "smtp" and fact.port in _SUBMISSION_PORTS
            return "connected.submission" if submits else f"connected.{fact.protocol}"
        case Refused(reason=reason):
            return f"refused.{_one_of(reason, ('refused', 'timeout'), 'unreachable')}"
        case Closed(reason="quit", conn=conn):
            return f"closed.{_GOODBYES.get(_protocol(event, conn, scene), 'quit')}"
        case Closed(reason=reason):
            return f"closed.{_one_of(reason, ('timeout', 'tls'), 'dropped')}"
        case Command(conn=conn, line=line):
            if _answers_challenge(conn, scene):
                return "command.smtp.auth-answer"
            return f"command.{_command(line, _protocol(event, conn, scene))}"
        case Reply() as fact:
            return f"reply.{_reply(fact)}"
        case Content(conn=conn):
            return f"content.{_content(event, conn, scene)}"
        case Tls(reason=reason, verified=verified):
            return "tls.failed" if reason else f"tls.{'verified' if verified else 'unverified'}"
        case Query(transport="tcp"):
            return "query.tcp"
        case Query(type=asked):
            iterative = role_of(event.host, scene) == "resolver"
            return f"query.{'iterative' if iterative else _record_type(asked)}"
        case Answer() as fact:
            return f"answer.{_answer(fact, asker=role_of(fact.peer, scene))}"
        case Judged() as fact:
            return f"judged.{_judged(fact, event)}"
        case Stamped() as fact:
            return f"stamped.{_stamped(fact)}"
        case Retried(next_attempt=moment):
            return f"retried.{'open' if moment is None else 'scheduled'}"
        case Bounced(bounce=bounce):
            return f"bounced.{'reported' if bounce else _why_unreported(event, scene)}"
        case Stored(protocol=protocol, folder=folder):
            if folder != "INBOX":
                return "stored.filed"
            return f"stored.{_one_of(protocol, ('lmtp',), 'local')}"
        case Fetched(kept=kept):
            return f"fetched.{'kept' if kept else 'gone'}"
        case Read(attachments=attachments):
            return f"read.{'attachments' if attachments else 'plain'}"
        case Composed(report=report):
            return f"composed.{report or 'mail'}"
        case Intervened(change=change):
            return f"intervened.{change if change in CHANGES else 'other'}"
        case Queued() | Removed():
            return event.kind


def role_of(name: str, scene: Scene) -> Role | None:
    """What the host of that name does in this run; None for a stranger."""
    return next((host.role for host in scene.hosts if host.name == name), None)


def _one_of(word: str, known: tuple[str, ...], otherwise: str) -> str:
    return word if word in known else otherwise


def _protocol(event: Event, conn: int, scene: Scene) -> Protocol:
    """What is spoken on the connection; where it is closed by now, by who speaks and when.

    A mail client submits in steps 1 and 2 and fetches in step 6, mail servers speak LMTP in step 6
    only, and with a policy server one speaks HTTPS.
    """
    connection = scene.connections.get(conn)
    if connection is not None:
        return connection.protocol
    fact = event.fact
    ends = (event.host, fact.peer if isinstance(fact, Command | Content | Closed) else "")
    if any(role_of(end, scene) == "policy_server" for end in ends):
        return "https"
    if event.step != 6:
        return "smtp"
    if not any(role_of(end, scene) == "mail_client" for end in ends):
        return "lmtp"
    return "imap" if _looks_like_imap(fact) else "pop3"


def _looks_like_imap(fact: Fact) -> bool:
    """IMAP puts a tag before its verbs, and no final dot after a message."""
    match fact:
        case Command(line=line):
            return line.partition(" ")[0].upper() not in POP3_VERBS and " " in line
        case Content(data=data, encoding="utf-8"):
            return not data.endswith(".\r\n")
        case _:
            return False


def _content(event: Event, conn: int, scene: Scene) -> str:
    protocol = _protocol(event, conn, scene)
    if protocol in {"pop3", "imap", "lmtp", "https"}:
        return protocol
    return "submission" if event.step <= 2 else "smtp"


def _command(line: str, protocol: Protocol) -> str:
    if protocol == "imap":
        return f"imap.{_imap_verb(line)}"
    if protocol == "https":
        return "https"
    verb = line.partition(" ")[0].upper()
    if protocol == "pop3":
        return f"pop3.{verb.lower() if verb in POP3_VERBS else 'other'}"
    return f"smtp.{_smtp_command(verb, line)}"


def _smtp_command(verb: str, line: str) -> str:
    if verb not in SMTP_VERBS:
        return "other"
    if verb == "MAIL":
        null = "mail-null" if "<>" in line else "mail"
        return null if _MAIL_FROM.match(line) else "miswritten"
    if verb == "RCPT":
        return "rcpt" if _RCPT_TO.match(line) else "miswritten"
    if verb in _GREETINGS and not line.partition(" ")[2].strip():
        return "miswritten"
    return _auth(line) if verb == "AUTH" else verb.lower()


def _auth(line: str) -> str:
    """A way of proving who one is has words of its own; without one it is no command."""
    mechanism, *_ = [*line.upper().split()[1:], ""]
    known = {"": "miswritten", "PLAIN": "auth", "LOGIN": "auth-login"}
    return known.get(mechanism, "auth-other")


def _answers_challenge(conn: int, scene: Scene) -> bool:
    """Whether a line answers a 334; the scene is that before or after it was said."""
    connection = scene.connections.get(conn)
    if connection is None:
        return False
    return connection.is_challenged or connection.pending[-1:] == (CHALLENGE_ANSWER,)


def _why_unreported(event: Event, scene: Scene) -> str:
    """A report about a report is never sent; else the sender wanted none (RFC 3461 section 4.1)."""
    copy = scene.copies.get((event.host, event.journey)) or scene.envelopes.get(event.journey)
    return "silent" if copy is None or copy.reverse_path in {"", "<>"} else "unwanted"


def _imap_verb(line: str) -> str:
    """The verb stands after the client's tag, and perhaps after UID (RFC 3501 section 2.2.1)."""
    if line.strip().upper() == "DONE":
        return "done"  # it ends IDLE, and has no tag (RFC 2177 section 3)
    words = [word for word in line.upper().split()[1:] if word != "UID"]
    if words[:1] == ["SELECT"] and len(words) == 1:
        return "other"
    return words[0].lower() if words and words[0] in IMAP_VERBS else "other"


def _reply(fact: Reply) -> str:
    if fact.rule == "syntax.bad" and str(fact.code) == "500":
        return "syntax.line"  # the line itself, not what stands behind a command
    if fact.rule in REPLIES:
        return fact.rule
    if fact.rule.startswith("imap."):
        return "imap.other"
    code = str(fact.code)
    if code == "+OK":
        return "class.ok"
    if code == "-ERR":
        return "pop3.error"
    return f"class.{code[:1] if re.fullmatch(r'[2-5][0-9]{2}', code) else 'other'}"


def _record_type(asked: str) -> str:
    return asked.lower() if asked in _ADDRESS_TYPES else "other"


def _answer(fact: Answer, *, asker: Role | None) -> str:
    if fact.rcode != "NOERROR":
        return "nxdomain" if fact.rcode == "NXDOMAIN" else "failure"
    if is_truncated(fact):
        return "truncated"
    if asker == "resolver":
        return _nameservers_answer(fact)
    if not fact.records:
        return "none"
    if fact.type == "MX" and [data_of(line) for line in fact.records] == ["0 ."]:
        return "null-mx"
    return "cached" if fact.cached else _record_type(fact.type)


def _nameservers_answer(fact: Answer) -> str:
    if fact.records:
        return "authoritative"
    refers = any(" NS " in line for line in fact.authority)
    return "referral" if refers and not fact.authoritative else "none"


def _judged(fact: Judged, event: Event) -> str:
    if fact.rule not in JUDGED:
        return "other"
    if fact.rule == "route.destination" and fact.verdict == "local" and event.step == 6:
        return "route.destination.arrived"
    if fact.verdict in _TELLING_VERDICTS[fact.rule]:
        return f"{fact.rule}.{fact.verdict}"
    return "other" if _TELLING_VERDICTS[fact.rule] else fact.rule


def _stamped(fact: Stamped) -> str:
    if fact.where == "whole":
        return "whole"
    names = {name.lower() for name, _ in fact.headers}
    if names & {"return-path", "delivered-to"}:
        return "delivery"
    return "received" if "received" in names else "other"


def data_of(record: str) -> str:
    """The data of a record in zone-file form: what follows owner, time to live, class, type."""
    return (record.split(None, 4) or [""])[-1]
