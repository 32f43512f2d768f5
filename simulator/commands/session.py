"""smtpflow session: take part without a screen, as the client or in the server's place.

What is typed becomes scenario data and the run is made again, so that all of it can be saved.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from simulator.commands.forking import branch
from simulator.commands.new_file import check_new
from simulator.commands.opening import CommandError, Run, simulated
from simulator.commands.session_client import ClientTalk
from simulator.commands.session_server import ServerTalk
from simulator.commands.typing_line import Keyboard
from simulator.lessons.language import Language, catalogue
from simulator.lessons.recordings import mistake_said
from simulator.lessons.refusals import refusal_said
from simulator.scenario.doors import seat_in
from simulator.scenario.errors import ScenarioError, nearest
from simulator.scenario.model import Host, Role, Scenario
from simulator.scenario.topology import domain_of, hosts_of
from simulator.scenario.typed import PROTOCOL_OF_PORT, Session
from simulator.scenario.writing import SUFFIX, save
from simulator.trace.recording import RecordingError, write
from simulator.trace.redaction import tells_a_password
from simulator.views.safe import safe

_TYPED_TO: dict[int, Role] = {
    25: "receiving_server",
    587: "sending_server",
    465: "sending_server",
    110: "mailbox_server",
    143: "mailbox_server",
}
"""Whom one types to at each port, where no host is named."""
_TALKING: frozenset[Role] = frozenset(
    {"sending_server", "relay", "receiving_server", "mailbox_server"}
)


def main(arguments: Namespace, language: Language) -> int:
    """Hold the session. Raises CommandError where there is no such scenario, host or file."""
    check_new(arguments.save, language, force=arguments.force)
    scenario = branch(arguments.scenario or "two-domains", (), language).scenario
    keyboard = Keyboard(sys.stdin, sys.stdout)
    if arguments.part == "client":
        session = _session(scenario, arguments, language)
        played = ClientTalk(scenario, session, keyboard, language).hold()
    else:
        host = _host(scenario, arguments.server, "receiving_server", language)
        played = ServerTalk(scenario, host.name, keyboard, language).hold()
    if arguments.save is not None:
        _save(played, arguments.save, language, force=arguments.force)
    return 0


def _session(scenario: Scenario, arguments: Namespace, language: Language) -> Session:
    port = arguments.port
    protocol = PROTOCOL_OF_PORT.get(port)
    if protocol is None:
        known = ", ".join(map(str, PROTOCOL_OF_PORT))
        raise CommandError(catalogue(language).say("session.port", port=port, known=known))
    if arguments.tls and protocol != "smtp":
        raise CommandError(catalogue(language).say("session.tls", port=port))
    host = _host(scenario, arguments.server, _TYPED_TO[port], language)
    return Session(
        server=host.name,
        lines=(),
        client=seat_in(scenario),
        port=port,
        protocol=protocol,
        tls=arguments.tls,
    )


def _host(scenario: Scenario, name: str | None, role: Role, language: Language) -> Host:
    """The server of that name, or one of that role where the mail goes. Raises CommandError."""
    hosts = [host for host in hosts_of(scenario) if host.role in _TALKING]
    if name is None:
        fitting = [host for host in hosts if host.role == role] or hosts
        goal = domain_of(scenario.mails[0].recipients[0]) if scenario.mails else ""
        return next((host for host in fitting if host.owner == goal), fitting[0])
    for host in hosts:
        if host.name == name.lower():
            return host
    known = ", ".join(host.name for host in hosts)
    guess = nearest(name, [host.name for host in hosts]) or known
    raise CommandError(catalogue(language).say("session.host", host=name, known=guess))


def _save(scenario: Scenario, file: str, language: Language, *, force: bool) -> None:
    """Write a scenario or the recording, by the name's ending, and say how to see it again."""
    run = simulated(scenario)
    if file.endswith(SUFFIX):
        _save_scenario(run, Path(file), language, force=force)
    else:
        try:
            write(file, run.header, run.events)
        except RecordingError as mistake:
            raise CommandError(mistake_said(mistake, language)) from mistake
    command = "run" if file.endswith(SUFFIX) else "show"
    key = "session.saved-changes" if scenario.forks else "session.saved"
    said = catalogue(language).say(key, command=command, file=file)
    sys.stderr.write(f"{safe(said)}\n")
    if any(tells_a_password(session.lines) for session in scenario.sessions):
        sys.stderr.write(f"{catalogue(language).say('ui.say.saved_password')}\n")


def _save_scenario(run: Run, path: Path, language: Language, *, force: bool) -> None:
    try:
        save(run.scenario, path, title=run.title(language), force=force)
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake
    except FileExistsError as mistake:
        raise CommandError(catalogue(language).say("ui.save.exists", path=path)) from mistake
    except (OSError, ValueError) as trouble:  # ValueError: a NUL in the name
        words = catalogue(language)
        reason = refusal_said(trouble, words)
        said = words.say("export.error.unwritable", file=path, reason=reason)
        raise CommandError(said) from trouble
