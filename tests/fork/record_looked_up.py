"""Asks a nameserver of this machine, with invented names, for the recording that needs no network.

``python -m tests.fork.record_looked_up`` asks anew and writes scenarios/recordings/looked-up.jsonl;
it needs NSD.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

from simulator.cli import main
from simulator.scenario.model import Scenario
from simulator.trace.recording import read
from tests.fork.record_shipped import LOOKED_UP, LOOKED_UP_MARKS, write_down
from tests.judges.real_nameservers import TOP, free_port, nsd

ZONES = {
    "kampus.test": TOP
    + '@ IN MX 10 mail\n@ IN TXT "v=spf1 mx include:_spf.awan.test -all"\n'
    + 'mail IN A 192.0.2.25\n_dmarc IN TXT "v=DMARC1; p=reject"\n',
    "kantor.test": TOP + "@ IN MX 10 mx1.awan.test.\n@ IN MX 20 mx2.awan.test.\n",
    "awan.test": TOP
    + "mx1 IN CNAME kotak\nkotak IN A 203.0.113.25\nkotak IN AAAA 2001:db8:25::1\n"
    + 'mx2 IN A 203.0.113.26\n_spf IN TXT "v=spf1 ip4:198.51.100.0/24 -all"\n',
}


def looked_up(folder: Path) -> Scenario:
    """The scenario of two domains with what NSD says of these zones."""
    port, file = free_port("127.0.0.1"), folder / "run.jsonl"
    arguments = (
        "run", "two-domains", "--from", "ani@kampus.test", "--to", "citra@kantor.test",
        "--dns", "real", "--nameserver", f"127.0.0.1:{port}", "--record", str(file),
    )  # fmt: skip
    silent = contextlib.redirect_stdout(io.StringIO())
    with nsd(folder / "nsd", "127.0.0.1", port, ZONES), silent:
        status = main(list(arguments))
    if status:
        raise RuntimeError(f"smtpflow ended with {status}")
    return read(file).header.scenario


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        write_down(LOOKED_UP, looked_up(Path(name)), *LOOKED_UP_MARKS)
