"""Real and hostile nameservers on loopback, and a witness between them and whoever asks."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import dns.message
import dns.rdatatype

from tests.judges.programs import program

TOP = "$TTL 300\n@ IN SOA ns hostmaster 1 7200 900 1209600 60\n@ IN NS ns\nns IN A 127.0.0.1\n"
"""How every zone of these tests begins."""

_CONFIGURATION = """
server:
  ip-address: {address}
  port: {port}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zones.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
remote-control:
  control-enable: no
"""
_ZONE = 'zone:\n  name: "{name}"\n  zonefile: "{folder}/{number}.zone"\n'


def free_port(*addresses: str) -> int:
    """A port that is free on all these addresses, for UDP and for TCP."""
    while True:
        with socket.socket() as probe:
            probe.bind((addresses[0], 0))
            port = int(probe.getsockname()[1])
        if all(_is_free(address, port) for address in addresses):
            return port


@contextmanager
def nsd(folder: Path, address: str, port: int, zones: Mapping[str, str]) -> Iterator[None]:
    """NSD with these zones, each name with the text of its file."""
    folder.mkdir()
    text = _CONFIGURATION.format(folder=folder, address=address, port=port)
    for number, (name, zone) in enumerate(zones.items()):
        (folder / f"{number}.zone").write_text(zone, "utf-8")
        text += _ZONE.format(name=name, folder=folder, number=number)
    (folder / "nsd.conf").write_text(text, "utf-8")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [program("nsd"), "-d", "-c", str(folder / "nsd.conf")], stdout=log, stderr=log
        )
    try:
        _wait_for(address, port, next(iter(zones)), folder / "log")
        yield
    finally:
        running.terminate()
        running.wait(timeout=10)


class Witness:
    """Stands before a nameserver, hands everything on, and writes down what was asked."""

    def __init__(self, behind: int | Callable[[bytes], bytes | None]) -> None:
        self._behind = behind
        self.port = free_port("127.0.0.1")
        self.asked: list[tuple[str, str, str]] = []
        """Name, type and transport of every question."""
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._tcp = socket.create_server(("127.0.0.1", self.port))
        for sock in (self._udp, self._tcp):
            sock.settimeout(0.05)
        self._is_over = False
        self._threads = [
            threading.Thread(target=self._until_over, args=(work,))
            for work in (self._datagram, self._stream)
        ]

    def __enter__(self) -> Witness:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        for thread in self._threads:
            thread.join(timeout=10)
        self._udp.close()
        self._tcp.close()

    def names(self) -> set[tuple[str, str]]:
        """Every name and type that was asked for."""
        return {(name, rdtype) for name, rdtype, _ in self.asked}

    def _until_over(self, work: Callable[[], None]) -> None:
        while not self._is_over:
            with suppress(TimeoutError):
                work()

    def _datagram(self) -> None:
        wire, client = self._udp.recvfrom(65535)
        self._write_down(wire, "udp")
        if isinstance(self._behind, int):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
                onward.settimeout(5)
                onward.sendto(wire, ("127.0.0.1", self._behind))
                answer: bytes | None = onward.recv(65535)
        else:
            answer = self._behind(wire)
        if answer is not None:
            self._udp.sendto(answer, client)

    def _stream(self) -> None:
        stream, _ = self._tcp.accept()
        with stream:
            stream.settimeout(5)
            wire = _message(stream)
            self._write_down(wire, "tcp")
            if isinstance(self._behind, int):
                with socket.create_connection(("127.0.0.1", self._behind), 5) as onward:
                    onward.sendall(struct.pack("!H", len(wire)) + wire)
                    answer = _message(onward)
                    stream.sendall(struct.pack("!H", len(answer)) + answer)

    def _write_down(self, wire: bytes, transport: str) -> None:
        (question,) = dns.message.from_wire(wire).question
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype), transport))


def _message(stream: socket.socket) -> bytes:
    octets = stream.makefile("rb")
    (length,) = struct.unpack("!H", octets.read(2))
    return octets.read(length)


def _is_free(address: str, port: int) -> bool:
    try:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind((address, port))
    except OSError:
        return False
    return True


def _wait_for(address: str, port: int, zone: str, log: Path) -> None:
    query = dns.message.make_query(zone, "SOA").to_wire()
    for _ in range(600):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            began = time.monotonic()
            with suppress(OSError):
                probe.connect((address, port))
                probe.send(query)
                probe.recv(65535)
                return
            time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))
    raise AssertionError(log.read_text("utf-8"))
