"""Asking the real DNS on the screen: first what would be asked of whom, then the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import ClassVar, Protocol, TypeAlias

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Scenario
from simulator.views.safe import safe

_LISTENING = 0.05
"""Seconds between two looks at what was heard."""


class Consultation(Protocol):
    """The real DNS, about to be asked for one scenario."""

    @property
    def announcement(self) -> tuple[str, ...]:
        """What will be asked of whom, line by line, each safe to show."""

    def ask(self, tell: Callable[[str], None]) -> Scenario:
        """Ask; ``tell`` hears each line. It takes its time: call it in a thread.

        Gives the scenario as the real DNS has it. Raises ValueError with the one sentence that
        says why not.
        """


Consult: TypeAlias = Callable[[Scenario, Language], Consultation]
"""Makes ready to ask the real DNS for a scenario; raises ValueError where nobody can be asked."""


@dataclass(frozen=True, slots=True)
class _End:
    """The asking is over: what was found, or why nothing was."""

    found: Scenario | None
    trouble: str = ""


class RealDnsScreen(ModalScreen[Scenario | None]):
    """Nothing is sent before ``y``; then every answer is shown as it comes.

    Gives the scenario as the real DNS has it, or None where one goes on simulated.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "go", "go", show=False, priority=True),
        Binding("escape,n,t,q", "leave", "leave", show=False, priority=True),
    ]
    CSS = """
    RealDnsScreen { align: center middle; background: $background 60%; }
    RealDnsScreen > Vertical {
        width: 110; max-width: 96%; height: auto; max-height: 90%; padding: 0 1;
        background: $panel; border: round $accent;
    }
    RealDnsScreen #title { color: $accent; text-style: bold; }
    RealDnsScreen #said { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    RealDnsScreen #lines { height: auto; }
    RealDnsScreen #keys { color: $accent; height: auto; }
    """

    def __init__(self, consultation: Consultation, language: Language) -> None:
        super().__init__()
        self._consultation = consultation
        self._words = catalogue(language)
        self._lines = list(consultation.announcement)
        self._is_asking = False
        self._found: Scenario | None = None
        self._failed = False
        self._heard: SimpleQueue[str | _End] = SimpleQueue()
        self._was_left = Event()

    def compose(self) -> ComposeResult:
        """A title, what is said, and what one can do now."""
        with Vertical():
            yield Static(self._words.say("real.screen.title"), id="title", markup=False)
            with VerticalScroll(id="said"):
                yield Static(id="lines")
            yield Static(id="keys")

    def on_mount(self) -> None:
        """Say what would be asked, and from then on what is heard."""
        self.set_interval(_LISTENING, self._listen)
        self._show()

    def on_unmount(self) -> None:
        """Nobody looks any more: ask no further."""
        self._was_left.set()

    def action_go(self) -> None:
        """Ask; or, once there are answers, play with them."""
        if self._found is not None:
            self.dismiss(self._found)
        elif not self._is_asking and not self._failed:
            self._is_asking = True
            self._lines.clear()
            self._show()
            self.run_worker(self._ask, thread=True, group="network", exit_on_error=False)

    def action_leave(self) -> None:
        """Go on simulated; what is still being asked is no longer waited for."""
        self.dismiss(None)

    def _ask(self) -> None:
        """Runs in a thread of its own, so that the screen never waits for the network."""

        def tell(line: str) -> None:
            if self._was_left.is_set():
                raise ValueError(line)
            self._heard.put(line)

        try:
            self._heard.put(_End(self._consultation.ask(tell)))
        except ValueError as trouble:
            self._heard.put(_End(None, str(trouble)))

    def _listen(self) -> None:
        """Take in what the thread has heard since."""
        if self._heard.empty():
            return
        while not self._heard.empty():
            heard = self._heard.get()
            if isinstance(heard, _End):
                self._is_asking = False
                self._found, self._failed = heard.found, heard.found is None
                self._lines += ["", safe(heard.trouble)] if heard.trouble else []
            else:
                self._lines.append(heard)
        self._show()

    def _show(self) -> None:
        """Draw; the last line is in sight."""
        self.query_one("#lines", Static).update(Content("\n".join(self._lines)))
        self.query_one("#keys", Static).update(
            Content(self._words.say(f"real.screen.{self._state}"))
        )
        self.query_one("#said", VerticalScroll).scroll_end(animate=False)

    @property
    def _state(self) -> str:
        if self._is_asking:
            return "asking"
        if self._failed:
            return "failed"
        return "consent" if self._found is None else "found"


def offer(
    app: App[None],
    consult: Consult | None,
    scenario: Scenario | None,
    language: Language,
    go_on: Callable[[Scenario | None], None],
) -> None:
    """Show what the real DNS would be asked for a scenario, or say why it cannot be asked."""
    if consult is None or scenario is None:
        app.notify(catalogue(language).say("real.screen.nothing"), markup=False)
        return
    try:
        consultation = consult(scenario, language)
    except ValueError as problem:
        app.notify(safe(str(problem)), severity="error", markup=False)
        return
    app.push_screen(RealDnsScreen(consultation, language), go_on)
