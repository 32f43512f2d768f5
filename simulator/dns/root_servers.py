"""The thirteen root servers: where a walk through the real DNS begins.

Names and addresses as IANA publishes them (https://www.iana.org/domains/root/servers, and
https://www.internic.net/domain/named.root), with the addresses of b.root of November 2023.
"""

from __future__ import annotations

ROOT_SERVERS: tuple[tuple[str, str], ...] = (
    ("a.root-servers.net", "198.41.0.4"),
    ("b.root-servers.net", "170.247.170.2"),
    ("c.root-servers.net", "192.33.4.12"),
    ("d.root-servers.net", "199.7.91.13"),
    ("e.root-servers.net", "192.203.230.10"),
    ("f.root-servers.net", "192.5.5.241"),
    ("g.root-servers.net", "192.112.36.4"),
    ("h.root-servers.net", "198.97.190.53"),
    ("i.root-servers.net", "192.36.148.17"),
    ("j.root-servers.net", "192.58.128.30"),
    ("k.root-servers.net", "193.0.14.129"),
    ("l.root-servers.net", "199.7.83.42"),
    ("m.root-servers.net", "202.12.27.33"),
)
