"""The mail as one host holds it now: its envelope, the header fields this host wrote, the rest."""

from __future__ import annotations

from simulator.trace.scene import Copy
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.text_view import Line, TextView, paragraph
from simulator.views.safe import safe, safe_lines

_TEXT_LIMIT = 300
_LINES_LIMIT = 400
_OCTETS_LIMIT = 64_000
_NEW = "+ "


def held_copy(stage: Stage) -> tuple[str, Copy] | None:
    """Whose copy is shown: the actor's, the listener's, or that of whoever is answerable."""
    event = stage.event
    if event is None:
        return None
    copies = stage.scene.copies
    actors = [host.name for host in (stage.speaker, stage.listener) if host is not None]
    custody = [
        host for (journey, _), host in stage.scene.custody.items() if journey == event.journey
    ]
    for name in (*actors, *custody):
        copy = copies.get((name, event.journey))
        if copy is not None:
            return name, copy
    return None


class LetterView(TextView):
    """Envelope above, message below: the two that learners confuse most."""

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """The envelope, then the message line by line, new header fields marked."""
        back = palette.background
        plain, dim = ink(palette.text, back), ink(palette.dim, back)
        accent = ink(palette.accent, back, bold=True)
        held = held_copy(stage)
        if held is None:
            return paragraph(stage.say("letter.none"), dim, width)
        _, copy = held
        path = copy.reverse_path
        sender = stage.say("letter.empty_path") if path in {"", "<>"} else f"<{path.strip('<>')}>"
        envelope = [
            (stage.say("letter.from"), sender),
            *((stage.say("letter.to"), f"<{one.strip('<>')}>") for one in copy.forward_paths),
        ]
        lines: list[Line] = []
        for head, text in envelope:
            shown = safe(text, limit=_TEXT_LIMIT)
            lines += paragraph(shown, plain, width, head=f"{head}:", bold=accent)
        size = stage.say("letter.octets", n=stage.words.number(len(copy.octets)))
        lines += [((size, dim),), ()]
        lines += _message(copy, palette, width, stage.say("letter.new"))
        return lines


def _message(copy: Copy, palette: Palette, width: int, new: str) -> list[Line]:
    back = palette.background
    plain, dim = ink(palette.text, back), ink(palette.dim, back)
    name_style, fresh = ink(palette.client, back, bold=True), ink(palette.ok, back, bold=True)
    added = {name.lower() for name, _ in copy.added}
    text = copy.octets[:_OCTETS_LIMIT].decode("utf-8", errors="replace")
    lines: list[Line] = []
    is_header = True
    left = sum(1 for _ in copy.added)
    for line in safe_lines(text, limit=_TEXT_LIMIT)[:_LINES_LIMIT]:
        if not line:
            is_header = False
            lines.append(())
            continue
        name, colon, value = line.partition(":")
        if is_header and colon and not line.startswith(" "):
            is_new = left > 0 and name.lower() in added
            left -= is_new
            head = f"{_NEW if is_new else ''}{name}:"
            style = fresh if is_new else name_style
            lines += paragraph(value.strip(), plain, width, head=head, bold=style)
        else:
            lines += paragraph(line, plain, width)
    if copy.added:
        lines.append((("+ = " + new, dim),))
    return lines
