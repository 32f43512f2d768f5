"""A line that a person types: with history and completion at a terminal, or from a pipe."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from simulator.views.safe import safe

Completer = Callable[[str], Sequence[str]]
"""Gives the whole lines that a beginning could become."""


class Keyboard:
    """Asks for lines, and shows lines."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source, self._target = source, target
        self._is_terminal = source.isatty() and target.isatty()
        self._readline: Any = self._loaded() if self._is_terminal else None
        self._offered: Sequence[str] = ()
        self._completer: Completer = _nothing

    def show(self, line: str) -> None:
        """Print one line; what comes from outside must be safe already."""
        self._target.write(f"{line}\n")
        self._target.flush()

    def ask(self, prompt: str, completer: Completer) -> str | None:
        """The next line without its end, or None where there is none any more.

        From a pipe the line is shown after the prompt, so that what is printed reads as a whole.
        """
        if self._is_terminal:
            self._completer = completer
            try:
                return input(prompt)
            except EOFError:
                self.show("")
                return None
        line = self._source.readline()
        if not line:
            return None
        line = line.rstrip("\r\n")
        self.show(f"{prompt}{safe(line)}")
        return line

    def _loaded(self) -> Any:
        """GNU readline, where Python has it (not on Windows): it keeps the history itself."""
        try:
            readline = importlib.import_module("readline")
        except ImportError:
            return None
        readline.set_completer_delims("")
        readline.set_completer(self._complete)
        readline.parse_and_bind("tab: complete")
        return readline

    def _complete(self, text: str, state: int) -> str | None:
        if state == 0:
            self._offered = self._completer(text)
        return self._offered[state] if state < len(self._offered) else None


def _nothing(_text: str) -> Sequence[str]:
    return ()
