"""Reads a scenario: from a folder or a TOML file, with its words, its defaults and its errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from simulator.scenario.consistency import check_addresses, check_hosts, check_mailboxes
from simulator.scenario.crowds import with_towns
from simulator.scenario.declarations import read_domains, read_pickups, tables
from simulator.scenario.defaults import (
    domains_of,
    mailboxes_of,
    pickups_of,
    with_given,
    words_from,
)
from simulator.scenario.document import Document, is_folder, parse_document, read_document
from simulator.scenario.domain import Domain
from simulator.scenario.errors import LANGUAGES, Language, Mistakes, Place, ScenarioError
from simulator.scenario.happenings import Happenings
from simulator.scenario.keys import KEYS
from simulator.scenario.mails import Overrides, WrittenMail, read_mail
from simulator.scenario.model import Mail, PickUp, Scenario, Words
from simulator.scenario.section import Section, Written, written

__all__ = [
    "SCENARIO_FILE",
    "Overrides",
    "load",
    "loads",
    "mistakes_in",
    "mistakes_in_text",
    "read_words",
]

SCENARIO_FILE = "scenario.toml"
"""What a folder's scenario is called."""

_MOST_MAILS = 1000
_MOST_RECIPIENTS_IN_ALL = 20_000
"""Entries of the address lists of all mails together: each is parsed, and that takes its time."""

_LARGEST_SEED = 2**63 - 1
_YEARS = range(1970, 2200)
_CHAPTER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def load(path: Path, overrides: Overrides | None = None) -> Scenario:
    """Read the scenario in that folder or TOML file, with what the command line replaces.

    Raises ScenarioError for its first mistake, by line.
    """
    file = path / SCENARIO_FILE if is_folder(path) else path
    return _one_or_raise(_Reading(_document(path), file.parent, overrides))


def loads(text: str, *, file: str, folder: Path, overrides: Overrides | None = None) -> Scenario:
    """Read a scenario from TOML text; ``file`` names it in errors, ``folder`` has its attachments.

    Raises ScenarioError for its first mistake, by line.
    """
    return _one_or_raise(_Reading(parse_document(text, file), folder, overrides))


def mistakes_in(path: Path) -> tuple[ScenarioError, ...]:
    """All mistakes in the scenario in that folder or TOML file, by line; none where it is sound."""
    try:
        document = _document(path)
    except ScenarioError as fatal:
        return (fatal,)
    return _mistakes(document, Path(document.file).parent)


def mistakes_in_text(text: str, *, file: str, folder: Path) -> tuple[ScenarioError, ...]:
    """All mistakes in TOML text, as ``loads`` reads it, by line; none where it is sound."""
    try:
        document = parse_document(text, file)
    except ScenarioError as fatal:
        return (fatal,)
    return _mistakes(document, folder)


def _mistakes(document: Document, folder: Path) -> tuple[ScenarioError, ...]:
    reading = _Reading(document, folder, None)
    reading.scenario()
    return reading.mistakes.in_order(document.file)


def read_words(folder: Path, language: Language, mistakes: Mistakes) -> Words | None:
    """A scenario's words in that language; None where the folder has no such file."""
    try:
        document = read_document(folder / f"words.{language}.toml")
    except ScenarioError as mistake:
        if mistake.rule != "scenario.missing-file":
            mistakes.add(mistake)
        return None
    section = Section("words", document.values, (), document, mistakes)
    section.require("title")
    title = section.line("title")
    goal = section.text("goal") or ""
    # A long goal may be written on several lines; where they break is up to the screen.
    return None if title is None else Words(title=title, goal=" ".join(goal.split()))


def _document(path: Path) -> Document:
    """The TOML file at that path, or in the folder at that path."""
    if not is_folder(path):
        return read_document(path)
    try:
        return read_document(path / SCENARIO_FILE)
    except ScenarioError as mistake:
        if mistake.rule == "scenario.missing-file":
            raise Place(str(path)).mistake("scenario.empty-folder") from None
        raise


def _one_or_raise(reading: _Reading) -> Scenario:
    scenario = reading.scenario()
    if scenario is None:
        raise reading.mistakes.in_order(reading.file)[0]
    return scenario


