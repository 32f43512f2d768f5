"""At the end everyone can see where each mail is."""

from __future__ import annotations

from simulator.lessons.language import catalogue
from simulator.trace.event import (
    Bounced,
    Composed,
    Connected,
    Event,
    Fact,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Retried,
    Stored,
)
from simulator.views.outcome import Outcome

PC, SMTP, MX, DNS = "pc.example", "smtp.kampus.example", "mx1.kantor.example", "dns.example"
CITRA, DEDI = "citra@kantor.example", "dedi@kantor.example"


def after(*facts: tuple[str, Fact], at: int = 0, language: str = "en") -> list[str]:
    outcome = Outcome({DNS: "resolver"})
    for seq, (host, fact) in enumerate(facts):
        outcome.follow(Event(seq, at, 5, host, "m1", fact))
    sentences = outcome.sentences(catalogue(language))  # type: ignore[arg-type]
    return [f"{fate.recipient} {sentence}" for fate, sentence in sentences]


def composed(*recipients: str) -> tuple[str, Fact]:
    return PC, Composed(reverse_path="", recipients=recipients, subject="", data="")


def queued(host: str, *recipients: str) -> tuple[str, Fact]:
    return host, Queued(queue_id="1", recipients=recipients, reason="", next_attempt=None)


def test_a_mail_that_was_never_sent_is_where_it_was_written() -> None:
    assert after(composed(CITRA)) == [f"{CITRA} never left the sender's mail client"]


def test_each_recipient_has_a_fate_of_its_own() -> None:
    stored = MX, Stored(mailbox="Citra@kantor.example", uid="1", protocol="local", data="")
    bounced = SMTP, Bounced(queue_id="1", recipients=(DEDI,), reason="550 No", bounce="m2")
    told = after(composed(CITRA, DEDI), queued(SMTP, CITRA, DEDI), stored, bounced)
    assert told == [
        "Citra@kantor.example lies in the mailbox on mx1.kantor.example, not fetched yet",
        f"{DEDI} was not delivered; smtp.kampus.example told the sender with mail m2: 550 No",
    ]


def test_a_mail_waits_where_the_last_server_took_it() -> None:
    assert after(composed(CITRA), queued(SMTP, CITRA), queued(MX, CITRA)) == [
        f"{CITRA} waits in the queue of mx1.kantor.example"
    ]


def test_a_deferred_mail_says_when_it_is_tried_again() -> None:
    retried = Retried(
        queue_id="1", recipients=(CITRA,), reason="451 Later", next_attempt=330_000_000
    )
    assert after((SMTP, retried), at=30_000_000) == [
        f"{CITRA} waits in the queue of smtp.kampus.example; next attempt in 5 minutes: 451 Later"
    ]


def outcome_of(recipient: str, said: str) -> tuple[str, Fact]:
    inputs = {"recipient": recipient, "status": "", "said": said}
    return SMTP, Judged(rule="delivery.outcome", verdict="deferred", inputs=inputs)


def test_each_recipient_has_the_reason_that_was_said_of_it() -> None:
    full, busy = "452 4.2.2 Mailbox full", "450 4.2.0 Greylisted"
    retried = Retried(
        queue_id="1",
        recipients=(CITRA, DEDI),
        reason=f"{full}; {busy}",
        next_attempt=300_000_000,
    )
    begins = "waits in the queue of smtp.kampus.example; next attempt in 5 minutes:"
    told = after(outcome_of(CITRA, full), outcome_of(DEDI, busy), (SMTP, retried))
    assert told == [f"{CITRA} {begins} {full}", f"{DEDI} {begins} {busy}"]
    bounced = Bounced(queue_id="1", recipients=(CITRA,), reason=f"{full}; {busy}", bounce="m2")
    told = after(outcome_of(CITRA, full), outcome_of(DEDI, busy), (SMTP, retried), (SMTP, bounced))
    assert told[0] == (
        f"{CITRA} was not delivered; smtp.kampus.example told the sender with mail m2: {full}"
    )


