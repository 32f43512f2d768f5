"""The keys of the player: one table, from which bindings, help, footer and palette are made."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that can be done: its keys as Textual names them, and as people see them.

    ``word`` is the key of its words below ``ui.key``; ``number`` fills them in. ``footer`` is its
    rank in the footer (1 first), 0 where it is only in the help.
    """

    keys: str
    shown: str
    action: str
    word: str
    footer: int = 0
    footer_word: str = ""
    number: int = 0
    is_bound: bool = True
    """Whether it is bound here; what Textual binds by itself is only told in the help."""

    def binding(self) -> Binding:
        """The binding; with priority, so that no list eats the keys that move the story."""
        return Binding(self.keys, self.action, self.word, show=False, priority=True)


PLAYER_KEYS: tuple[Key, ...] = (
    Key("space", "space", "play", "play", 1),
    Key("right", "→", "forward", "forward", 2, "move"),
    Key("left", "←", "back", "back"),
    Key("right_square_bracket,shift+right", "]", "next_step", "next_step", 3, "step_move"),
    Key("left_square_bracket,shift+left", "[", "previous_step", "previous_step"),
    *(
        Key(str(step), str(step), f"goto_step({step})", "goto_step", 0, "", step)
        for step in range(1, 7)
    ),
    Key("home", "home", "first", "first"),
    Key("end", "end", "last", "last"),
    Key("plus,equals_sign", "+", "faster", "faster", 4, "speed"),
    Key("minus", "-", "slower", "slower"),
    Key("v", "v", "lens", "lens", 11),
    Key("full_stop", ".", "next_tab", "next_tab"),
    Key("comma", ",", "previous_tab", "previous_tab"),
    Key("p", "p", "pin", "pin"),
    Key("o", "o", "next_holder", "next_holder"),
    Key("s", "s", "story", "story", 12),
    Key("d", "d", "depth", "depth", 7, "detail"),
    Key("l", "l", "language", "language", 8),
    Key("t", "t", "theme", "theme", 10, "colours"),
    Key("m,f10", "m, F10", "maximise", "maximise", 9, "large"),
    Key("tab", "tab", "focus_next", "focus", is_bound=False),
    Key("ctrl+p", "ctrl+p", "app.command_palette", "palette", is_bound=False),
    Key("question_mark,f1", "? F1", "help", "help", 6),
    Key("escape", "esc", "leave", "leave"),
    Key("q", "q", "quit", "quit", 5),
)

FOOTER_SHOWN = {
    "forward": "← →",
    "next_step": "[ ]",
    "faster": "- +",
    "help": "?",
    "maximise": "m",
}
"""Where two keys belong together, the footer shows them as one."""


def bindings(keys: tuple[Key, ...]) -> list[BindingType]:
    """The bindings of a table of keys."""
    return [key.binding() for key in keys if key.is_bound]
