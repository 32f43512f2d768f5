"""How content travels: lines that end in CRLF, and the dots that keep a message from ending early.

The same rules serve SMTP's DATA (RFC 5321 section 4.5.2), LMTP, and POP3's multi-line replies
(RFC 1939 section 3). Everything takes time in proportion to the octets.
"""

from __future__ import annotations

FINAL_DOT = b".\r\n"
"""The line that ends content; the CRLF before it belongs to the content."""


def with_crlf(octets: bytes) -> bytes:
    """Octets in which every line ends in CRLF, also where a bare CR or LF stood.

    A bare line end must not be sent (RFC 5321 section 2.3.8): a server that takes it for a line
    end and one that does not would disagree about where the content ends.
    """
    if has_bare_line_end(octets):
        bare = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        octets = bare.replace(b"\n", b"\r\n")
    return octets if not octets or octets.endswith(b"\r\n") else octets + b"\r\n"


def has_bare_newline(octets: bytes) -> bool:
    """Whether an LF stands without its CR."""
    return octets.count(b"\n") != octets.count(b"\r\n")


def has_bare_line_end(octets: bytes) -> bool:
    """Whether a CR or an LF stands without the other."""
    pairs = octets.count(b"\r\n")
    return octets.count(b"\r") != pairs or octets.count(b"\n") != pairs


def dot_stuff(octets: bytes) -> bytes:
    """Content with a dot put before every line that starts with one; the final dot is not added.

    Content that does not end in CRLF gets one; empty content stays empty.
    """
    stuffed = octets.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if not stuffed or stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def dot_unstuff(octets: bytes) -> bytes:
    """Content as it was before ``dot_stuff``; a final dot line is taken off where there is one."""
    if octets == FINAL_DOT:
        return b""
    if octets.endswith(b"\r\n" + FINAL_DOT):
        octets = octets[: -len(FINAL_DOT)]
    plain = octets.replace(b"\r\n.", b"\r\n")
    return plain[1:] if plain.startswith(b".") else plain


def as_content(octets: bytes) -> bytes:
    """A message exactly as it is sent: dot-stuffed, and with the final dot line."""
    return dot_stuff(octets) + FINAL_DOT
