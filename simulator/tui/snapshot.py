"""A picture of the screen at a moment, as SVG: the real screen, drawn without a terminal."""

from __future__ import annotations

import asyncio
import re

from simulator.tui.app import SmtpFlowApp
from simulator.tui.opened import Run
from simulator.tui.screens.player import PlayerScreen
from simulator.views.exports.order import Order
from simulator.views.safe import safe

_SIZE = (120, 40)
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""The picture would fetch its font from another place; any monospaced one will do."""


def svg(order: Order) -> bytes:
    """The screen after the last event of the order."""
    return asyncio.run(_drawn(order)).encode()


async def _drawn(order: Order) -> str:
    title = safe(order.title())
    app = SmtpFlowApp(
        run=Run(order.title(), order.hosts, list(order.events), margin=order.margin),
        language=order.language,
        depth=order.depth,
        words=order.scenario.words,
        clock=lambda: 0.0,
    )
    async with app.run_test(size=_SIZE) as pilot:
        await pilot.pause()
        screen = app.screen
        if isinstance(screen, PlayerScreen):
            screen.drive.seek(len(order.events))
            screen.show()
        await pilot.pause()
        return _FONTS.sub("", app.export_screenshot(title=title, simplify=True))
