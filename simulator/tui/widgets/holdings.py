"""What lies where: every queue, every resolver's memory and every mailbox at this moment."""

from __future__ import annotations

from simulator.tui.moments import clock_text
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.text_view import Line, TextView, paragraph
from simulator.views.safe import safe

_TEXT_LIMIT = 200
_SHOWN = 40
"""Entries of one host that are listed; of the rest, how many they are."""


class HoldingsView(TextView):
    """Mail first, since it is what the story is about; what resolvers remember comes last."""

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """One block for each host that holds something."""
        blocks = [*_mailboxes(stage), *_queues(stage), *_caches(stage)]
        back = palette.background
        plain = ink(palette.text, back)
        if not blocks:
            return paragraph(stage.say("holdings.none"), ink(palette.dim, back), width)
        lines: list[Line] = []
        for head, entries in blocks:
            if lines:
                lines.append(())
            lines += paragraph(head, ink(palette.accent, back, bold=True), width)
            for entry in entries[:_SHOWN]:
                lines += paragraph(safe(entry, limit=_TEXT_LIMIT), plain, width)
            if len(entries) > _SHOWN:
                more = stage.say("scroll_more", n=len(entries) - _SHOWN)
                lines.append(((more, ink(palette.dim, back)),))
        return lines


def _block(stage: Stage, kind: str, host: str, entries: list[str]) -> tuple[str, list[str]]:
    name = stage.name(stage.hosts.get(host), host)
    return stage.say(f"holdings.{kind}", host=name, n=len(entries)), entries


def _queues(stage: Stage) -> list[tuple[str, list[str]]]:
    blocks = []
    for host, queue in stage.scene.queues.items():
        entries = []
        for entry in queue.values():
            due = entry.next_attempt
            when = (
                stage.say("holdings.now")
                if due is None
                else stage.say("holdings.next", time=clock_text(due))
            )
            entries.append(f"{entry.queue_id} → {', '.join(entry.recipients)} ({when})")
        blocks.append(_block(stage, "queue", host, entries))
    return blocks


def _caches(stage: Stage) -> list[tuple[str, list[str]]]:
    blocks = []
    for host, cache in stage.scene.caches.items():
        entries = []
        for entry in cache.values():
            told = ", ".join(record.split(f" {entry.type} ")[-1] for record in entry.records)
            left = clock_text(max(0, entry.expires_at - stage.scene.at))
            entries.append(f"{entry.name} {entry.type} = {told or entry.rcode} ({left})")
        blocks.append(_block(stage, "cache", host, entries))
    return blocks


def _mailboxes(stage: Stage) -> list[tuple[str, list[str]]]:
    blocks = []
    for mailbox, mails in stage.scene.mailboxes.items():
        entries = []
        for mail in mails:
            where = "on_server" if mail.on_server else "fetched_away"
            entries.append(
                f"{mail.journey}: {stage.say(f'holdings.{mail.state}')}, "
                f"{stage.say(f'holdings.{where}')}"
            )
        blocks.append(_block(stage, "mailbox", mailbox, entries))
    return blocks
