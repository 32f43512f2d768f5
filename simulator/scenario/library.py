"""The shipped scenarios: where they are, in which order they are learnt, what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simulator.scenario.document import is_folder, read_document
from simulator.scenario.errors import LANGUAGES, Language, Mistakes, Place, ScenarioError, nearest
from simulator.scenario.loader import SCENARIO_FILE, load, mistakes_in, read_words
from simulator.scenario.section import Section

_PACKAGED = Path(__file__).parents[1] / "shipped" / "scenarios"
"""Where a wheel has them (pyproject.toml, force-include)."""

_CHECKOUT = Path(__file__).parents[2] / "scenarios"

_ORDER_FILE = "library.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the library: a shipped scenario, its words in one language, its length."""

    name: str
    title: str
    goal: str
    minutes: int
    chapter: str


def library_folder() -> Path:
    """The folder of the shipped scenarios, in a checkout or in an installed package."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def shipped() -> tuple[Path, ...]:
    """The folders of the shipped scenarios, in the order in which they are learnt.

    ``library.toml`` has the order; a folder that it does not name comes last.
    """
    folder = library_folder()
    document, mistakes = read_document(folder / _ORDER_FILE), Mistakes()
    order = Section("library", document.values, (), document, mistakes).texts("scenarios") or ()
    for mistake in mistakes.found:
        raise mistake
    there = sorted(path.parent.name for path in folder.glob(f"*/{SCENARIO_FILE}"))
    for entry in order:
        if entry.value not in there:
            raise _unknown(entry.value, tuple(there), entry.place)
    return tuple(folder / name for name in dict.fromkeys([one.value for one in order] + there))


def find(name_or_path: str) -> Path:
    """The folder of the shipped scenario of that name, or the folder or .toml file at that path.

    A shipped name comes first: write ``./two-domains`` for a folder of one's own. Raises
    ScenarioError where there is neither.
    """
    names = {folder.name: folder for folder in shipped()}
    if name_or_path in names:
        return names[name_or_path]
    path, place = Path(name_or_path), Place(name_or_path)
    if is_folder(path) or path.suffix == ".toml":
        return path
    if _is_there(path):
        raise place.mistake("scenario.not-a-scenario")
    if len(path.parts) > 1:
        raise place.mistake("scenario.missing-file")
    raise _unknown(name_or_path, tuple(names), place)


def entries(language: Language) -> tuple[Entry, ...]:
    """The whole library in that language, in the order in which it is learnt."""
    found = []
    for folder in shipped():
        scenario = load(folder)
        words = scenario.words[language]
        found.append(
            Entry(
                name=scenario.name,
                title=words.title,
                goal=words.goal,
                minutes=scenario.minutes,
                chapter=scenario.chapter,
            )
        )
    return tuple(found)


def check(path: Path) -> tuple[ScenarioError, ...]:
    """All mistakes in a scenario; a shipped one must have its words in every language too."""
    mistakes = mistakes_in(path)
    folder = path if is_folder(path) else path.parent
    if folder.resolve() not in (one.resolve() for one in shipped()):
        return mistakes
    return (*mistakes, *(_words_missing(folder)))


def _words_missing(folder: Path) -> tuple[ScenarioError, ...]:
    missing: list[ScenarioError] = []
    for language in LANGUAGES:
        unread = Mistakes()
        words = read_words(folder, language, unread)
        # Words that are there and wrong are among the scenario's own mistakes already.
        if not unread.found and (words is None or not words.goal):
            place = Place(str(folder / f"words.{language}.toml"))
            missing.append(place.mistake("scenario.words-missing"))
    return tuple(missing)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _unknown(name: str, known: tuple[str, ...], place: Place) -> ScenarioError:
    guess = nearest(name, known)
    if guess is None:
        return place.mistake("scenario.unknown-name")
    return place.mistake("scenario.misspelt-name", nearest=guess)
