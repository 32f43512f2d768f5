"""The published test-suite of RFC 7208 against our check: all 203 cases, none left out.

``rfc7208-tests.yml`` is release 2014.04 as pyspf 2.0.14 ships it; its licence lies beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.mail.authentication.inquiry import askable
from simulator.mail.authentication.spf import Claim, check
from tests.mail.authentication.zones import FAILS, NOW, Zones, now, quoted

_SUITE = Path(__file__).with_name("rfc7208-tests.yml")
_DEFAULT_EXPLANATION = "DEFAULT"
"""How the suite says: whatever the checker says where the domain does not explain."""


def _cases() -> Iterator[Any]:
    for section in yaml.safe_load_all(_SUITE.read_text("utf-8")):
        zones = _zones(section["zonedata"])
        for name, case in section["tests"].items():
            yield pytest.param(zones, case, id=f"{section['description']}-{name}")


def _zones(zonedata: dict[str, list[Any]]) -> dict[str, dict[str, list[str]]]:
    return {
        askable(str(name)) or str(name): _records(records) for name, records in zonedata.items()
    }


def _records(records: list[Any]) -> dict[str, list[str]]:
    """The suite's records; those of type SPF count as TXT unless TXT ones are given."""
    read: dict[str, list[str]] = {}
    pairs = [(rdtype, data) for one in records if one != "TIMEOUT" for rdtype, data in one.items()]
    has_text = any(rdtype == "TXT" for rdtype, _ in pairs)
    for rdtype, data in pairs:
        if data == "NONE" or (rdtype == "SPF" and has_text):
            continue
        read.setdefault("TXT" if rdtype == "SPF" else rdtype, []).append(_data(rdtype, data))
    if "TIMEOUT" in records:
        read[FAILS] = ["TIMEOUT"]
    return read


def _data(rdtype: str, data: Any) -> str:
    if rdtype in {"SPF", "TXT"}:
        strings = [data] if isinstance(data, str) else data
        return " ".join(quoted(string.encode()) for string in strings) or '""'
    if rdtype == "MX":
        return f"{data[0]} {data[1]}."
    return f"{data}." if rdtype in {"PTR", "CNAME"} else str(data)


@pytest.mark.parametrize(("zones", "case"), _cases())
def test_a_case_of_the_suite(zones: dict[str, dict[str, list[str]]], case: Any) -> None:
    claim = Claim(case["host"], case["helo"], case["mailfrom"])
    result = now(check(claim, Zones(zones).lookup, receiver="receiver.example", at=NOW))
    wanted = case["result"]
    assert result.verdict in ([wanted] if isinstance(wanted, str) else wanted)
    explanation = case.get("explanation", _DEFAULT_EXPLANATION)
    if explanation == _DEFAULT_EXPLANATION:
        return
    assert result.reason == explanation


def test_the_suite_is_complete() -> None:
    assert len(list(_cases())) == 203
