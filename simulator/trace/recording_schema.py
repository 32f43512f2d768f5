"""The JSON Schema of a recording's lines, made from the types that read them.

``python -m simulator.trace.recording_schema`` prints it, as it stands in ``docs``.
"""

from __future__ import annotations

import sys
from typing import Any, get_args

import msgspec

from simulator.trace.event import Fact
from simulator.trace.recording_format import Header, Line

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema: a line is the header, or an event of one of the kinds, or of an unknown one."""
    _, parts = msgspec.json.schema_components(
        [Header, Line, *get_args(Fact)], ref_template="#/$defs/{name}"
    )
    line = parts.pop("Line")
    kinds = [str(fact.__struct_config__.tag) for fact in get_args(Fact)]
    for fact in get_args(Fact):
        own = parts[fact.__name__]
        own["properties"] = {**_where_and_when(line), **own["properties"]}
        own["required"] = [*(name for name in line["required"] if name != "kind"), *own["required"]]
    parts["UnknownKind"] = {
        **line,
        "title": "UnknownKind",
        "description": "An event of a later version, which a reader skips with a warning.",
        "properties": {**line["properties"], "kind": {"type": "string", "not": {"enum": kinds}}},
    }
    events = [*(fact.__name__ for fact in get_args(Fact)), "UnknownKind"]
    return {
        "$schema": _DIALECT,
        "title": "A line of an smtpflow recording",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("Header", *events)],
        "$defs": dict(sorted(parts.items())),
    }


def _where_and_when(line: dict[str, Any]) -> dict[str, Any]:
    return {name: of for name, of in line["properties"].items() if name != "kind"}


def text() -> str:
    """The schema as it stands in a file."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode("utf-8") + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
