"""The arguments of the command line, explained in the reader's language.

argparse reads them; its headings and complaints are said in our own words.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from simulator import __version__
from simulator.lessons.language import LANGUAGES, Catalogue, Language, catalogue, from_locale
from simulator.views.safe import safe

PROGRAM = "smtpflow"

_DEPTHS = ("story", "commands", "bytes")
_THEMES = ("dark", "light", "contrast", "projector", "sixteen")
_FORMATS = ("text", "events", "jsonl")
EXPORTS = (
    "eml",
    "mbox",
    "pcapng",
    "html",
    "mermaid",
    "plantuml",
    "svg",
    "handout",
    "cast",
    "cast-v3",
    "jsonl",
)
"""What a run can be exported to; ``commands.export`` knows who makes it."""
_SLOWEST, _FASTEST = 0.1, 16.0
_LONGEST_COMPLAINT = 400
_DNS = ("simulated", "real")

_MAIL_OPTIONS = (
    ("from", "ADDRESS", "store"),
    ("to", "ADDRESS", "append"),
    ("cc", "ADDRESS", "append"),
    ("bcc", "ADDRESS", "append"),
    ("subject", "TEXT", "store"),
    ("body", "TEXT", "store"),
    ("attach", "FILE", "append"),
)

# What argparse complains of, and the key of our words for it. Its English differs a little
# between versions of Python; what is not in the table is passed on as it is.
_COMPLAINTS = (
    (r"the following arguments are required: (?P<names>.*)", "required"),
    (r"unrecognized arguments: (?P<names>.*)", "unrecognized"),
    (r"argument --speed: invalid speed value: (?P<value>.*)", "speed"),
    (r"argument COMMAND: invalid choice: (?P<value>.*) \(choose from (?P<choices>.*)\)", "command"),
    (
        r"argument (?P<name>.*?): invalid choice: (?P<value>.*) \(choose from (?P<choices>.*)\)",
        "choice",
    ),
    (r"argument (?P<name>.*?): invalid int value: (?P<value>.*)", "number"),
    (r"argument (?P<name>.*?): invalid \w+ value: (?P<value>.*)", "value"),
    (r"argument (?P<name>.*?): expected .*argument", "value-missing"),
    (r"argument (?P<name>.*?): ignored explicit argument .*", "value-unwanted"),
)


class Parser(argparse.ArgumentParser):
    """argparse's parser, speaking one language."""

    def __init__(self, *, words: Catalogue, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False, add_help=False, formatter_class=_formatter(words), **settings
        )
        self._words = words
        self._arguments = self.add_argument_group(words.say("cli.arguments"))
        self._options = self.add_argument_group(words.say("cli.options"))
        self.option("--help", "help", short="-h", action="help")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read the arguments; what is not known is complained of by whose command it is.

        argparse itself would first ask for what is missing, and name the whole program's help.
        """
        line = list(sys.argv[1:] if args is None else args)
        self._complain_of(unknown for unknown in self._own_options(line) if not self.knows(unknown))
        parsed, rest = super().parse_known_args(line, namespace)
        self._complain_of(iter(rest))
        return parsed, rest

    def _own_options(self, line: Sequence[str]) -> Iterator[str]:
        """The long options that are this parser's to know: before a command, or all of them."""
        for argument in line:
            if argument == "--" or (self._subparsers is not None and not argument.startswith("-")):
                return
            if argument.startswith("--"):
                yield argument.partition("=")[0]

    def _complain_of(self, unknown: Iterator[str]) -> None:
        names = " ".join(unknown)
        if names:
            self.error(f"unrecognized arguments: {names}")

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and leave with status 2."""
        self.exit(2, complaint(self._words, _said_again(message, self._words), see=self.prog))

    def argument(self, name: str, key: str, **settings: Any) -> None:
        """Add an argument without a name of its own; its help is ``cli.help.<key>``."""
        self._arguments.add_argument(name, help=self._words.say(f"cli.help.{key}"), **settings)

    def option(self, name: str, key: str, *, short: str = "", **settings: Any) -> None:
        """Add an option; its help is ``cli.help.<key>``."""
        names = [short, name] if short else [name]
        self._options.add_argument(*names, help=self._words.say(f"cli.help.{key}"), **settings)

    def knows(self, name: str) -> bool:
        """Whether it has an option of that name."""
        return name in self._option_string_actions


def complaint(words: Catalogue, message: str, *, see: str = "") -> str:
    """The one line that goes to standard error where something is wrong, with its line end."""
    if see:
        message = words.say("cli.error.see", message=message, program=see)
    line = words.say("cli.error.line", program=PROGRAM, message=message)
    return f"{safe(line, limit=_LONGEST_COMPLAINT)}\n"


def language_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """The language to read a command line in: what its ``--lang`` says, else the locale's."""
    wanted = ""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            wanted = arguments[place + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return next((known for known in LANGUAGES if known == wanted), from_locale(environ))


def parser_of(language: Language) -> Parser:
    """The parser of the whole command line."""
    words = catalogue(language)
    parser = Parser(
        words=words,
        prog=PROGRAM,
        description=words.say("cli.about"),
        epilog=words.say("cli.examples"),
    )
    parser.option("--version", "version", action="version", version=f"{PROGRAM} {__version__}")
    parser.option("--lang", "lang", choices=LANGUAGES)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title=words.say("cli.commands"), parser_class=Parser
    )

    def command(name: str) -> Parser:
        about = words.say(f"cli.help.{name}")
        added = commands.add_parser(name, words=words, help=about, description=about)
        # Not to overwrite what was said before the command.
        added.option("--lang", "lang", choices=LANGUAGES, default=argparse.SUPPRESS)
        return added

    _run(command("run"), words)
    _show(command("show"))
    _play(command("play"), words)
    _compare(command("compare"), words)
    _session(command("session"))
    command("notes").option("--once", "once", action="store_true")
    _export(command("export"), words)
    command("list").option("--limits", "limits", action="store_true")
    command("new").argument("file", "new_file", metavar="FILE", nargs="?")
    command("check").argument("files", "file", metavar="FILE", nargs="+")
    return parser


