"""A scenario as the TOML file that gives it back, its attachments beside it.

Everything is written that the loader would otherwise make up, so the file does not depend on what
it means where it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

import msgspec

from simulator.scenario.change_words import write_change
from simulator.scenario.crowds import crowd_of
from simulator.scenario.declarations import NOBODY
from simulator.scenario.defaults import media_type
from simulator.scenario.domain import MailExchanger, MailingList, Retry, SendingLimit
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.model import Attachment, Scenario
from simulator.scenario.secrecy import StsPolicy
from simulator.scenario.section import duration_text
from simulator.scenario.sending_limits import providers
from simulator.scenario.toml_text import Value, key_text, table_text
from simulator.scenario.typed import PROTOCOL_OF_PORT, Session

SUFFIX = ".toml"

Column: TypeAlias = tuple[str, str, Callable[[Any], Value]]
"""A key of the file, the field of the model that it is read into, and how that is written."""


def save(scenario: Scenario, path: Path, *, title: str, force: bool = False) -> None:
    """Write the file, and attachments into a folder beside it; ``title`` becomes a comment.

    With ``force`` a file of that name is overwritten. Raises ScenarioError where no file gives
    this scenario back, FileExistsError where there is a file of that name, and OSError where it
    cannot be written.
    """
    _check(scenario, path)
    with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
        file.write(f"# {' '.join(title.split())}\n\n{toml_of(scenario, path.stem)}")
    for number, mail in enumerate(scenario.mails, start=1):
        for one in mail.attachments:
            place = path.parent / _place(path.stem, number, one.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(one.octets)


def toml_of(scenario: Scenario, name: str) -> str:
    """The text of a scenario's file; a folder named after ``name`` has its attachments."""
    tables = ("\n".join(table_text(header, values)) for header, values in _tables(scenario, name))
    return "\n\n".join(tables) + "\n"


def check_sound(scenario: Scenario) -> None:
    """Raise ScenarioError where no file could ask for this: a recording's header may say anything.

    Attachments and sessions of no line are not looked at, nor changes: one that makes no sense
    there changes nothing. With answers of the real DNS, neither are sessions with its hosts.
    """
    sessions = tuple(one for one in scenario.sessions if one.lines and scenario.looked_up is None)
    asked = msgspec.structs.replace(scenario, looked_up=None, changes=(), sessions=sessions)
    asked = _without_attachments(asked)
    overrides = Overrides(names_are_real=scenario.looked_up is not None)
    read = loads(toml_of(asked, ""), file=scenario.name, folder=Path(), overrides=overrides)
    if scenario.looked_up is None and _renamed(read, scenario) != asked:
        raise Place(scenario.name).mistake("scenario.does-not-fit")


def _renamed(read: Scenario, scenario: Scenario) -> Scenario:
    return msgspec.structs.replace(read, name=scenario.name, words=scenario.words)


def _without_attachments(scenario: Scenario) -> Scenario:
    mails = (msgspec.structs.replace(mail, attachments=()) for mail in scenario.mails)
    return msgspec.structs.replace(scenario, mails=tuple(mails))


def _check(scenario: Scenario, path: Path) -> None:
    """Raise ScenarioError unless reading the file gives the same scenario, but for its name."""
    place = Place(str(path))
    if scenario.looked_up is not None:
        raise place.mistake("scenario.looked-up-is-not-written")
    files = [one for mail in scenario.mails for one in mail.attachments]
    bare = _without_attachments(scenario)
    try:
        read = loads(toml_of(bare, ""), file=str(path), folder=path.parent)
    except ScenarioError as mistake:
        raise place.mistake("scenario.not-written") from mistake
    if _renamed(read, scenario) != bare or not all(map(_can_lie_beside, files)):
        raise place.mistake("scenario.not-written")


def _can_lie_beside(attachment: Attachment) -> bool:
    """Whether its file is one in that folder, and is read as the same: a recording may say more."""
    name = attachment.name
    is_bare = PurePosixPath(name).name == PureWindowsPath(name).name == name
    can_be = is_bare and name not in {"", ".."} and name.isprintable()
    return can_be and attachment.media_type == media_type(name)


# Its tables --------------------------------------------------------------------------------------


