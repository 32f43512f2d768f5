"""smtpflow show: tell a recording, without an engine and without a network."""

from __future__ import annotations

from argparse import Namespace

from simulator.commands.opening import recorded, recording_of
from simulator.commands.telling import tell, tell_as_jsonl, tell_by_number
from simulator.lessons.language import Language


def main(arguments: Namespace, language: Language) -> int:
    """Show it. Raises CommandError where the file is no recording."""
    read = recording_of(arguments.recording, language)
    if arguments.format == "jsonl":
        tell_as_jsonl(read.header, read.events)
    elif arguments.format == "events":
        tell_by_number(recorded(read, arguments.recording), language, arguments.depth)
    else:
        tell(recorded(read, arguments.recording), language, arguments.depth)
    return 0