class _Reading:
    """One scenario being read; ``mistakes`` grows as it goes."""

    def __init__(self, document: Document, folder: Path, overrides: Overrides | None) -> None:
        self.file = document.file
        self.mistakes = Mistakes()
        self._folder = folder
        self._overrides = overrides or Overrides()
        self._top = Section("top", document.values, (), document, self.mistakes)

    def scenario(self) -> Scenario | None:
        """The scenario, or None where there are mistakes."""
        top_mistakes = len(self.mistakes.found)
        written_mails = self._mails()
        readable = read_domains(self._top)
        crowd = [one for mail in written_mails for one in mail.counted]
        declared = with_towns(readable or (), crowd)
        pickups: Sequence[Written[PickUp]] | None = read_pickups(self._top)
        happenings = Happenings(self._top)
        if readable is not None and all(mail.sender for mail in written_mails):
            # Otherwise nobody knows which domains there are, and a mistake would look like two.
            check_addresses(
                written_mails,
                declared,
                self.mistakes,
                names_are_real=self._overrides.names_are_real,
            )
        mails = tuple(mail for mail in map(WrittenMail.mail, written_mails) if mail is not None)
        domains = domains_of(mails, declared, everyone=self._overrides.names_are_real)
        self._crowd = frozenset[str]().union(*(mail.crowd for mail in written_mails))
        if len(self.mistakes.found) == top_mistakes:
            # Only sound mails and domains say which mailboxes there are.
            pickups = self._existing(pickups, domains)
        scenario = happenings.placed(self._assemble(mails, domains, pickups))
        if self.mistakes.found:
            return None
        check_hosts(scenario, declared, self.file, self.mistakes)
        if not self.mistakes.found:
            strict = not self._overrides.replaces_people
            scenario = happenings.fitted(scenario, self.mistakes, strict=strict)
        return None if self.mistakes.found else scenario

    def _assemble(
        self,
        mails: tuple[Mail, ...],
        domains: tuple[Domain, ...],
        pickups: Sequence[Written[PickUp]] | None,
    ) -> Scenario:
        chosen = [pickup.value for pickup in pickups or ()]
        name = _name(self.file, self._folder)
        scenario = Scenario(
            name=name,
            mails=mails,
            domains=domains,
            pickups=() if pickups is None else pickups_of(mails, domains, chosen, self._crowd),
            words=self._words(name),
        )
        return with_given(
            scenario,
            seed=self._seed(),
            start=self._start(),
            latency=self._top.duration("latency", "1 ms", "10 s"),
            chapter=self._chapter(),
            minutes=self._top.whole("minutes", 1, 600),
        )

    def _mails(self) -> tuple[WrittenMail, ...]:
        typed = bool(self._top.values.get("session"))
        if not typed and (self._top.lacks("mail") or self._top.values.get("mail") == []):
            self.mistakes.add(self._top.place("mail").mistake("scenario.missing-mail"))
        found: list[WrittenMail] = []
        recipients = 0
        for path, values in tables(self._top, "mail"):
            section = Section("mail", values, path, self._top.document, self.mistakes)
            mail = read_mail(section, self._folder, Overrides() if found else self._overrides)
            found.append(mail)
            recipients += len(mail.addresses)
            if self._too_many("mail", len(found), _MOST_MAILS, section.place()):
                break
            if self._too_many("to", recipients, _MOST_RECIPIENTS_IN_ALL, section.place("to")):
                break
        if typed and not found:
            for option in self._overrides.of_the_mail[:1]:
                self.mistakes.add(Place(option).mistake("scenario.no-mail-to-replace"))
        return tuple(found)

    def _too_many(self, key: str, count: int, limit: int, place: Place) -> bool:
        if count > limit:
            values = {"key": key, "count": str(count), "limit": str(limit)}
            self.mistakes.add(place.mistake("scenario.too-many", **values))
        return count > limit

    def _existing(
        self, pickups: Sequence[Written[PickUp]] | None, domains: Sequence[Domain]
    ) -> Sequence[Written[PickUp]] | None:
        """The pick-ups of mailboxes that exist; another one is a mistake.

        But where the command line changed who writes to whom, the file cannot know.
        """
        if pickups is None:
            return None
        if not self._overrides.replaces_people:
            check_mailboxes(pickups, domains, self.mistakes)
        known = mailboxes_of(domains)
        return [pickup for pickup in pickups if pickup.value.mailbox in known]

    def _words(self, name: str) -> dict[str, Words]:
        """Words in every language; one without its file says what another says."""
        found = {one: read_words(self._folder, one, self.mistakes) for one in LANGUAGES}
        fallback = next((words for words in found.values() if words), words_from(name))
        return {language: words or fallback for language, words in found.items()}

    def _seed(self) -> int | None:
        seed = self._overrides.seed
        if seed is None:
            return self._top.whole("seed", 0, _LARGEST_SEED)
        if not 0 <= seed <= _LARGEST_SEED:
            self.mistakes.add(
                Place("--seed").mistake(
                    "scenario.out-of-range",
                    key="seed",
                    found=written(seed),
                    lowest="0",
                    highest=str(_LARGEST_SEED),
                )
            )
        return seed

    def _start(self) -> str | None:
        value = self._top.values.get("start")
        if value is None:
            return None
        moment = _moment(value)
        if moment is None:
            example = KEYS["top"]["start"].removeprefix("start = ")
            self._top.add("scenario.start", "start", found=written(value), example=example)
            return None
        return moment.isoformat()

    def _chapter(self) -> str | None:
        chapter = self._top.text("chapter")
        if chapter is not None and (not chapter or not _CHAPTER.issuperset(chapter)):
            self._top.wrong("chapter", chapter)
        return chapter


def _moment(value: object) -> datetime | None:
    """A day and a time with their zone, from TOML's own kind or from ISO 8601 text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.year not in _YEARS:
        return None
    # A Date field has the zone as hours and minutes (RFC 5322 section 3.3).
    offset = value.utcoffset()
    return None if offset is None or offset % timedelta(minutes=1) else value


def _name(file: str, folder: Path) -> str:
    """A scenario's own name: its folder's, or its file's where that is not scenario.toml."""
    path = PurePath(file)
    name = folder.resolve().name if path.name == SCENARIO_FILE else path.stem
    # A file system may hold octets that are no UTF-8; a recording may not.
    return name.encode("utf-8", "replace").decode("utf-8") or "scenario"
