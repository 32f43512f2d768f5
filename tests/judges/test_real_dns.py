"""Real nameservers judge ``--dns real``: what is asked, of whom, how long, and what is shown."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dns.message
import pytest

from tests.judges.programs import program
from tests.judges.real_nameservers import TOP, Witness, free_port, nsd

pytestmark = pytest.mark.judge

REPOSITORY = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8"}

ZONES = {
    "kampus.test": TOP
    + '@ IN MX 10 mail\n@ IN TXT "v=spf1 mx include:_spf.awan.test -all"\n'
    + 'mail IN A 192.0.2.25\n_dmarc IN TXT "v=DMARC1; p=reject"\n',
    "kantor.test": TOP
    + "@ IN MX 10 mx1.awan.test.\n@ IN MX 20 mx2.awan.test.\n@ IN A 203.0.113.80\n"
    + "".join(f'@ IN TXT "bukti-{n:02d}={"x" * 80}"\n' for n in range(20)),
    "awan.test": TOP
    + "mx1 IN CNAME kotak\nkotak IN A 203.0.113.25\nkotak IN AAAA 2001:db8:25::1\n"
    + 'mx2 IN A 203.0.113.26\n_spf IN TXT "v=spf1 ip4:198.51.100.0/24 -all"\n',
    "jebakan.test": TOP
    + "@ IN MX 10 awan\n@ IN MX 20 dalam\n@ IN MX 30 luar\n"
    + "dalam IN A 127.0.0.1\nawan IN A 169.254.169.254\nluar IN A 9.9.9.9\n",
    "jahat.test": TOP
    + '@ IN MX 10 mail\nmail IN A 203.0.113.66\n@ IN TXT "\\027[2J\\027]0;halo\\007"\n'
    + '_dmarc IN TXT "[bold red]x[/] \\r\\010"\n',
    "cincin.test": TOP + "@ IN MX 10 satu\nsatu IN CNAME dua\ndua IN CNAME satu\n",
    "banyak.test": TOP + "".join(f"@ IN MX {n} m{n}\n" for n in range(10_000)),
    "ribuan.test": TOP
    + "".join(f"@ IN MX {n} m{n}\nm{n} IN A 203.0.113.7\n" for n in range(2_000)),
    "cabang.test": TOP + "anak IN NS ns.anak\nns.anak IN A 127.0.0.1\n",
}


@pytest.fixture(scope="module")
def nameserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port("127.0.0.1")
    with nsd(tmp_path_factory.mktemp("real") / "nsd", "127.0.0.1", port, ZONES):
        yield port


@pytest.fixture
def witness(nameserver: int) -> Iterator[Witness]:
    with Witness(nameserver) as witness:
        yield witness


def ask(
    port: int, to: str, *more: str, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """``smtpflow run`` with the real DNS behind a port of this machine."""
    return subprocess.run(
        [
            *before, sys.executable, "-m", "simulator", "run", "two-domains",
            "--from", "ani@kampus.test", "--to", to,
            "--dns", "real", "--nameserver", f"127.0.0.1:{port}", "--depth", "story", *more,
        ],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        timeout=100,
        check=False,
    )  # fmt: skip


def announced(err: str) -> set[tuple[str, str]]:
    """Every name and type that standard error says will be asked."""
    lines = re.findall(r"^  (\S+)  ([A-Z, ]+)$", err, re.MULTILINE)
    return {(name, rdtype) for name, types in lines for rdtype in types.split(", ")}


def test_the_mail_goes_to_simulated_servers_of_the_real_names(
    witness: Witness, tmp_path: Path
) -> None:
    file = tmp_path / "real.jsonl"
    ran = ask(witness.port, "citra@kantor.test", "--record", str(file))
    assert ran.returncode == 0, ran.stderr
    first = ran.stderr.splitlines()[0]
    assert first == (f"The real DNS: these names will be asked of 127.0.0.1#{witness.port}.")
    assert announced(ran.stderr) == witness.names()
    assert ("mx1.awan.test", "A") in witness.names()
    assert ("_spf.awan.test", "TXT") in witness.names()
    # Twenty texts do not fit into a datagram.
    assert ("kantor.test", "TXT", "tcp") in witness.asked
    assert re.search(
        rf"^;; kantor\.test MX: NOERROR, 2 records, TTL 300, flags qr aa rd, \d+ ms, "
        rf"127\.0\.0\.1#{witness.port}$",
        ran.stderr,
        re.MULTILINE,
    )
    assert "mx1.awan" in ran.stdout
    assert "203.0.113.25, 2001:db8:25::1" in ran.stdout
    assert "citra@kantor.test  was read" in ran.stdout
    # SPF passes: the mail leaves from an address that the record names.
    assert "smtp.kampus.test      192.0.2.25" in ran.stdout
    before = list(witness.asked)
    replayed = subprocess.run(
        [sys.executable, "-m", "simulator", "show", str(file), "--depth", "story"],
        capture_output=True, text=True, env=ENVIRONMENT, check=True,
    )  # fmt: skip
    assert replayed.stdout == ran.stdout
    assert witness.asked == before, "a recording asks nobody"
    header = json.loads(file.read_text("utf-8").splitlines()[0])
    assert header["scenario"]["looked_up"]["domains"] == ["kampus.test", "kantor.test"]


CALLS = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(.*?sin6?_port=htons\((\d+)\)")
ADDRESS = re.compile(r'inet_(?:addr\("|pton\(AF_INET6, ")([^"]+)"')


def called(trace: Path) -> set[tuple[str, int]]:
    """Every address and port that the traced program sent anything to, or connected to."""
    found = set()
    for line in trace.read_text("utf-8", "replace").splitlines():
        call, address = CALLS.search(line), ADDRESS.search(line)
        if call and address:
            found.add((address[1], int(call[2])))
    return found


def test_nothing_is_sent_to_a_mail_server_wherever_the_mx_points(
    witness: Witness, tmp_path: Path
) -> None:
    trace = tmp_path / "strace"
    strace = (program("strace"), "-f", "-qq", "-e", "trace=%network,write", "-o", str(trace))
    ran = ask(witness.port, "citra@jebakan.test", before=strace)
    if "ptrace" in ran.stderr:
        pytest.skip("the kernel lets nobody trace here")
    assert ran.returncode == 0, ran.stderr
    for address in ("127.0.0.1", "169.254.169.254", "9.9.9.9"):
        assert address in ran.stdout, "the simulated hosts have the real addresses"
    assert called(trace) == {("127.0.0.1", witness.port)}
    said, *_ = trace.read_text("utf-8", "replace").partition(f"htons({witness.port})")
    assert 'write(2, "The real DNS: these names' in said, "it is said before anything is sent"
    assert "citra@jebakan.test  was read" in ran.stdout


def test_without_dns_real_nothing_leaves_at_all(tmp_path: Path) -> None:
    trace = tmp_path / "strace"
    ran = subprocess.run(
        [
            program("strace"), "-f", "-qq", "-e", "trace=%network", "-o", str(trace),
            sys.executable, "-m", "simulator", "run", "two-domains", "--depth", "story",
        ],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=100, check=False,
    )  # fmt: skip
    if "ptrace" in ran.stderr:
        pytest.skip("the kernel lets nobody trace here")
    assert ran.returncode == 0
    assert called(trace) == set()


def test_hostile_text_is_shown_and_never_obeyed(nameserver: int) -> None:
    ran = ask(nameserver, "citra@jahat.test", "--depth", "bytes")
    assert ran.returncode == 0, ran.stderr
    for said in (ran.stdout, ran.stderr):
        assert not set(said) & {chr(code) for code in (*range(10), *range(11, 32), 127)}
    assert r"\027[2J" in ran.stderr
    assert "[bold red]x[/]" in ran.stderr


@pytest.mark.parametrize(
    ("domain", "sentence"),
    [
        ("tiada.kantor.test", "says that there is no domain tiada.kantor.test (NXDOMAIN). To go"),
        ("asing.test", "refuses to say anything about asing.test (REFUSED)"),
        ("banyak.test", "has too much to say about banyak.test"),
    ],
)
def test_what_the_dns_will_not_say_is_one_sentence_and_the_way_on(
    nameserver: int, domain: str, sentence: str
) -> None:
    ran = ask(nameserver, f"citra@{domain}")
    assert (ran.returncode, ran.stdout) == (2, "")
    last = ran.stderr.splitlines()[-1]
    assert last.startswith(f"smtpflow: 127.0.0.1#{nameserver} ")
    assert sentence in last
    assert last.endswith("To go on with the simulated DNS, leave out --dns real.")


def test_rings_crowds_and_branches_end_soon(nameserver: int) -> None:
    ring = ask(nameserver, "citra@cincin.test")
    assert ring.returncode == 0, ring.stderr
    assert "satu.cincin.test A" in ring.stderr
    crowd = ask(nameserver, "citra@ribuan.test")
    assert crowd.returncode == 0, crowd.stderr
    assert "… and 1,992 more" in crowd.stderr
    assert "citra@ribuan.test  was read" in crowd.stdout
    assert len(announced(crowd.stderr)) < 50
    branch = ask(nameserver, "citra@anak.cabang.test")
    assert branch.returncode == 0, branch.stderr
    assert "anak.cabang.test MX: NOERROR, 0 records" in branch.stderr


def looping(wire: bytes) -> bytes:
    """An answer whose owner's name points at itself."""
    return (
        wire[:2]
        + b"\x84\x00\x00\x01\x00\x01\x00\x00\x00\x00"
        + wire[12:-11]
        + (
            b"\xc0"
            + bytes([len(wire) - 11])
            + b"\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\x04\x00\x0a\xc0\x0c"
        )
    )


