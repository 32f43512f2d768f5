"""Which replies let the message follow DATA."""

from __future__ import annotations

import re

_GO_AHEAD = re.compile(r"3(?!34)[0-9]{2}")


def lets_message_follow(code: int | str) -> bool:
    """Whether it is 354, or another 3yz, which clients such as Postfix take for it.

    RFC 5321 section 4.2.1; 334 asks for an answer to AUTH (RFC 4954 section 4).
    """
    return _GO_AHEAD.fullmatch(str(code)) is not None
