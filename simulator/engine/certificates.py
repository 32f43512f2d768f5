"""A throw-away certificate authority: every simulated host can prove its name by TLS 1.3.

Keys and certificates are random and live only in memory; nothing of them enters the trace.
"""

from __future__ import annotations

import ssl
from functools import cache

import trustme


@cache
def _authority() -> trustme.CA:
    return trustme.CA(organization_name="SMTP Flow Simulator", key_type=trustme.KeyType.ECDSA)


@cache
def server_context(name: str) -> ssl.SSLContext:
    """What a server shows: a certificate for ``name``, signed by the throw-away authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # Tickets would let a client resume (RFC 8446 section 4.6.1); no client here comes back.
    context.num_tickets = 0
    _authority().issue_cert(name).configure_cert(context)
    return context


@cache
def client_context() -> ssl.SSLContext:
    """What a client trusts: the throw-away authority, and names that match (RFC 9525)."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    _authority().configure_trust(context)
    return context


@cache
def anyone_context() -> ssl.SSLContext:
    """Encrypts with whoever answers: opportunistic security between servers (RFC 7435)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