def ageless(wire: bytes) -> bytes:
    """MX of the name itself with a TTL of 2^31, and one address for it."""
    query = dns.message.from_wire(wire)
    (question,) = query.question
    data = {15: b"\x00\x0a\xc0\x0c", 1: b"\xcb\x00\x71\x09"}.get(int(question.rdtype), b"")
    asked = question.name.to_wire() or b""
    asked += struct.pack("!HH", question.rdtype, question.rdclass)
    record = b"\xc0\x0c" + struct.pack("!HHIH", question.rdtype, 1, 2**31, len(data)) + data
    head = wire[:2] + struct.pack("!HHHHH", 0x8400, 1, bool(data), 0, 0)
    return head + asked + (record if data else b"")


def servfail(wire: bytes) -> bytes:
    """The question back, with SERVFAIL."""
    return wire[:2] + b"\x80\x02" + wire[4:]


def bare_denial(wire: bytes) -> bytes:
    """NXDOMAIN without a SOA, as boxes answer that stand in the way of the DNS."""
    response = dns.message.make_response(dns.message.from_wire(wire))
    response.set_rcode(3)
    return response.to_wire()


def test_a_server_that_is_silent_or_mad_costs_a_bounded_time_and_tells_no_further_names() -> None:
    for answer in (lambda wire: None, looping):
        with Witness(answer) as witness:
            ran = ask(witness.port, "citra@kantor.test")
        assert ran.returncode == 2
        assert f"127.0.0.1#{witness.port} does not answer" in ran.stderr
        assert witness.names() == {("kampus.test", "MX")}
        assert ";; Nobody answers: 9 questions were not put." in ran.stderr


