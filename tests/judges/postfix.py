"""A real Postfix on loopback, as the captured one was set up; each port has settings of its own.

Nothing that it is given leaves this machine: what it has no way for goes nowhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.judges.loopback import HERE
from tests.judges.programs import missing, program, run

_DAEMONS = Path("/usr/lib/postfix/sbin")
_OWN_FILES = ("postfix-files", "dynamicmaps.cf", "postfix-files.d", "dynamicmaps.cf.d")
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
default_transport = error:nothing leaves this machine
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks reject_unauth_destination
smtpd_error_sleep_time = 0
smtpd_peername_lookup = no
message_size_limit = 50000000
"""
RECEIVES = """
myhostname = mx1.kantor.example
myorigin = kantor.example
mynetworks = 192.0.2.1
virtual_mailbox_domains = kantor.example
virtual_mailbox_maps = inline:{ { citra@kantor.example = x }, { dedi@kantor.example = x } }
virtual_transport = discard:
"""
"""A receiving server: who it is, and whom it has mailboxes for."""
_MASTER = """
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """One that runs: by the name of each port's settings the port, and what it has logged."""

    ports: Mapping[str, int]
    _log: Path

    def log(self) -> str:
        """All that it has logged so far."""
        return self._log.read_text("utf-8", "backslashreplace") if self._log.exists() else ""


@contextlib.contextmanager
def real_postfix(
    settings: Mapping[str, str], main: str = RECEIVES, master: str = ""
) -> Iterator[Postfix]:
    """A Postfix with these ports, each with its ``smtpd`` parameters; stopped at the end.

    ``main`` is added to its main.cf, ``master`` to its master.cf.
    """
    postfix = program("postfix")
    if os.geteuid() != 0:
        missing("Postfix is started by root alone")
    home = Path(tempfile.mkdtemp(prefix="postfix-"))
    home.chmod(0o755)  # its programs run as another user
    ports = {name: _free_port() for name in settings}
    try:
        _copy_files(home)
        (home / "etc/main.cf").write_text(_MAIN.format(home=home, daemons=_DAEMONS) + main)
        doors = [
            "\n  -o ".join((f"{HERE}:{ports[name]} inet n - n - - smtpd", *parameters.split()))
            for name, parameters in settings.items()
        ]
        (home / "etc/master.cf").write_text("\n".join((*doors, _MASTER + master)))
        started = run(postfix, "-c", str(home / "etc"), "start")
        assert started.returncode == 0, started.stderr.decode()
        yield Postfix(ports, home / "mail.log")
    finally:
        run(postfix, "-c", str(home / "etc"), "stop")
        shutil.rmtree(home)


def _copy_files(home: Path) -> None:
    for folder in ("etc", "queue", "data"):
        (home / folder).mkdir()
    shutil.chown(home / "data", "postfix")
    for name in _OWN_FILES:
        found = Path("/etc/postfix") / name
        if found.is_dir():
            shutil.copytree(found, home / "etc" / name)
        elif found.exists():
            shutil.copy(found, home / "etc" / name)


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def said_by_postfix(port: int, octets: bytes) -> list[str]:
    """All that it says to a client that says everything at once."""
    with socket.create_connection((HERE, port), timeout=30) as client:
        client.sendall(octets)
        heard = b"".join(iter(lambda: client.recv(65_536), b""))
    return heard.decode("utf-8", "backslashreplace").split("\r\n")[:-1]
