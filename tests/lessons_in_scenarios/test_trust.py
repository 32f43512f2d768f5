"""Who a mail is really from, and what becomes of it where nobody can tell."""

from __future__ import annotations

from functools import reduce

from simulator.scenario.topology import hosts_of
from simulator.trace.event import Query
from simulator.trace.scene import fold, opening
from simulator.views.outcome import Outcome
from tests.lessons_in_scenarios.played import play


def test_a_mail_that_is_what_it_says_passes_all_three() -> None:
    run = play("trust-proved")
    run.shows("""
        smtp.kampus.example      = trust.dkim-sign signed: kampus.example
        smtp.kampus.example      C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example       S: 250 2.1.0 Ok
        mx1.kantor.example       = trust.spf pass: kampus.example
        mx1.kantor.example       S: 250 2.1.5 Ok
        smtp.kampus.example      C: the message
        mx1.kantor.example       = trust.dkim pass: kampus.example
        mx1.kantor.example       = trust.dmarc pass: kampus.example
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        pc-citra.kantor.example  shows m1: Rapat Senin
    """)
    (mail,) = run.stored("citra@kantor.example")
    results = " ".join(mail["Authentication-Results"].split())
    assert results.startswith("mx1.kantor.example; spf=pass smtp.mailfrom=kampus.example;")
    assert "dkim=pass (2048-bit key) header.d=kampus.example" in results
    assert "dmarc=pass (p=reject dis=none) header.from=kampus.example" in results


def test_a_machine_that_may_not_send_is_refused_before_it_has_said_anything() -> None:
    run = play("spf-fail")
    run.shows("""
        smtp.penipu.example  C: MAIL FROM:<ani@kampus.example>
        smtp.penipu.example  C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example   = trust.spf fail: kampus.example
        mx1.kantor.example   S: 550 5.7.23 <citra@kantor.example>: Recipient address rejected
        smtp.penipu.example  gives m1 up for citra@kantor.example and reports it in m2
        smtp.penipu.example  writes m2 from <> to ani@kampus.example
    """)
    assert run.stored("citra@kantor.example") == []
    sent = [line for line in run.lines if line.text.startswith("C: the message")]
    assert [line.host for line in sent] == ["pc-dedi.penipu.example", "smtp.penipu.example"], (
        "the first to Dedi's own server, the second is the report"
    )


def test_forwarding_breaks_spf_and_leaves_the_signature_whole() -> None:
    run = play("forwarded-mail")
    run.shows("""
        mx1.alumni.example    = alias eka@rumah.example: eka@alumni.example
        mx1.alumni.example    calls mx1.rumah.example, port 25
        mx1.alumni.example    C: MAIL FROM:<ani@toko.example>
        mx1.alumni.example    C: RCPT TO:<eka@rumah.example> ORCPT=rfc822;eka@alumni.example
        mx1.rumah.example     = trust.spf softfail: toko.example
        mx1.rumah.example     = trust.dkim pass: toko.example
        mx1.rumah.example     = trust.dmarc pass: toko.example
        mail.rumah.example    stores m1 for eka@rumah.example
        pc-eka.rumah.example  shows m1: Pesanan Anda
    """)
    (mail,) = run.stored("eka@rumah.example")
    assert mail["To"] == "eka@alumni.example"
    assert mail["Return-Path"] == "<ani@toko.example>"


def test_a_list_that_changes_the_text_breaks_its_author_s_signature() -> None:
    run = play("mailing-list")
    run.shows("""
        smtp.kampus.example  = trust.dkim-sign signed: kampus.example
        smtp.kampus.example  C: MAIL FROM:<ani@kampus.example>
        mx1.milis.example    = list.post posted: rapat@milis.example
        mx1.milis.example    writes m2 from <rapat-bounces@milis.example> to citra@kantor.example
        mx1.milis.example    = trust.dkim-sign signed: milis.example
        mx1.milis.example    C: MAIL FROM:<rapat-bounces@milis.example>
        mx1.kantor.example   = trust.spf pass: milis.example
        mx1.kantor.example   = trust.dkim pass: milis.example
        mx1.kantor.example   = trust.dkim fail: kampus.example
        mx1.kantor.example   = trust.dmarc fail: kampus.example
        mx1.kantor.example   = trust.folder junk: kampus.example
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m2 for citra@kantor.example, in Junk
    """)
    (mail,) = run.stored("citra@kantor.example")
    assert (mail["From"], mail["Subject"]) == ("ani@kampus.example", "[rapat] Senin")
    assert mail["List-Id"] == "<rapat.milis.example>"
    assert mail["List-Post"] == "<mailto:rapat@milis.example>"
    assert mail["Return-Path"] == "<rapat-bounces@milis.example>"
    assert mail.get_content().splitlines() == [
        "Rapat dimulai pukul 09.00.",
        "",
        "_" * 47,
        "Keluar dari milis: rapat-request@milis.example",
    ]
    assert run.read() == [], "POP3 does not look into Junk"


def test_a_list_that_writes_itself_into_from_can_stand_behind_it() -> None:
    run = play("list-rewrites-from")
    run.shows("""
        mx1.kantor.example       = trust.dkim pass: milis.example
        mx1.kantor.example       = trust.dkim fail: kampus.example
        mx1.kantor.example       = trust.dmarc pass: milis.example
        mail.kantor.example      stores m2 for citra@kantor.example
        pc-citra.kantor.example  shows m2: [rapat] Senin
    """)
    (mail,) = run.stored("citra@kantor.example")
    assert mail["From"] == '"ani@kampus.example via rapat" <rapat@milis.example>'
    assert mail["Reply-To"] == "ani@kampus.example"


