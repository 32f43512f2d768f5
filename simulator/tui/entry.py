"""What the library knows of a scenario or a recording before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.scenario.model import Words


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """``name`` is what opens it; ``words`` its title and goal by language; ``minutes`` to watch."""

    name: str
    words: Mapping[str, Words]
    minutes: int
    chapter: str
    kind: Literal["scenario", "recording"] = "scenario"

    def in_language(self, language: str) -> Words:
        """Its words in a language, else in any, else its name."""
        if language in self.words:
            return self.words[language]
        return next(iter(self.words.values()), Words(title=self.name))
