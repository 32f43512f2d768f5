"""A real Dovecot on loopback, whose users have mailboxes of the same mails as ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.judges.loopback import HERE
from tests.judges.programs import missing, program, run

PATIENCE = 30
"""Seconds that a server may take to say something."""
_JUDGE = "2.3."
_OWNER = "mail"
_SETTINGS = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap pop3
listen = {here}
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_max_userip_connections = 0
mailbox_idle_check_interval = 1 s
first_valid_uid = 1
mail_location = maildir:{home}/users/%u
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    special_use = \\Junk
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/passwords
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={home}/users/%u
}}
service auth {{
  client_limit = 4096
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  service_count = 0
}}
service pop3 {{
  service_count = 0
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


@contextlib.contextmanager
def real_dovecot(
    users: Mapping[str, Sequence[bytes]], password: str, arrived: datetime
) -> Iterator[dict[str, int]]:
    """By protocol the port of a server where each user has these mails; stopped at the end."""
    dovecot = program("dovecot")
    version = run(dovecot, "--version").stdout.decode()
    if not version.startswith(_JUDGE):
        missing(f"Dovecot {_JUDGE}x judges, here is {version}")
    if os.geteuid() != 0:
        missing("Dovecot is started by root alone")
    home = Path(tempfile.mkdtemp(prefix="dovecot-"))
    home.chmod(0o755)  # its programs run as other users
    settings = home / "dovecot.conf"
    try:
        ports = {"imap": _free_port(), "pop3": _free_port()}
        settings.write_text(_SETTINGS.format(home=home, here=HERE, owner=_OWNER, **ports))
        (home / "passwords").write_text("".join(f"{user}:{password}\n" for user in users))
        for user, mails in users.items():
            _fill(home / "users" / user, mails, arrived.timestamp())
        run("chown", "-R", f"{_OWNER}:{_OWNER}", str(home / "users"))
        with subprocess.Popen([dovecot, "-F", "-c", str(settings)]) as server:
            try:
                for port in ports.values():
                    _wait_for(port, server)
                yield ports
            finally:
                server.terminate()
    finally:
        shutil.rmtree(home)


def _fill(maildir: Path, mails: Sequence[bytes], arrived: float) -> None:
    """A maildir with an INBOX of these mails and an empty Junk, each with its UIDVALIDITY."""
    for validity, folder in enumerate((maildir, maildir / ".Junk"), 1):
        for inner in ("cur", "new", "tmp"):
            (folder / inner).mkdir(parents=True)
        (folder / "dovecot-uidlist").write_text(f"3 V{validity} N1 G{validity:032x}\n")
    (maildir / "subscriptions").write_text("INBOX\nJunk\n")
    for number, octets in enumerate(mails, 1):
        # The order of the names is the order of the numbers.
        path = maildir / "new" / f"{int(arrived)}.M{number:06}.kantor"
        path.write_bytes(octets)
        os.utime(path, (arrived, arrived))


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it has let somebody try to log in: before, its words are others."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), Caller(port) as caller:
            caller.send(b"USER nobody\r\nPASS x\r\na LOGIN nobody x\r\n")
            heard = b""
            while more := caller.hear():
                heard += more
                if b"AUTH" in heard.partition(b"\n")[2].upper():
                    return
        time.sleep(0.05)
    pytest.fail("Dovecot did not get ready")


class Caller:
    """A connection to it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HERE, port), timeout=PATIENCE)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def send(self, octets: bytes) -> None:
        """Say this."""
        with contextlib.suppress(ConnectionError):  # what it said before it hung up is still read
            self._socket.sendall(octets)

    def hear(self) -> bytes:
        """What comes next; nothing where it has hung up."""
        try:
            return self._socket.recv(65_536)
        except ConnectionError:
            return b""

    def hang_up(self) -> None:
        """The end."""
        self._socket.close()