def test_a_port_where_nobody_listens_is_told_as_that() -> None:
    with Witness(servfail) as witness:
        port = witness.port
    ran = ask(port, "citra@kantor.test")
    assert ran.returncode == 2
    assert f"nobody listens at 127.0.0.1#{port}, so nothing was asked about" in ran.stderr


def test_failures_and_denials_without_a_soa_are_told_apart() -> None:
    for answer, sentence in (
        (servfail, "cannot say anything about kampus.test now (SERVFAIL)"),
        (bare_denial, "(NXDOMAIN), but without a SOA record"),
    ):
        with Witness(answer) as witness:
            ran = ask(witness.port, "citra@kantor.test")
        assert ran.returncode == 2
        assert sentence in ran.stderr.splitlines()[-1]


def test_a_time_to_live_beyond_all_bounds_counts_as_none() -> None:
    with Witness(ageless) as witness:
        ran = ask(witness.port, "citra@kantor.test")
    assert ran.returncode == 0, ran.stderr
    assert "kantor.test MX: NOERROR, 1 record, TTL 0" in ran.stderr  # RFC 2181 section 8


@pytest.fixture(scope="module")
def three_levels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A root, a top-level domain and an authoritative server, each an NSD of its own."""
    folder = tmp_path_factory.mktemp("levels")
    port = free_port("127.0.0.1", "127.0.0.2", "127.0.0.3")
    root = TOP.replace("ns IN A 127.0.0.1\n", "ns IN A 127.0.0.1\n") + (
        "test IN NS ns.test\nns.test IN A 127.0.0.2\n"
    )
    test = TOP.replace("127.0.0.1", "127.0.0.2") + (
        "kampus IN NS ns.kampus\nns.kampus IN A 127.0.0.3\n"
        "kantor IN NS ns.kampus\npincang IN NS ns\n"
    )
    with (
        nsd(folder / "root", "127.0.0.1", port, {".": root}),
        nsd(folder / "tld", "127.0.0.2", port, {"test": test}),
        nsd(
            folder / "own",
            "127.0.0.3",
            port,
            {name: ZONES[name] for name in ("kampus.test", "kantor.test")},
        ),
    ):
        yield port


def test_a_trace_asks_root_top_level_and_authoritative_servers_in_turn(three_levels: int) -> None:
    ran = ask(three_levels, "citra@kantor.test", "--trace")
    assert ran.returncode == 0, ran.stderr
    steps = re.findall(
        r"^;; Received (\d+) bytes from ([\d.]+)#\d+\((\S+)\) in \d+ ms$", ran.stderr, re.MULTILINE
    )
    assert [address for _, address, _ in steps[:3]] == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert [server for *_, server in steps[1:3]] == ["ns.test", "ns.kampus.test"]
    assert "test. 300 IN NS ns.test." in ran.stderr
    # The referrals are remembered: root and top-level domain are asked once.
    assert sum(address == "127.0.0.1" for _, address, _ in steps) <= 2
    lame = ask(three_levels, "citra@pincang.test", "--trace")
    assert lame.returncode == 2
    assert "cannot say anything about pincang.test now (SERVFAIL)" in lame.stderr
