"""A scenario as somebody fills in its form: its fields, its file, what is wrong in each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import loads, mistakes_in_text
from simulator.scenario.model import Scenario
from simulator.scenario.toml_text import quoted

Table: TypeAlias = Literal["mail", "sender", "recipient", "pickup"]
"""Which table of the file a field belongs to: that of a mail, of one of the two domains, or of the
pick-up."""

Kind: TypeAlias = Literal["text", "texts", "number", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form, and the key that it becomes.

    ``choices`` are what a ``choice`` may be, the first of them meaning that the key is left out.
    A ``flag`` is ``yes`` or empty.
    """

    name: str
    key: str
    table: Table
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("from", "from", "mail"),
    Field("to", "to", "mail", "texts"),
    Field("cc", "cc", "mail", "texts"),
    Field("bcc", "bcc", "mail", "texts"),
    Field("subject", "subject", "mail"),
    Field("body", "body", "mail"),
    Field("relays", "relays", "sender", "texts"),
    Field("tls", "tls", "sender", "choice", ("none", "may")),
    Field("mx", "mx", "recipient", "texts"),
    Field("greylist", "greylist", "recipient"),
    Field("size_limit", "size_limit", "recipient", "number"),
    Field("quota", "quota", "recipient", "number"),
    Field("checks_trust", "checks_trust", "recipient", "flag"),
    Field("protocol", "protocol", "pickup", "choice", ("pop3", "imap")),
    Field("after", "after", "pickup"),
    Field("keep", "keep", "pickup", "flag"),
)
"""Every field, in the order of the form."""

FIRST = {"from": "ani@kampus.example", "to": "citra@kantor.example", "subject": "Rapat Senin"}
"""What the form begins with: the smallest scenario there is."""

_NAMES = frozenset(field.name for field in FIELDS)


@dataclass(frozen=True, slots=True)
class Draft:
    """The TOML text that a form makes, and for each of its lines the field that it comes from."""

    text: str
    fields: tuple[str, ...]

    def field_of(self, mistake: ScenarioError) -> str:
        """The field that a mistake is about; the first one where it is about none."""
        if mistake.rule == "scenario.missing-key" and mistake.values["key"] in _NAMES:
            return mistake.values["key"]
        if mistake.line is None:
            return FIELDS[0].name
        return self.fields[min(mistake.line, len(self.fields)) - 1]


def draft_of(values: Mapping[str, str]) -> Draft:
    """The file that a filled-in form makes; an empty field is a key left out."""
    mailbox = _first_recipient(values)
    blocks = [_block("[mail]", ("mail",), values, "from")]
    domains = _domains(values)
    if any(_written(tables, values) for tables in domains.values()):
        # Where a file names one domain, it names them all: another would be a spelling mistake.
        blocks += [
            _block(f"[domains.{quoted(name)}]", tables, values, "to")
            for name, tables in domains.items()
        ]
    if mailbox and _written(("pickup",), values):
        header, *keys = _block("[[pickup]]", ("pickup",), values, "protocol")
        blocks.append([header, (f"mailbox = {quoted(mailbox)}", "to"), *keys])
    lines = [line for block in blocks for line in (("", "from"), *block)][1:]
    return Draft("".join(f"{line}\n" for line, _ in lines), tuple(field for _, field in lines))


def mistakes_in_draft(draft: Draft, folder: Path) -> dict[str, ScenarioError]:
    """By field, the first thing that is wrong in it."""
    found: dict[str, ScenarioError] = {}
    for mistake in mistakes_in_text(draft.text, file="scenario.toml", folder=folder):
        found.setdefault(draft.field_of(mistake), mistake)
    return found


def scenario_of_draft(draft: Draft, *, file: str, folder: Path) -> Scenario:
    """The scenario that a form makes. Raises ScenarioError for its first mistake."""
    return loads(draft.text, file=file, folder=folder)


def _block(
    header: str, tables: tuple[Table, ...], values: Mapping[str, str], about: str
) -> list[tuple[str, str]]:
    """A table of the file: each line with its field, the header's being ``about``."""
    fields = _written(tables, values)
    keys = ((f"{field.key} = {_value(field, values)}", field.name) for field in fields)
    return [(header, about), *keys]


def _written(tables: tuple[Table, ...], values: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of some tables that hold something."""
    return tuple(field for field in FIELDS if field.table in tables and _is_given(field, values))


def _domains(values: Mapping[str, str]) -> dict[str, tuple[Table, ...]]:
    """Every domain of the mail's addresses, and the fields that are about it."""
    sender, recipient = _domain(values.get("from", "")), _domain(_first_recipient(values))
    others = (_domain(one) for name in ("to", "cc", "bcc") for one in _parts(values.get(name, "")))
    sides: tuple[tuple[Table, str], ...] = (("sender", sender), ("recipient", recipient))
    names = filter(None, dict.fromkeys((sender, recipient, *others)))
    return {name: tuple(side for side, its in sides if its == name) for name in names}


def _is_given(field: Field, values: Mapping[str, str]) -> bool:
    value = values.get(field.name, "").strip()
    return bool(value) and not (field.choices and value == field.choices[0])


def _value(field: Field, values: Mapping[str, str]) -> str:
    value = values[field.name]
    match field.kind:
        case "flag":
            return "true"
        case "texts":
            return f"[{', '.join(quoted(one) for one in _parts(value))}]"
        case "number" if value.strip().isdecimal() and value.isascii():
            return str(int(value))
        case "text" if field.name in {"subject", "body"}:
            return quoted(value)
        case _:
            return quoted(value.strip())


def _parts(value: str) -> list[str]:
    """What is separated by commas, each without the spaces around it."""
    return [part.strip() for part in value.split(",") if part.strip()]


def _first_recipient(values: Mapping[str, str]) -> str:
    return next(iter(_parts(values.get("to", ""))), "")


def _domain(address: str) -> str:
    return address.strip().rpartition("@")[2].lower() if "@" in address else ""
