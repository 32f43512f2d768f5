"""smtpflow run: simulate a scenario, tell it, and record it where that is asked for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from simulator.commands import real_dns
from simulator.commands.forking import branch, forked, overrides_of
from simulator.commands.new_file import check_new
from simulator.commands.opening import CommandError, Run, is_recording, simulated
from simulator.commands.telling import tell_in
from simulator.lessons.language import Language, catalogue
from simulator.lessons.recordings import mistake_said
from simulator.trace.event import Event
from simulator.trace.recording import RecordingError, Writer
from simulator.trace.redaction import redacted


def main(arguments: Namespace, language: Language) -> int:
    """Run it. Raises CommandError where the scenario or the file to record to is bad."""
    if (arguments.record or "").endswith(".toml"):
        raise CommandError(
            catalogue(language).say("cli.recording.instead-of-scenario", file=arguments.record)
        )
    check_new(arguments.record, language, force=arguments.force)
    run = _wanted(arguments, language)
    try:
        with ExitStack() as stack:
            events = run.events if arguments.with_passwords else redacted(run.events)
            if arguments.record is not None:
                writer = stack.enter_context(Writer(arguments.record, run.header, passwords=True))
                events = _recorded(events, writer)
            tell_in(arguments.format, replace(run, events=events), language, arguments.depth)
    except RecordingError as mistake:
        raise CommandError(mistake_said(mistake, language)) from mistake
    return 0


def _wanted(arguments: Namespace, language: Language) -> Run:
    """The run with its changes, and with what the real DNS says where that is wanted."""
    overrides = overrides_of(arguments)
    if arguments.dns == "real" and not is_recording(arguments.scenario):
        real = real_dns.scenario_of(arguments.scenario, language, arguments, overrides)
        return simulated(forked(real, arguments.fork or (), language))
    real_dns.check_not_wanted(arguments, language)
    return branch(arguments.scenario, arguments.fork, language, overrides)


def _recorded(events: Iterable[Event], writer: Writer) -> Iterator[Event]:
    """The same events, each on the disk before anybody sees it."""
    for event in events:
        writer.write(event)
        yield event
