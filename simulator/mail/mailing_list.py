"""What a mailing list makes of a mail before it sends it on (RFC 2369, 2919, 5321 section 3.9.2).

It does as GNU Mailman does: a mark before the subject, a footer below the text, fields that say
which list it is, and, where it is set up so, a From of its own.
"""

from __future__ import annotations

import email.errors
import email.policy
import email.utils
from random import Random

from simulator.mail.header import (
    Field,
    fields_of,
    prepend,
    rewritten,
    split_header,
    without_fields,
    writable,
)
from simulator.mail.message import Entity, boundary_for, mixed, text_entity
from simulator.mail.mime_parts import text_of
from simulator.scenario.domain import MailingList

_CONTENT = "content-"
_LONGEST_FROM = 1_000
"""Characters of a From that is read; the standard parser's time grows faster."""
_UNREADABLE = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)
_RULER = "_" * 47
"""What Mailman draws above its footer."""


def bounces_of(address: str) -> str:
    """Where reports on the list's own mail go: the new reverse-path."""
    return _beside(address, "bounces")


def has_been_at(address: str, octets: bytes) -> bool:
    """Whether the list has sent this mail before: then it is going in circles."""
    been = (value for name, value in fields_of(octets) if name.lower() == "x-beenthere")
    return any(value.strip().lower() == address for value in been)


def posting(octets: bytes, address: str, mailing_list: MailingList, random: Random) -> bytes:
    """The message as the list at this address sends it; ``random`` gives a boundary if need be."""
    fields = [*_of_the_list(address), *_marked_subject(octets, mailing_list.subject_prefix)]
    if mailing_list.rewrite_from:
        fields += _own_from(octets, address)
    if mailing_list.footer:
        octets = _with_footer(octets, mailing_list.footer, random)
    # One line for each list that the mail has been at: those of others stay.
    return prepend(rewritten(octets, fields), (("X-BeenThere", address),))


def _beside(address: str, role: str) -> str:
    local_part, _, domain = address.rpartition("@")
    return f"{local_part}-{role}@{domain}"


def _of_the_list(address: str) -> tuple[Field, ...]:
    request = _beside(address, "request")
    return (
        ("Precedence", "list"),
        ("List-Id", f"<{address.replace('@', '.')}>"),
        ("List-Unsubscribe", f"<mailto:{request}?subject=unsubscribe>"),
        ("List-Post", f"<mailto:{address}>"),
        ("List-Help", f"<mailto:{request}?subject=help>"),
        ("List-Owner", f"<mailto:{_beside(address, 'owner')}>"),
    )


def _marked_subject(octets: bytes, prefix: str) -> tuple[Field, ...]:
    """The subject with the list's mark, which an answer to a post has already."""
    subject = _value_of(octets, "subject").strip()
    if not prefix or prefix.strip() in subject:
        return ()
    return (("Subject", f"{prefix}{subject}"),)


def _own_from(octets: bytes, address: str) -> tuple[Field, ...]:
    """The list as author, so that its own domain can stand behind it; answers go to the person."""
    author = _value_of(octets, "from").strip()
    name = _name_in(author) or "Somebody"
    local_part = address.partition("@")[0]
    own = ("From", email.utils.formataddr((f"{name} via {local_part}", address)))
    has_reply_to = _value_of(octets, "reply-to")
    return (own,) if has_reply_to or not author else (own, ("Reply-To", author))


def _name_in(author: str) -> str:
    """The name of the first person in a From, or their address."""
    try:
        header = email.policy.default.header_factory("From", " ".join(author.split()))
        people = header.addresses if len(author) <= _LONGEST_FROM else ()
        first = next((person for person in people if person.domain), None)
    except _UNREADABLE:
        return ""
    words = "" if first is None else str(first.display_name or first.addr_spec)
    # Octets that are no text of their charset come as lone surrogates, which nothing can write.
    return " ".join(words.encode("utf-8", "replace").decode("utf-8").split())


def _value_of(octets: bytes, wanted: str) -> str:
    values = (value for name, value in fields_of(octets) if name.lower() == wanted)
    return writable(next(values, ""))


def _with_footer(octets: bytes, footer: str, random: Random) -> bytes:
    """One plain text grows; to anything else the footer is added as a part of its own."""
    words = f"{_RULER}\n{footer.rstrip()}\n"
    text = text_of(octets)
    if text is not None:
        entity = text_entity(f"{text.rstrip()}\n\n{words}")
        return rewritten(_without_content(octets, entity.body), entity.fields)
    header, body = split_header(octets)
    described = tuple(
        (name, writable(value))
        for name, value in fields_of(header)
        if name.lower().startswith(_CONTENT)
    )
    original = Entity(described, body)
    parts = (original, text_entity(words))
    whole = mixed(parts, boundary_for(random, b"".join(part.octets for part in parts)))
    eight_bit = () if whole.body.isascii() else (("Content-Transfer-Encoding", "8bit"),)
    fields = (("MIME-Version", "1.0"), *whole.fields, *eight_bit)
    return rewritten(_without_content(octets, whole.body), fields)


def _without_content(octets: bytes, body: bytes) -> bytes:
    """The message with another body, and without what described the old one."""
    header = split_header(octets)[0]
    names = {name.lower() for name, _ in fields_of(header)}
    described = {name for name in names if name.startswith(_CONTENT)}
    return without_fields(header, described) + b"\r\n" + body