def _run(run: Parser, words: Catalogue) -> None:
    run.argument("scenario", "scenario", metavar="SCENARIO")
    _how_it_is_told(run)
    run.option("--record", "record", metavar="FILE")
    run.option("--force", "force", action="store_true")
    run.option("--with-passwords", "with-passwords", action="store_true")
    _what_is_changed(run, words)
    _which_dns(run, words)


def _show(show: Parser) -> None:
    show.argument("recording", "recording", metavar="RECORDING")
    _how_it_is_told(show)


def _session(session: Parser) -> None:
    session.argument("scenario", "session-scenario", metavar="SCENARIO", nargs="?")
    session.option("--as", "as", dest="part", choices=("client", "server"), required=True)
    session.option("--server", "server", metavar="HOST")
    session.option("--port", "port", metavar="N", type=int, default=25)
    session.option("--tls", "tls", action="store_true")
    session.option("--save", "save", metavar="FILE")
    session.option("--force", "force", action="store_true")


def _compare(compare: Parser, words: Catalogue) -> None:
    compare.argument("one", "one-run", metavar="A")
    compare.argument("other", "other-run", metavar="B", nargs="?")
    compare.option("--depth", "depth", choices=_DEPTHS, default="commands")
    _what_is_changed(compare, words)


def _play(play: Parser, words: Catalogue) -> None:
    play.argument("source", "source", metavar="SCENARIO|RECORDING", nargs="?")
    play.option("--speed", "speed", metavar="X", type=speed, default=1.0)
    play.option("--depth", "depth", choices=_DEPTHS, default="commands")
    play.option("--presenter", "presenter", action="store_true")
    play.option("--plain", "plain", action="store_true")
    play.option("--theme", "theme", choices=_THEMES)
    play.option("--ascii", "ascii", action="store_true")
    _what_is_changed(play, words)
    _which_dns(play, words)


def _what_is_changed(parser: Parser, words: Catalogue, *, heading: str = "mail") -> None:
    """What goes otherwise than the scenario says: what happens, chance, or the mail itself.

    A parser that has one of the mail's options already, with another meaning, keeps it.
    """
    parser.option("--fork", "fork", metavar="SEQ=CHANGE", action="append")
    parser.option("--seed", "seed", metavar="N", type=int)
    mail = parser.add_argument_group(words.say(f"cli.{heading}"))
    for name, metavar, action in _MAIL_OPTIONS:
        if parser.knows(f"--{name}"):
            continue
        mail.add_argument(
            f"--{name}",
            dest="sender" if name == "from" else name,
            metavar=metavar,
            action=action,
            help=words.say(f"cli.help.{name}"),
        )


def _which_dns(parser: Parser, words: Catalogue) -> None:
    """Whether the real DNS is asked before the run, and whom."""
    group = parser.add_argument_group(words.say("cli.dns"))
    group.add_argument("--dns", choices=_DNS, default="simulated", help=words.say("cli.help.dns"))
    group.add_argument("--nameserver", metavar="ADDR[:PORT]", help=words.say("cli.help.nameserver"))
    group.add_argument("--trace", action="store_true", help=words.say("cli.help.trace"))


def _export(export: Parser, words: Catalogue) -> None:
    export.argument("run", "run-source", metavar="SCENARIO|RECORDING")
    export.option("--to", "export-to", dest="format", choices=EXPORTS, required=True)
    export.option("--output", "output", short="-o", metavar="FILE")
    export.option("--force", "force", action="store_true")
    export.option("--with-passwords", "with-passwords", action="store_true")
    export.option("--at", "at", metavar="SEQ", type=int)
    export.option("--depth", "export-depth", choices=_DEPTHS)
    export.option("--host", "host", metavar="NAME")
    export.option("--journey", "journey", metavar="NAME")
    export.option("--without-keys", "without-keys", action="store_true", default=None)
    _what_is_changed(export, words, heading="mail-but-to")


def _how_it_is_told(parser: Parser) -> None:
    parser.option("--format", "format", choices=_FORMATS, default="text")
    parser.option("--depth", "depth", choices=_DEPTHS, default="commands")


def speed(text: str) -> float:
    """How many times faster than usual. Raises ValueError where it is out of range."""
    value = float(text)
    if not _SLOWEST <= value <= _FASTEST:  # also true of nan
        raise ValueError(text)
    return value


def _said_again(message: str, words: Catalogue) -> str:
    """A complaint of argparse in our words."""
    for pattern, key in _COMPLAINTS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return words.say(f"cli.error.{key}", **found.groupdict())
    return message


def _formatter(words: Catalogue) -> type[argparse.HelpFormatter]:
    """The layout of help: texts as they are written, and our own word for "usage"."""

    class Formatter(argparse.RawDescriptionHelpFormatter):
        def add_usage(
            self, usage: Any, actions: Any, groups: Any, prefix: str | None = None
        ) -> None:
            # argparse itself asks for an empty prefix, to get a subcommand's name.
            own = words.say("cli.usage") if prefix is None else prefix
            super().add_usage(usage, actions, groups, own)

    return Formatter
