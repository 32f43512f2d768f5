"""The IMAP commands that open a folder and leave it, and the one that nobody may give here."""

from __future__ import annotations

from simulator.mail.imap.answer import RefusedError, Response
from simulator.mail.imap.listing import list_line, named_folder
from simulator.mail.imap.selection import Selection
from simulator.mail.imap.state import Outcome, SessionState, Spoken


def select(session: SessionState, spoken: Spoken) -> Outcome:
    """SELECT and EXAMINE; what was selected before no longer is, even where that fails."""
    name = spoken.words(1)[0]
    closed: tuple[Response, ...] = ()
    if session.leave():
        closed = (("* OK [CLOSED] Previous mailbox closed.",),)
    try:
        folder = named_folder(session, name)
    except RefusedError as refusal:
        return Outcome(str(refusal), closed, code="NO", rule="imap.error")
    read_only = spoken.verb == "EXAMINE"
    selection = session.select(folder, read_only=read_only)
    access = "READ-ONLY" if read_only else "READ-WRITE"
    text = f"[{access}] {spoken.verb.title()} completed."
    return Outcome(text, (*closed, *_overview(session, selection)))


def _overview(session: SessionState, selection: Selection) -> tuple[Response, ...]:
    """What a client must know of a folder that it selects (RFC 9051 section 6.3.2).

    In IMAP4rev1 it hears of the first unseen message too, in IMAP4rev2 the folder as LIST shows it.
    """
    folder = selection.folder
    unseen = None if session.rev2 else selection.first_unseen
    first: tuple[Response, ...] = ()
    if unseen is not None:
        first = ((f"* OK [UNSEEN {unseen}] First unseen.",),)
    return (
        *selection.flag_responses,
        *selection.counts,
        *first,
        (f"* OK [UIDVALIDITY {folder.uid_validity}] UIDs valid",),
        (f"* OK [UIDNEXT {folder.next_number}] Predicted next UID",),
        *(((list_line(session.own, folder.name),),) if session.rev2 else ()),
    )


def close(session: SessionState, spoken: Spoken) -> Outcome:
    """CLOSE deletes what is marked and does not say so; UNSELECT (RFC 3691) deletes nothing."""
    if spoken.verb == "CLOSE":
        session.expunge()
    session.leave()
    return Outcome(f"{spoken.verb.title()} completed.")


def refuse(_: SessionState, __: Spoken) -> Outcome:
    """APPEND: mail comes here by delivery."""
    raise RefusedError("[NOPERM] Permission denied.")