def test_a_spoofed_author_is_put_aside_where_the_owner_asks_for_quarantine() -> None:
    run = play("spoofed-junk")
    run.shows("""
        smtp.penipu.example  C: MAIL FROM:<dedi@penipu.example>
        mx1.kantor.example   = trust.spf pass: penipu.example
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   = trust.dkim none:
        mx1.kantor.example   = trust.dmarc fail: bank.example
        mx1.kantor.example   = trust.folder junk: bank.example
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example, in Junk
    """)
    (mail,) = run.stored("citra@kantor.example")
    assert mail["From"] == "Bank Kita <layanan@bank.example>"
    assert mail["X-Spam-Flag"] == "YES"
    assert (run.read(), run.reports()) == ([], [])


def test_a_spoofed_author_is_refused_where_the_owner_asks_for_it() -> None:
    run = play("spoofed-rejected")
    run.shows("""
        mx1.kantor.example   = trust.spf pass: penipu.example
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   S: 354 End data with <CR><LF>.<CR><LF>
        smtp.penipu.example  C: the message
        mx1.kantor.example   = trust.dmarc fail: bank.example
        mx1.kantor.example   S: 550 5.7.1 rejected by DMARC policy for bank.example
        smtp.penipu.example  gives m1 up for citra@kantor.example and reports it in m2
        mail.penipu.example  stores m2 for dedi@penipu.example
    """)
    assert run.stored("citra@kantor.example") == []


def test_a_verdict_that_came_with_the_mail_is_taken_out() -> None:
    run = play("forged-results")
    run.shows("""
        smtp.penipu.example      C: the message
        mx1.kantor.example       = trust.forged removed: mx1.kantor.example; dmarc=pass
        mx1.kantor.example       = trust.dmarc none: penipu.example
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        pc-citra.kantor.example  shows m1: Hadiah
    """)
    (mail,) = run.stored("citra@kantor.example")
    (results,) = mail.get_all("Authentication-Results", [])
    assert "bank.example" not in results
    assert "dmarc=none" in results


def test_a_mail_that_looks_like_spam_is_accepted_and_not_in_the_inbox() -> None:
    run = play("content-scan")
    run.shows("""
        smtp.hadiah.example      C: the message
        mx1.kantor.example       = content.scan spam: YOU_HAVE_WON 3.0, ASKS_FOR_SECRET 3.5,
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        mail.kantor.example      stores m1 for citra@kantor.example, in Junk
        mx1.kantor.example       = content.scan clean: FREE 1.0
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        mail.kantor.example      stores m2 for citra@kantor.example
        pc-citra.kantor.example  shows m2: Konser Sabtu
    """)
    spam, harmless = run.stored("citra@kantor.example")
    assert spam["X-Spam-Flag"] == "YES"
    assert spam["X-Spam-Status"].startswith("Yes, score=14.0 required=5.0")
    assert (harmless["X-Spam-Flag"], harmless["X-Spam-Score"]) == (None, "1.0")
    assert (run.reports(), len(run.read())) == ([], 1)


def test_what_the_filter_took_for_spam_is_found_in_junk_by_imap_and_taken_out() -> None:
    run = play("looks-into-junk")
    run.shows("""
        mx1.kantor.example       = content.scan spam: YOU_HAVE_WON 3.0
        mail.kantor.example      stores m1 for citra@kantor.example, in Junk
        pc-citra.kantor.example  C: a3 SELECT INBOX
        mail.kantor.example      S: * FLAGS
        pc-citra.kantor.example  C: a4 LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN))
        mail.kantor.example      S: * LIST () "." INBOX / * STATUS INBOX (MESSAGES 0
        pc-citra.kantor.example  C: a8 MOVE 1 INBOX
        mail.kantor.example      S: * OK [COPYUID 1795399200 1 1] Moved UIDs. / * 1 EXPUNGE
        mail.kantor.example      = mailbox.moved INBOX: citra@kantor.example
        pc-citra.kantor.example  C: b1 SEARCH UNSEEN
        mail.kantor.example      S: * ESEARCH (TAG "b1") ALL 1
    """)
    scene = reduce(fold, run.events, opening(hosts_of(run.scenario)))
    (mail,) = scene.mailboxes["citra@kantor.example"]
    assert (mail.folder, mail.journey, mail.uid) == ("INBOX", "m1", "000000016b039e20")
    outcome = Outcome({host.name: host.role for host in scene.hosts})
    for event in run.events:
        outcome.follow(event)
    (fate,) = outcome.fates()
    assert (fate.state, fate.folder) == ("shown", "INBOX")


def test_a_subdomain_without_a_record_is_judged_by_the_domain_above_it() -> None:
    run = play("subdomain-policy")
    run.shows("""
        mx1.kantor.example   = trust.dmarc fail: kabar.toko.example
        mx1.kantor.example   S: 550 5.7.1 rejected by DMARC policy for kabar.toko.example
        mx1.kantor.example   = trust.dmarc fail: kabar.bank.example
        mx1.kantor.example   = trust.folder junk: kabar.bank.example
        mail.kantor.example  stores m3 for citra@kantor.example, in Junk
    """)
    asked = [
        event.fact.name
        for event in run.events
        if isinstance(event.fact, Query) and event.fact.server == "resolver.isp.example"
    ]
    assert [name for name in asked if name.startswith("_dmarc")] == [
        *("_dmarc.kabar.toko.example", "_dmarc.toko.example", "_dmarc.example"),
        *("_dmarc.kabar.bank.example", "_dmarc.bank.example", "_dmarc.example"),
    ]