def _tables(scenario: Scenario, name: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
    nobody = {} if scenario.pickups else {"pickup": NOBODY}
    yield "", {**_written(scenario, _SCENARIO), **nobody}
    for number, mail in enumerate(scenario.mails, start=1):
        attached = [_place(name, number, one.name) for one in mail.attachments]
        yield "[[mail]]", _written(mail, _MAIL) | ({"attach": attached} if attached else {})
    for domain in scenario.domains:
        yield f"[domains.{key_text(domain.name)}]", _written(domain, _DOMAIN)
    for pickup in scenario.pickups:
        yield "[[pickup]]", _written(pickup, _PICKUP)
    for change in scenario.changes:
        after = {} if change.after is None else {"after": change.after}
        yield "[[change]]", {**after, "do": write_change(change)}
    for interceptor in scenario.interceptors:
        yield "[[intercept]]", _written(interceptor, _INTERCEPT)
    for session in scenario.sessions:
        yield "[[session]]", _session(session)


def _written(value: msgspec.Struct, columns: tuple[Column, ...]) -> dict[str, Value]:
    """The keys of a table; a field that the model would fill in the same is left out."""
    fields = {field.name: field for field in msgspec.structs.fields(type(value))}
    found: dict[str, Value] = {}
    for key, name, write in columns:
        said, field = getattr(value, name), fields[name]
        if field.required or said != _default(field):
            found[key] = write(said)
    return found


def _default(field: msgspec.structs.FieldInfo) -> object:
    factory = field.default_factory
    return field.default if factory is msgspec.NODEFAULT else factory()


def _place(name: str, number: int, file: str) -> str:
    """Where an attachment of a mail lies: two mails may have files of one name."""
    return f"{name}.attached/{number}/{file}"


def _session(session: Session) -> dict[str, Value]:
    values = _written(session, _SESSION)
    if PROTOCOL_OF_PORT.get(session.port) == session.protocol:
        values.pop("protocol", None)
    elif "protocol" not in values:
        values["protocol"] = session.protocol
    return values


# Their keys --------------------------------------------------------------------------------------


def _same(value: Any) -> Value:
    return list(value) if isinstance(value, tuple) else value


def _people(addresses: tuple[str, ...]) -> Value:
    """One address, some, or a crowd that is counted."""
    crowd = crowd_of(addresses)
    if crowd is not None:
        return crowd
    return addresses[0] if len(addresses) == 1 else list(addresses)


def _fields(headers: tuple[tuple[str, str], ...]) -> Value:
    return [f"{name}: {value}" for name, value in headers]


def _exchangers(exchangers: tuple[MailExchanger, ...]) -> Value:
    return [f"{one.preference} {one.host}" for one in exchangers]


def _aliases(aliases: dict[str, tuple[str, ...]]) -> Value:
    return {name: list(targets) for name, targets in aliases.items()}


def _lists(lists: dict[str, MailingList]) -> Value:
    return {name: _written(one, _LIST) for name, one in lists.items()}


def _retry(retry: Retry) -> Value:
    return _written(retry, _RETRY)


def _limits(limits: tuple[SendingLimit, ...]) -> Value:
    """The provider that has these limits, or the limits themselves."""
    named = (name for name, provider in providers().items() if provider.limits == limits)
    return next(named, [_written(one, _LIMIT) for one in limits])


def _policy(policy: StsPolicy) -> Value:
    return {"mode": policy.mode, **_written(policy, _STS)}


def _segments(lines: tuple[str, ...]) -> Value:
    """Each segment, one of several lines as a list."""
    return [line.split("\r\n") if "\r\n" in line else line for line in lines]


def _the_same(*names: str) -> tuple[Column, ...]:
    """Keys that are named as their fields, and say the same."""
    return tuple((name, name, _same) for name in names)


def _times(**names: str) -> tuple[Column, ...]:
    """Keys that are durations, each with the name of its field."""
    return tuple((key.rstrip("_"), name, duration_text) for key, name in names.items())


_SCENARIO = (
    *_the_same("seed", "start"),
    *_times(latency="latency"),
    *_the_same("chapter", "minutes"),
)
_MAIL: tuple[Column, ...] = (
    ("from", "sender", _same),
    ("to", "to", _people),
    ("cc", "cc", _people),
    ("bcc", "bcc", _people),
    *_the_same("subject", "body"),
    *_times(at="at"),
    *_the_same("password", "eight_bit"),
    ("headers", "headers", _fields),
    *_the_same("header_from", "envelope_from", "envelope_to", "notify"),
    ("return", "returned", _same),
    ("envelope_id", "envelope_id", _same),
)
_DOMAIN: tuple[Column, ...] = (
    *_the_same("users"),
    ("mx", "exchangers", _exchangers),
    *_the_same("submission", "mailbox", "submission_port", "auth", "starttls", "certificate"),
    *_the_same("relays", "tls", "delivery", "follows", "lacks", "exists"),
    *_the_same("size_limit", "recipient_limit", "longest_line", "hop_limit"),
    *_times(greylist="greylist"),
    *_the_same("quota", "quota_code"),
    ("aliases", "aliases", _aliases),
    ("lists", "lists", _lists),
    *_the_same("records", "dkim_selector", "checks_trust", "content_scan"),
    ("mta_sts", "mta_sts", _policy),
    *_the_same("checks_mta_sts"),
    ("retry", "retry", _retry),
    ("sending_limit", "sending_limits", _limits),
    *_the_same("playground", "helo_required", "defers_relaying", "refuses_early_talk"),
    *_the_same("bare_newline", "refuses_unknown_domains"),
)
_LIST = _the_same("members", "subject_prefix", "footer", "rewrite_from")
_RETRY = _times(shortest="shortest", longest="longest", lifetime="lifetime", warning="warning")
_LIMIT = (
    *_the_same("count", "unit", "window"),
    *_times(period="period"),
    *_the_same("per", "reply"),
)
_STS = (*_the_same("mx"), *_times(max_age="max_age"))
_PICKUP = (
    *_the_same("mailbox", "device", "protocol", "idle"),
    *_times(after="after"),
    *_the_same("keep"),
)
_INTERCEPT = (*_the_same("client", "server", "does", "host"), *_times(from_="start", until="end"))
_SESSION: tuple[Column, ...] = (
    *_the_same("client", "server", "port", "protocol", "tls"),
    *_times(at="at"),
    ("lines", "lines", _segments),
)