def test_what_the_client_could_not_hand_over_is_no_refusal_of_its_server() -> None:
    inputs = {"recipient": CITRA, "status": "5.3.4", "finding": "too-large"}
    kept = (
        PC,
        Judged(
            rule="submission.kept", verdict="kept", inputs=inputs | {"size": "321", "limit": "200"}
        ),
    )
    later = {"recipient": DEDI, "status": "4.3.2", "said": "421 4.3.2 Busy"}
    put_off = PC, Judged(rule="submission.deferred", verdict="deferred", inputs=later)
    assert after(composed(CITRA, DEDI), kept, put_off) == [
        (
            f"{CITRA} is still in the sender's mail client, which did not hand it over: "
            "the mail has 321 octets, and the server takes 200 at most."
        ),
        (
            f"{DEDI} is still in the sender's mail client; its server does not take it for now: "
            "421 4.3.2 Busy"
        ),
    ]
    assert after(composed(CITRA, DEDI), kept, put_off, language="id") == [
        (
            f"{CITRA} masih di klien surel pengirim, yang tidak menyerahkannya: "
            "surel ini 321 oktet, dan server hanya menerima paling banyak 200."
        ),
        f"{DEDI} masih di klien surel pengirim; servernya belum mau menerima: 421 4.3.2 Busy",
    ]


def test_a_lost_report_and_a_refused_submission_are_told_too() -> None:
    lost = SMTP, Bounced(queue_id="1", recipients=(CITRA,), reason="550 No")
    inputs = {"recipient": DEDI, "status": "5.7.1", "said": "554 No"}
    refused = PC, Judged(rule="submission.refused", verdict="refused", inputs=inputs)
    assert after(lost, refused, language="id") == [
        f"{CITRA} tidak terkirim, dan tidak ada yang diberi tahu: 550 No",
        f"{DEDI} ditolak server pengirim sendiri: 554 No",
    ]


def test_the_totals_name_only_what_there_was() -> None:
    outcome = Outcome({DNS: "resolver"})
    question = Query(id=1, name="a", type="A", server=DNS)
    connected = Connected(
        conn=1,
        peer=MX,
        port=25,
        protocol="smtp",
        address="",
        client_address="",
        client_port=1,
    )
    refused = Refused(conn=2, peer=MX, port=25, protocol="smtp", reason="refused", address="")
    for seq, (host, fact) in enumerate(
        ((PC, question), (DNS, question), (DNS, question), (PC, connected), (PC, refused))
    ):
        outcome.follow(Event(seq, 1_500_000, 4, host, "m1", fact))
    assert outcome.totals(catalogue("en")) == (
        "In 1.5 seconds of virtual time: 1 connection, 1 call without success, "
        "1 DNS question by clients and servers, 2 questions by the resolver itself, 5 events."
    )
    assert Outcome({}).totals(catalogue("id")) == "Dalam 0 ms waktu maya: 0 peristiwa."


def stored(uid: str, folder: str = "INBOX") -> tuple[str, Fact]:
    return MX, Stored(mailbox=CITRA, uid=uid, protocol="local", data="", folder=folder)


def test_an_alias_is_no_recipient_that_still_waits() -> None:
    rapat = "rapat@kantor.example"
    alias = MX, Judged(rule="alias", verdict=f"{CITRA}, {DEDI}", inputs={"recipient": rapat})
    told = after(composed(rapat), queued(SMTP, rapat), alias, queued(MX, CITRA, DEDI), stored("1"))
    assert told == [
        f"{rapat} is another name for {CITRA}, {DEDI}",
        f"{CITRA} lies in the mailbox on mx1.kantor.example, not fetched yet",
        f"{DEDI} waits in the queue of mx1.kantor.example",
    ]


def test_a_mail_that_came_twice_is_told_of_twice() -> None:
    retried = SMTP, Retried(queue_id="1", recipients=(CITRA,), reason="lost", next_attempt=0)
    once = [composed(CITRA), queued(MX, CITRA), retried, stored("1")]
    read = PC, Read(mailbox=CITRA, uid="1", protocol="pop3", subject="")
    assert after(*once, queued(MX, CITRA), stored("2"), read) == [
        f"{CITRA} was read",
        f"{CITRA} lies in the mailbox on mx1.kantor.example, not fetched yet",
    ]
    assert after(*once) == [f"{CITRA} lies in the mailbox on mx1.kantor.example, not fetched yet"]


def test_a_mail_in_another_folder_is_not_in_the_inbox() -> None:
    assert after(composed(CITRA), stored("1", "Junk")) == [
        f"{CITRA} lies in the folder Junk on mx1.kantor.example, where POP3 does not look"
    ]
