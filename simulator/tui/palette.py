"""The colours: five palettes, the themes made from them, and the styles that strips are drawn in.

Measured for people who do not tell all colours apart (CIEDE2000 between any two roles, simulated
after Machado 2009); even so colour is never the only sign.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from rich.style import Style
from textual.theme import Theme

from simulator.scenario.model import Role

_RECEDING, _RECEDING_ON_A_WALL = 0.42, 0.2
"""How far what is not in play goes towards the background."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of the screen as ``#RRGGBB``; ``on_fill`` is text upon a filled block,
    ``envelope`` the mark of custody, ``paper`` a mail on the wire, ``seal`` the lines on both."""

    name: str
    dark: bool
    background: str
    raised: str
    row: str
    text: str
    dim: str
    line: str
    accent: str
    envelope: str
    paper: str
    seal: str
    ok: str
    done: str
    error: str
    on_fill: str
    client: str
    sending: str
    relay: str
    receiving: str
    mailbox: str
    dns: str
    is_plain: bool = False
    """Whether it has only colours that a terminal of 16 colours has too."""
    is_roomy: bool = False
    """Whether it is for a wall: fewer things, and room around each."""

    def of_role(self, role: Role) -> str:
        """The colour of a host that does ``role``."""
        match role:
            case "mail_client":
                return self.client
            case "sending_server":
                return self.sending
            case "relay":
                return self.relay
            case "receiving_server":
                return self.receiving
            case "mailbox_server":
                return self.mailbox
            case "resolver" | "nameserver" | "policy_server" | "interceptor":
                return self.error if role == "interceptor" else self.dns

    def recede(self, colour: str) -> str:
        """The colour of what is not in play: nearer to the background, where there is one."""
        if self.is_plain:
            return colour
        share = _RECEDING_ON_A_WALL if self.is_roomy else _RECEDING
        return _mixed(colour, self.background, share)

    def theme(self) -> Theme:
        """The same colours as a theme, for what Textual draws by itself."""
        return Theme(
            name=self.name,
            primary=self.client,
            secondary=self.sending,
            warning=self.accent,
            error=self.error,
            success=self.ok,
            accent=self.accent,
            foreground=self.text,
            background=self.background,
            surface=self.background,
            panel=self.raised,
            dark=self.dark,
            text_alpha=1.0,
            variables={
                "edge": self.line,
                "faint": self.dim,
                "block-cursor-foreground": self.on_fill,
                "block-cursor-background": self.accent,
                "scrollbar": self.line,
                "scrollbar-hover": self.accent,
                "scrollbar-active": self.accent,
                "scrollbar-background": self.raised,
                "scrollbar-background-hover": self.raised,
                "scrollbar-background-active": self.raised,
                "scrollbar-corner-color": self.raised,
            },
        )


DARK = Palette(
    name="smtpflow-dark",
    dark=True,
    background="#0E141B",
    raised="#1B2531",
    row="#24384C",
    text="#E6EDF3",
    dim="#8795A6",
    line="#5A6B7F",
    accent="#FFD166",
    envelope="#FFD166",
    paper="#DDE3E7",
    seal="#0E141B",
    ok="#3FBF85",
    done="#1D5A42",
    error="#F43B2F",
    on_fill="#0E141B",
    client="#8CC8FF",
    sending="#FAB42F",
    relay="#BD5CF5",
    receiving="#27A26C",
    mailbox="#DDE3E7",
    dns="#F5EBB6",
)

LIGHT = Palette(
    name="smtpflow-light",
    dark=False,
    background="#FBFCFD",
    raised="#E8EDF2",
    row="#CFE0F0",
    text="#101820",
    dim="#566374",
    line="#8593A3",
    accent="#8A4B00",
    envelope="#FFC83D",
    paper="#7F95AB",
    seal="#101820",
    ok="#1F634F",
    done="#BFE3D2",
    error="#D40D63",
    on_fill="#FFFFFF",
    client="#1B6DDA",
    sending="#5F420A",
    relay="#98007D",
    receiving="#1F634F",
    mailbox="#25292A",
    dns="#747201",
)

# A projector in a room that is not dark washes out whatever is not black or white.
PROJECTOR = replace(
    LIGHT,
    name="smtpflow-projector",
    background="#FFFFFF",
    raised="#DDE6F0",
    row="#FFE9A8",
    text="#000000",
    dim="#3D4A5A",
    line="#5F6E7F",
    accent="#7A3E00",
    envelope="#FFC400",
    seal="#000000",
    is_roomy=True,
)

# Only colours that a terminal of 16 colours has too, so that nothing is rounded to a neighbour.
CONTRAST = Palette(
    name="smtpflow-contrast",
    dark=True,
    background="#000000",
    raised="#000080",
    row="#000080",
    text="#FFFFFF",
    dim="#C0C0C0",
    line="#C0C0C0",
    accent="#FFFF00",
    envelope="#FFFF00",
    paper="#FFFFFF",
    seal="#000000",
    ok="#00FF00",
    done="#008000",
    error="#FF5555",
    on_fill="#000000",
    client="#00FFFF",
    sending="#FFFF00",
    relay="#FF00FF",
    receiving="#00FF00",
    mailbox="#FFFFFF",
    dns="#C0C0C0",
    is_plain=True,
)

# The sixteen colours themselves, as Rich counts them: nothing is rounded, nothing is weak.
SIXTEEN = Palette(
    name="smtpflow-sixteen",
    dark=True,
    background="#000000",
    raised="#0000AA",
    row="#0000AA",
    text="#FFFFFF",
    dim="#AAAAAA",
    line="#AAAAAA",
    accent="#FFFF55",
    envelope="#FFFF55",
    paper="#FFFFFF",
    seal="#000000",
    ok="#55FF55",
    done="#0000AA",
    error="#FF5555",
    on_fill="#000000",
    client="#55FFFF",
    sending="#FFFF55",
    relay="#FF55FF",
    receiving="#55FF55",
    mailbox="#FFFFFF",
    dns="#00AAAA",
    is_plain=True,
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, CONTRAST, PROJECTOR, SIXTEEN)}


@lru_cache(maxsize=256)
def _mixed(colour: str, other: str, share: float) -> str:
    channels = (
        round(int(colour[n : n + 2], 16) * (1 - share) + int(other[n : n + 2], 16) * share)
        for n in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)


@lru_cache(maxsize=1024)
def ink(foreground: str, background: str, *, bold: bool = False, underline: bool = False) -> Style:
    """The style of a piece of a strip. Both colours are always named: under NO_COLOR Textual's
    filter looks at them, and a segment without a style would end the program.
    """
    return Style(color=foreground, bgcolor=background, bold=bold, underline=underline)
