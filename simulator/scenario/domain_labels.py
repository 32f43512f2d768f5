"""Domains with letters beyond ASCII: as people write them, and as the DNS has them (RFC 5890)."""

from __future__ import annotations

from simulator.scenario.errors import Place

_A_LABEL = "xn--"


def with_a_labels(name: str, place: Place) -> str:
    """The name in lower case, its U-labels as A-labels; a name in plain ASCII is left as it is.

    Raises ScenarioError for a label that the rules of IDNA 2008 do not allow (RFC 5891, and for
    capitals and wide letters the mapping of UTS 46).
    """
    if name.isascii() and _A_LABEL not in name.lower():
        return name
    import idna  # noqa: PLC0415 - its tables are large, and few scenarios need them

    try:
        plain = idna.uts46_remap(name, std3_rules=True)
    except idna.IDNAError:
        raise place.mistake("scenario.label", label=name) from None
    labels: list[str] = []
    for label in plain.split("."):
        if label.isascii() and not label.startswith(_A_LABEL):
            labels.append(label)
            continue
        try:
            labels.append(idna.alabel(label).decode("ascii"))
        except idna.IDNAError:
            raise place.mistake("scenario.label", label=label) from None
    return ".".join(labels)


def u_labels(name: str) -> str:
    """A name as people write it: its A-labels as U-labels, where they are sound ones."""
    if _A_LABEL not in name:
        return name
    import idna  # noqa: PLC0415 - as above

    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name
