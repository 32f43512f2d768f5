"""--dns real: asks the real DNS before the run, says so first, and shows each answer.

What it says goes to standard error; the run itself is simulated as ever, and no mail server is
ever called.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from simulator.commands import opening
from simulator.commands.opening import CommandError
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.scenario.loader import Overrides
from simulator.scenario.looked_up import known_selectors, real_domains, with_looked_up
from simulator.scenario.looking_up import Announced, Told, troubles_of
from simulator.scenario.model import Scenario
from simulator.scenario.real_answers import LookedUp
from simulator.views.real_dns import lines_about, trouble_text

if TYPE_CHECKING:
    from simulator.dns.look_up import Asker, Tell


def scenario_of(
    name: str, language: Language, arguments: Namespace, overrides: Overrides | None = None
) -> Scenario:
    """The scenario, with what the real DNS said of its domains where ``--dns real`` is given.

    Raises CommandError where it cannot be opened, or where the DNS does not help and the user
    does not want to go on without it.
    """
    if arguments.dns != "real":
        _check_alone(arguments, language)
        return opening.scenario_of(name, language, overrides)
    wanted = msgspec.structs.replace(overrides or Overrides(), names_are_real=True)
    scenario = opening.scenario_of(name, language, wanted)
    words = catalogue(language)
    return _asked(scenario, arguments, words) or scenario


def check_not_wanted(
    arguments: Namespace, language: Language, why_not: str = "real.recording"
) -> None:
    """Raise CommandError where the real DNS is wanted and cannot be: for a recording, which has
    its answers, or for no scenario at all."""
    _check_alone(arguments, language)
    if arguments.dns == "real":
        raise CommandError(catalogue(language).say(why_not))


@dataclass(frozen=True, slots=True)
class Consultation:
    """The real DNS, about to be asked for one scenario."""

    scenario: Scenario
    words: Catalogue
    nameserver: str | None = None
    trace: bool = False

    @property
    def announcement(self) -> tuple[str, ...]:
        """What will be asked of whom, in lines that are safe to show. Raises CommandError."""
        from simulator.dns.wanted import first_questions  # noqa: PLC0415 - dnspython

        questions = first_questions(real_domains(self.scenario), known_selectors(self.scenario))
        servers = self._asker(_tell_nobody).servers
        return tuple(lines_about(Announced(questions, servers, is_first=True), self.words))

    def look_up(self, tell: Callable[[str], None]) -> LookedUp:
        """Ask, in as much time as it takes; ``tell`` hears each line. Raises CommandError."""
        import asyncio  # noqa: PLC0415 - a run with the simulated DNS alone needs neither

        from simulator.dns.look_up import look_up  # noqa: PLC0415

        def tell_lines(told: Told) -> None:
            for line in lines_about(told, self.words):
                tell(line)

        domains, selectors = real_domains(self.scenario), known_selectors(self.scenario)
        asker = self._asker(tell_lines)
        return asyncio.run(look_up(domains, asker, tell_lines, selectors=selectors))

    def ask(self, tell: Callable[[str], None]) -> Scenario:
        """The scenario as the real DNS has it; what the screen calls.

        Raises ValueError with the one sentence that says why not.
        """
        looked_up = self.look_up(tell)
        for trouble in troubles_of(looked_up):
            raise ValueError(trouble_text(trouble, self.words))
        return with_looked_up(self.scenario, looked_up)

    def _asker(self, tell: Tell) -> Asker:
        """Whoever puts the questions: a resolver, or a walk from the root."""
        from simulator.dns import root_walk, stub_resolver  # noqa: PLC0415

        try:
            text = self.nameserver
            named = None if text is None else stub_resolver.parse_nameserver(text)
        except stub_resolver.NameserverError as mistake:
            raise CommandError(self.words.say("real.nameserver", value=mistake)) from mistake
        if self.trace:
            return root_walk.RootWalk(tell, named)
        try:
            return stub_resolver.StubResolver(named)
        except stub_resolver.NoResolverError as missing:
            raise CommandError(self.words.say("real.no-resolver")) from missing


def consultation(scenario: Scenario, language: Language) -> Consultation:
    """For the screen: this machine's resolver, about to be asked. Raises ValueError."""
    made = Consultation(scenario, catalogue(language))
    made.announcement  # noqa: B018 - says now that there is nobody to ask
    return made


def _tell_nobody(_told: Told) -> None:
    """Nothing is asked yet."""


def _asked(scenario: Scenario, arguments: Namespace, words: Catalogue) -> Scenario | None:
    """The scenario as the real DNS has it; None where one goes on with the simulated DNS."""

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    looked_up = Consultation(scenario, words, arguments.nameserver, arguments.trace).look_up(tell)
    troubles = [trouble_text(trouble, words) for trouble in troubles_of(looked_up)]
    if not troubles:
        sys.stderr.write(f"{words.say('real.done')}\n\n")
        return with_looked_up(scenario, looked_up)
    for sentence in troubles[1:]:
        sys.stderr.write(f"{sentence}\n")
    _go_on_simulated(words, troubles[0])
    return None


def _go_on_simulated(words: Catalogue, trouble: str) -> None:
    """Ask whether to go on without the real DNS; raises CommandError where nobody says yes."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        sys.stderr.write(f"{trouble}\n{words.say('real.ask')} ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() in words.say("real.yes").split():
            return
    raise CommandError(words.say("real.go-on", trouble=trouble))


def _check_alone(arguments: Namespace, language: Language) -> None:
    """``--nameserver`` and ``--trace`` say how the real DNS is asked, and nothing else."""
    if arguments.dns == "real":
        return
    for name in ("nameserver", "trace"):
        if getattr(arguments, name):
            raise CommandError(catalogue(language).say("real.needs-dns", option=f"--{name}"))
