"""A decision stands on the map in the viewer's language, and never as a key of the program."""

from __future__ import annotations

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.lessons.rules import JUDGED
from simulator.trace.event import Event, Judged
from tests.tui.theatre import Theatre, place_of, play

_TRUST = {"trust.spf", "trust.dkim", "trust.dmarc"}


def test_every_verdict_that_has_a_sentence_has_a_word_for_the_map() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        silent = [
            (rule, verdict)
            for rule, known in JUDGED.items()
            if rule not in _TRUST
            for verdict in known.verdicts
            if f"ui.verdict.{verdict}" not in words
        ]
        assert silent == []


def on_the_map(name: str, rule: str, verdict: str, language: Language) -> str:
    def decides(event: Event) -> bool:
        fact = event.fact
        return isinstance(fact, Judged) and (fact.rule, fact.verdict) == (rule, verdict)

    seen: list[str] = []

    async def look(theatre: Theatre) -> None:
        await theatre.seek(place_of(name, decides))
        seen.extend(theatre.rows()[:20])

    play(look, name, language=language)
    return "\n".join(seen)


def test_a_decision_is_told_in_the_language_of_the_viewer() -> None:
    assert " known " in on_the_map("two-domains", "recipient", "known", "en")
    assert " dikenal " in on_the_map("two-domains", "recipient", "known", "id")


def test_a_wait_is_told_as_a_wait_not_in_seconds() -> None:
    assert " 5 mnt " in on_the_map("greylisting", "queue.schedule", "300", "id")


def test_what_a_check_of_trust_found_is_told_in_the_words_of_its_header_field() -> None:
    assert " SPF fail " in on_the_map("spf-fail", "trust.spf", "fail", "id")


def test_a_host_that_was_chosen_is_named() -> None:
    assert " mx1.kantor" in on_the_map("two-domains", "route.mx", "mx1.kantor.example", "en")
