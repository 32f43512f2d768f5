"""smtpflow show: tell a recording, without an engine and without a network."""

from __future__ import annotations

from argparse import Namespace

from simulator.commands.opening import recorded, recording_of
from simulator.commands.telling import tell_in
from simulator.lessons.language import Language


def main(arguments: Namespace, language: Language) -> int:
    """Show it. Raises CommandError where the file is no recording."""
    run = recorded(recording_of(arguments.recording, language), arguments.recording)
    tell_in(arguments.format, run, language, arguments.depth)
    return 0
