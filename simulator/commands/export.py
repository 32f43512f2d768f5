"""smtpflow export: a run in the formats of other programs, into a file or to standard output."""

from __future__ import annotations

import importlib
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from simulator.arguments import complaint
from simulator.commands.forking import changed
from simulator.commands.opening import CommandError
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.refusals import refusal_said
from simulator.trace.event import Event
from simulator.trace.redaction import redacted
from simulator.views.exports.order import ExportError, Order
from simulator.views.safe import safe_file_name

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Format:
    """Which function of which module makes it, the ending of its files, and what it listens to.

    ``is_plain`` says that every line of it is harmless on a terminal.
    """

    maker: str
    suffix: str
    options: tuple[str, ...] = ()
    is_plain: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "eml": Format("simulator.views.exports.mail_files:eml", ".eml", ("host", "journey")),
        "mbox": Format("simulator.views.exports.mail_files:mbox", ".mbox", ("host", "journey")),
        "pcapng": Format(
            "simulator.views.exports.capture.capture:pcapng_file", ".pcapng", ("without_keys",)
        ),
        "html": Format("simulator.views.exports.page.page:page", ".html", ("depth",)),
        "mermaid": Format(
            "simulator.views.exports.mermaid:mermaid", ".mmd", ("depth",), is_plain=True
        ),
        "plantuml": Format(
            "simulator.views.exports.plantuml:plantuml", ".puml", ("depth",), is_plain=True
        ),
        "svg": Format("simulator.tui.snapshot:svg", ".svg", ("depth",)),
        "handout": Format("simulator.views.exports.handout.handout:handout", ".handout.html"),
        "cast": Format("simulator.views.exports.cast:cast_v2", ".cast", ("depth",)),
        "cast-v3": Format("simulator.views.exports.cast:cast_v3", ".cast", ("depth",)),
        "jsonl": Format("simulator.views.exports.recording:jsonl", ".jsonl"),
    }
)


def main(arguments: Namespace, language: Language) -> int:
    """Export it. Raises CommandError where the run cannot be opened or the file not be written."""
    words = catalogue(language)
    form = FORMATS[arguments.format]
    _check_options(arguments, form, words)
    if arguments.output == _STANDARD_OUTPUT and sys.stdout.isatty() and not form.is_plain:
        raise CommandError(words.say("export.error.terminal", format=arguments.format))
    run = changed(arguments.run, arguments, language)
    events = tuple(run.events if arguments.with_passwords else redacted(run.events))
    if arguments.at is not None:
        events = _until(events, arguments.at, words)
    order = Order(
        run.header,
        events,
        language,
        arguments.depth or "commands",
        host=arguments.host,
        journey=arguments.journey,
        with_keys=not arguments.without_keys,
    )
    try:
        octets = _maker(form)(order)
    except ExportError as mistake:
        raise CommandError(words.say(f"export.error.{mistake.key}", **mistake.values)) from mistake
    if arguments.output == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(octets)
        return 0
    path = _path(arguments.output, order, form)
    _write(path, octets, words, force=arguments.force)
    size = words.number(len(octets))
    sys.stderr.write(complaint(words, words.say("export.written", file=path, octets=size)))
    return 0


def _check_options(arguments: Namespace, form: Format, words: Catalogue) -> None:
    """An option that would change nothing was meant for another format."""
    for option in ("depth", "host", "journey", "without_keys"):
        if getattr(arguments, option) is not None and option not in form.options:
            others = ", ".join(name for name, other in FORMATS.items() if option in other.options)
            name = f"--{option.replace('_', '-')}"
            said = words.say("export.error.option", option=name, formats=others)
            raise CommandError(said)


def _until(events: tuple[Event, ...], seq: int, words: Catalogue) -> tuple[Event, ...]:
    """The events up to that number, which must be one of them."""
    kept = tuple(event for event in events if event.seq <= seq)
    if not kept or kept[-1].seq != seq:
        last = events[-1].seq if events else 0
        raise CommandError(words.say("export.error.at", at=seq, last=last))
    return kept


def _maker(form: Format) -> Callable[[Order], bytes]:
    """Loaded only now: some formats need much, most need little."""
    module, _, function = form.maker.partition(":")
    maker: Callable[[Order], bytes] = getattr(importlib.import_module(module), function)
    return maker


def _path(output: str | None, order: Order, form: Format) -> Path:
    """The file that was named; in a folder, or where none was, one named after the scenario."""
    path = Path(output or ".")
    if path.is_dir():
        return path / f"{safe_file_name(order.scenario.name)}{form.suffix}"
    return path


def _write(path: Path, octets: bytes, words: Catalogue, *, force: bool) -> None:
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(octets)
    except FileExistsError as error:
        raise CommandError(words.say("export.error.exists", file=path)) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = refusal_said(error, words)
        said = words.say("export.error.unwritable", file=path, reason=reason)
        raise CommandError(said) from error
