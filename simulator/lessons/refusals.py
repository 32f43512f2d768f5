"""Why the system would not open or write a file, in words."""

from __future__ import annotations

import errno

from simulator.lessons.language import Catalogue


def refusal_said(trouble: OSError | ValueError, words: Catalogue) -> str:
    """The system's reason without the file's name; its own words where the catalogue has none.

    A ValueError comes of a name that no file can have, such as one with NUL.
    """
    if not isinstance(trouble, OSError):
        return str(trouble)
    name = errno.errorcode.get(trouble.errno or 0, "")
    return reason_said(name, words) or trouble.strerror or str(trouble)


def reason_said(name: str, words: Catalogue) -> str:
    """What the system's ``name`` of a reason means (``ENOENT``); empty where nobody knows."""
    key = f"refusal.{name}"
    return words.say(key) if key in words else ""
