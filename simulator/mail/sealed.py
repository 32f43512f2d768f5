"""A server's protocol inside TLS from the first octet (RFC 8314 section 3.3: port 465)."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import sslproto


def sealed(
    protocol: asyncio.BaseProtocol, context: ssl.SSLContext, loop: asyncio.AbstractEventLoop
) -> asyncio.BaseProtocol:
    """What to listen with instead of ``protocol``, which hears only what TLS lets through."""
    # What asyncio itself makes of a server with a certificate; a memory transport needs it too.
    return sslproto.SSLProtocol(loop, protocol, context, None, server_side=True)  # type: ignore[arg-type]
