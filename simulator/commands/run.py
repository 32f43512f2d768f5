"""smtpflow run: simulate a scenario, tell it, and record it where that is asked for."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from simulator import __version__
from simulator.arguments import PROGRAM
from simulator.commands import real_dns
from simulator.commands.forking import branch, forked
from simulator.commands.opening import CommandError, is_recording, simulated
from simulator.commands.telling import tell, tell_as_jsonl, tell_by_number
from simulator.lessons.language import Language
from simulator.lessons.recordings import mistake_said
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Scenario
from simulator.trace.event import Event
from simulator.trace.recording import Header, RecordingError, Writer
from simulator.trace.redaction import redacted


def main(arguments: Namespace, language: Language) -> int:
    """Run it. Raises CommandError where the scenario or the file to record to is bad."""
    scenario = _scenario(arguments, language)
    run = simulated(scenario)
    header = Header(program=f"{PROGRAM} {__version__}", scenario=scenario, hosts=run.hosts)
    try:
        with ExitStack() as stack:
            events = run.events if arguments.with_passwords else redacted(run.events)
            if arguments.record is not None:
                writer = stack.enter_context(Writer(arguments.record, header, passwords=True))
                events = _recorded(events, writer)
            if arguments.format == "jsonl":
                tell_as_jsonl(header, events)
            elif arguments.format == "events":
                tell_by_number(replace(run, events=events), language, arguments.depth)
            else:
                tell(replace(run, events=events), language, arguments.depth)
    except RecordingError as mistake:
        raise CommandError(mistake_said(mistake, language)) from mistake
    return 0


def _scenario(arguments: Namespace, language: Language) -> Scenario:
    """The scenario with its changes, and with what the real DNS says where that is wanted."""
    overrides = _overrides(arguments)
    if arguments.dns == "real" and not is_recording(arguments.scenario):
        real = real_dns.scenario_of(arguments.scenario, language, arguments, overrides)
        return forked(real, arguments.fork or (), language)
    real_dns.check_not_wanted(arguments, language)
    return branch(arguments.scenario, arguments.fork, language, overrides)


def _recorded(events: Iterable[Event], writer: Writer) -> Iterator[Event]:
    """The same events, each on the disk before anybody sees it."""
    for event in events:
        writer.write(event)
        yield event


def _overrides(arguments: Namespace) -> Overrides:
    return Overrides(
        sender=arguments.sender,
        to=_each(arguments.to),
        cc=_each(arguments.cc),
        bcc=_each(arguments.bcc),
        subject=arguments.subject,
        body=arguments.body,
        attach=_each(arguments.attach),
        seed=arguments.seed,
    )


def _each(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
