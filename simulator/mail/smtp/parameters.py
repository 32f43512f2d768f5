"""Which parameters of MAIL and RCPT a server takes: those of the extensions that it offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from simulator.mail.reply import Ruled

_EXTENSION_OF = {
    "SIZE": "SIZE",
    "BODY": "8BITMIME",
    "SMTPUTF8": "SMTPUTF8",
    "RET": "DSN",
    "ENVID": "DSN",
    "NOTIFY": "DSN",
    "ORCPT": "DSN",
}
"""Parameters, and the extension that each belongs to (RFC 1870, 6152, 6531, 3461)."""


def not_offered(parameters: Iterable[str], keywords: Collection[str]) -> Ruled | None:
    """The refusal of the first parameter whose extension is not among ``keywords``.

    RFC 5321 section 4.1.1.11 has 555 for it; of DSN alone Postfix says 501 (smtpd.c).
    """
    for parameter in parameters:
        extension = _EXTENSION_OF.get(parameter.partition("=")[0].upper())
        if extension is not None and extension not in keywords:
            if extension == "DSN":
                return Ruled("501 5.7.1 DSN support is disabled", "parameter.not-offered")
            return Ruled(f"555 5.5.4 Unsupported option: {parameter}", "parameter.not-offered")
    return None
