"""The keys of each screen: tables from which bindings, help, footer and palette are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from textual.binding import Binding, BindingType

Group: TypeAlias = Literal["move", "look", "find", "otherwise", "keep", "teach", "program"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""The chapters of the help."""


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
    group: Group = "move"
    footer: int = 0
    footer_word: str = ""
    number: int = 0
    is_bound: bool = True
    """Whether it is bound here; what Textual binds by itself is only told in the help."""
    is_last: bool = False
    """Whether it stands at the right end of the footer: help, and the ways out."""

    def binding(self) -> Binding:
        """The binding; with priority, so that no list eats the keys that move the story."""
        return Binding(self.keys, self.action, self.word, show=False, priority=True)


PLAYER_KEYS: tuple[Key, ...] = (
    Key("space", "space", "play", "play", footer=1, footer_word="run"),
    Key("right", "→", "forward", "forward", footer=2, footer_word="move"),
    Key("left", "←", "back", "back"),
    Key(
        "right_square_bracket,shift+right",
        "]",
        "next_step",
        "next_step",
        footer=5,
        footer_word="step_move",
    ),
    Key("left_square_bracket,shift+left", "[", "previous_step", "previous_step"),
    *(
        Key(str(step), str(step), f"goto_step({step})", "goto_step", number=step)
        for step in range(1, 7)
    ),
    Key("home", "home", "first", "first"),
    Key("end", "end", "last", "last"),
    Key("plus,equals_sign", "+", "faster", "faster", footer=13, footer_word="speed"),
    Key("minus", "-", "slower", "slower"),
    Key("g", "g", "jump", "jump"),
    Key("e", "e", "next_failure", "next_failure", "find", footer=15),
    Key("E", "E", "previous_failure", "previous_failure", "find"),
    Key("h", "h", "next_host", "next_host", "find"),
    Key("H", "H", "previous_host", "previous_host", "find"),
    Key("slash", "/", "search", "search", "find", footer=14),
    Key("n", "n", "next_hit", "next_hit", "find"),
    Key("N", "N", "previous_hit", "previous_hit", "find"),
    Key("r", "r", "follow", "follow", "find"),
    Key("ampersand", "&", "filter", "filter", "find"),
    Key("d", "d", "depth", "depth", "look", 10, "detail"),
    Key("v", "v", "lens", "lens", "look", 9),
    Key("full_stop", ".", "next_tab", "next_tab", "look"),
    Key("comma", ",", "previous_tab", "previous_tab", "look"),
    Key("p", "p", "pin", "pin", "look"),
    Key("o", "o", "next_holder", "next_holder", "look"),
    Key("s", "s", "story", "story", "look", 11),
    Key("c", "c", "crowd", "crowd", "look"),
    Key("m,f10", "m, F10", "maximise", "maximise", "look", 17, "large"),
    Key("tab", "tab", "focus_next", "focus", "look", is_bound=False),
    Key("t", "t", "theme", "theme", "look", 18, "colours"),
    Key("l", "l", "language", "language", "look", 16),
    Key("y", "y", "copy", "copy", "keep"),
    Key("ctrl+s", "ctrl+s", "picture", "picture", "keep"),
    Key("f", "f", "what_if", "what_if", "otherwise", 6, "otherwise"),
    Key("F", "F", "compare", "compare", "otherwise"),
    Key("B", "B", "branches", "branches", "otherwise"),
    Key("i", "i", "take_part", "take_part", "otherwise", 7, "join"),
    Key("w,S", "w", "save", "save", "keep", 13, "keep"),
    Key("R", "R", "rename", "rename", "keep"),
    Key("k", "k", "think", "think", "teach"),
    Key("b", "b", "blackout", "blackout", "teach"),
    Key("u", "u", "one_panel", "one_panel", "teach"),
    Key("pagedown", "page down", "clicker(1)", "clicker_forward", "teach"),
    Key("pageup", "page up", "clicker(-1)", "clicker_back", "teach"),
    Key("D", "D", "app.real_dns", "real_dns", "program", 12, "real_dns_short"),
    Key("ctrl+p", "ctrl+p", "app.command_palette", "palette", "program", is_bound=False),
    Key("question_mark,f1", "? F1", "help", "help", "program", 3, is_last=True),
    Key("escape", "esc", "leave", "leave", "program", 4, "return", is_last=True),
    Key("q", "q", "quit", "quit", "program", 8, is_last=True),
)

LIBRARY_KEYS: tuple[Key, ...] = (
    Key("up,k", "↑", "up", "up"),
    Key("down,j", "↓", "down", "down", footer=1, footer_word="choose"),
    Key("pageup,left_square_bracket", "[", "previous_chapter", "previous_chapter"),
    Key("pagedown,right_square_bracket", "]", "next_chapter", "next_chapter"),
    Key("slash", "/", "find", "find", "find", 3, "search"),
    Key("escape", "esc", "widen", "widen", "find"),
    Key("enter,space", "enter", "open", "open", "program", 2),
    Key("o", "o", "open_file", "open_file", "program", 5),
    Key("w", "w", "compose", "compose", "program", 4),
    Key("l", "l", "language", "language", "look", 7),
    Key("t", "t", "theme", "theme", "look", 8, "colours"),
    Key("ctrl+p", "ctrl+p", "app.command_palette", "palette", "program", is_bound=False),
    Key("question_mark,f1", "? F1", "help", "help", "program", 3, is_last=True),
    Key("q", "q", "quit", "quit", "program", 6, is_last=True),
)

COMPOSE_KEYS: tuple[Key, ...] = (
    Key(
        "tab", "tab", "app.focus_next", "next_field", footer=5, footer_word="field", is_bound=False
    ),
    Key("f5,ctrl+r", "F5", "play", "play_mail", "program", 1, "run"),
    Key("ctrl+s", "ctrl+s", "save", "save_mail", "keep", 2, "keep"),
    Key("f2", "F2", "language", "language", "look", 6),
    Key("f1", "F1", "help", "help", "program", 3, is_last=True),
    Key("escape", "esc", "leave", "leave_form", "program", 4, "return", is_last=True),
)

TALK_KEYS: tuple[Key, ...] = (
    Key("question_mark", "?", "hint", "legal", "look", 1, is_bound=False),
    Key("tab", "tab", "complete", "complete", "move", 2),
    Key("up", "↑", "recall(-1)", "recall", "move", 4),
    Key("down", "↓", "recall(1)", "recall"),
    Key("f2", "F2", "lens", "lens", "look", 5),
    Key("f3", "F3", "page", "next_tab", "look", 6, "page"),
    Key("ctrl+s", "ctrl+s", "save", "save", "keep", 7, "keep"),
    Key("escape", "esc", "leave", "hang_up", "program", 3, is_last=True),
)

FOOTER_SHOWN = {
    "forward": "← →",
    "next_step": "[ ]",
    "faster": "- +",
    "help": "?",
    "maximise": "m",
    "down": "↑ ↓",
    "recall(-1)": "↑ ↓",
}
"""Where two keys belong together, the footer shows them as one."""


def bindings(keys: tuple[Key, ...]) -> list[BindingType]:
    """The bindings of a table of keys."""
    return [key.binding() for key in keys if key.is_bound]
