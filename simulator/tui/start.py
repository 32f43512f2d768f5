"""Starts the program on a terminal, with one run or with the library, and waits for its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from simulator.lessons.language import Language
from simulator.scenario.model import Scenario, Words
from simulator.trace.position import Podium, Source
from simulator.trace.steps import Depth
from simulator.tui.app import SmtpFlowApp
from simulator.tui.entry import LibraryEntry
from simulator.tui.looks import looks_of
from simulator.tui.lost_terminal import HUNG_UP, watch
from simulator.tui.opened import Run
from simulator.tui.progress import Progress
from simulator.tui.screens.real_dns import Consult


def run_player(
    run: Run,
    *,
    language: Language = "en",
    speed: float = 1.0,
    depth: Depth = "commands",
    words: Mapping[str, Words] | None = None,
    scenario: str = "",
    present: Callable[[Source], Podium] | None = None,
    simulate: Callable[[Scenario], Run] | None = None,
    consult: Consult | None = None,
    theme: str | None = None,
    is_ascii: bool = False,
) -> int:
    """Show one run until the viewer leaves. The exit status: 0, or 1 where the screen failed.

    Raises what the making of the events raised, once the viewer has left. The run's events are a
    list, or an iterator that is consumed in a thread while the first events are seen already.
    ``words`` are the scenario's own, so that its title changes with the language. ``present``
    gives the podium of a run where it is shown to a class, ``simulate`` a branch. ``scenario`` is
    its name in the library, where it is from there: seen to its end, it is noted. With ``consult``
    and ``simulate`` the real DNS can be asked for a scenario. ``theme`` is a palette's name without
    its prefix; with ``is_ascii`` no other sign is drawn.
    """
    app = SmtpFlowApp(
        run=run,
        language=language,
        speed=speed,
        depth=depth,
        words=words,
        present=present,
        scenario=scenario,
        progress=Progress.of_the_user(),
        simulate=simulate,
        consult=consult,
    )
    return _shown(app, theme, is_ascii=is_ascii)


def run_library(
    entries: Sequence[LibraryEntry],
    open_: Callable[[str], Run],
    simulate: Callable[[Scenario], Run],
    check: Callable[[str, Language], str],
    *,
    language: Language = "en",
    speed: float = 1.0,
    depth: Depth = "commands",
    present: Callable[[Source], Podium] | None = None,
    consult: Consult | None = None,
    theme: str | None = None,
    is_ascii: bool = False,
) -> int:
    """Show the library; ``open_`` gives the run of an entry's name, and may raise ValueError.

    It is called in a thread. ``simulate`` gives the run of a scenario that was composed on the
    screen; ``check`` says what is wrong with the path of a file, or nothing. The exit status is
    that of ``run_player``.
    """
    app = SmtpFlowApp(
        entries=entries,
        open_=open_,
        simulate=simulate,
        check=check,
        progress=Progress.of_the_user(),
        language=language,
        speed=speed,
        depth=depth,
        present=present,
        consult=consult,
    )
    return _shown(app, theme, is_ascii=is_ascii)


def _shown(app: SmtpFlowApp, theme: str | None, *, is_ascii: bool) -> int:
    app.dress(
        looks_of(
            theme=theme,
            is_ascii=is_ascii,
            environ=os.environ,
            encoding=getattr(sys.__stderr__, "encoding", None),  # where Textual draws
            color_system=app.console.color_system,
        )
    )
    if sys.__stdin__ is not None:
        leave = partial(app.call_from_thread, app.exit, None, HUNG_UP)
        watch(sys.__stdin__.fileno(), leave)
    app.run()
    if app.broke_off is not None:
        raise app.broke_off
    return app.return_code or 0
