"""Which questions the real DNS is asked for the sake of some mail domains, wave by wave.

The first wave is known before anything is sent; each further one follows from the answers to
the one before: addresses of mail exchangers, and what SPF and DMARC refer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from simulator.scenario.looking_up import Question
from simulator.scenario.real_answers import (
    MOST_EXCHANGERS,
    RealAnswer,
    answer_to,
    exchangers_in,
    spf_target,
    spf_terms,
    texts_in,
)

_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_LONGEST_NAME = 253  # RFC 1035 section 3.1, in dots
_MOST_SPF_TERMS = 10  # RFC 7208 section 4.6.4


def first_questions(
    domains: Iterable[str], selectors: Iterable[tuple[str, str]] = ()
) -> tuple[Question, ...]:
    """What is asked in any case; ``selectors`` are the domains and names of known DKIM keys."""
    domains = tuple(domains)
    return (
        *((domain, "MX") for domain in domains),
        *((domain, rdtype) for domain in domains for rdtype in ("A", "AAAA", "TXT")),
        *((f"_dmarc.{domain}", "TXT") for domain in domains),
        *((f"{selector}._domainkey.{domain}", "TXT") for domain, selector in selectors),
    )


def next_questions(domains: Iterable[str], answers: Sequence[RealAnswer]) -> tuple[Question, ...]:
    """What is to be asked further, now that these answers are there."""
    asked = {(answer.name, answer.type) for answer in answers}
    wanted: dict[Question, None] = {}
    for domain in domains:
        wanted |= dict.fromkeys(_of_exchangers(domain, answers))
        wanted |= dict.fromkeys(_of_spf(domain, answers))
        wanted |= dict.fromkeys(_of_dmarc(domain, answers))
    return tuple(
        (name, rdtype)
        for name, rdtype in wanted
        if (name, rdtype) not in asked and _can_be_asked(name)
    )


def _can_be_asked(name: str) -> bool:
    """Whether a name is one that an honest record would have: no sign that needs an escape."""
    return len(name) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, name.split(".")))


def _of_exchangers(domain: str, answers: Iterable[RealAnswer]) -> Iterator[Question]:
    for _, host in exchangers_in(answer_to(domain, "MX", answers))[:MOST_EXCHANGERS]:
        if host != ".":
            yield from ((host, "A"), (host, "AAAA"))


def _of_spf(domain: str, answers: Sequence[RealAnswer]) -> Iterator[Question]:
    """What the SPF record refers to, and what that refers to in turn (RFC 7208 section 5)."""
    left, seen = [domain], {domain}
    terms_that_ask = 0
    while left:
        for term in spf_terms(left.pop(0), answers):
            mechanism, target = spf_target(term)
            if not target or terms_that_ask >= _MOST_SPF_TERMS:
                continue
            terms_that_ask += 1
            if mechanism in {"include", "redirect"}:
                yield target, "TXT"
                if target not in seen:
                    seen.add(target)
                    left.append(target)
            elif mechanism == "a":
                yield from ((target, "A"), (target, "AAAA"))
            else:
                yield target, "MX"
                yield from _of_exchangers(target, answers)


def _of_dmarc(domain: str, answers: Sequence[RealAnswer]) -> Iterator[Question]:
    """The way up to the Organizational Domain, where the domain has no record of its own.

    RFC 9989 section 4.10; the top-level domain itself is left alone.
    """
    name = domain
    while "." in name:
        yield f"_dmarc.{name}", "TXT"
        answer = answer_to(f"_dmarc.{name}", "TXT", answers)
        if answer is None or any(text.startswith("v=DMARC1") for text in texts_in(answer)):
            return
        name = name.partition(".")[2]
