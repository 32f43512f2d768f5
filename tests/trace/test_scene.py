"""The fold: what the world looks like after each thing that happened."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Bounced, Content, Event, Read, Removed, Retried
from simulator.trace.scene import Pending, Scene, fold, opening
from tests.story import ANI, BUDI, MESSAGE, ON_THE_WIRE, PC_ANI, Story
from tests.trace.stories import (
    CITRA,
    HOSTS,
    MAIL,
    MX1,
    NS,
    PC_BUDI,
    RESOLVER,
    ROOT,
    SMTP,
    same_domain,
    two_domains,
)


def after(events: Iterable[Event]) -> Scene:
    return reduce(fold, events, opening(HOSTS))


def history(events: Iterable[Event]) -> list[Scene]:
    scenes = [opening(HOSTS)]
    for event in events:
        scenes.append(fold(scenes[-1], event))
    return scenes


def a_transaction(story: Story, *recipients: str, protocol: str = "smtp") -> None:
    """Opens connection 1 and speaks up to the message, with the message sent."""
    story.connect(1, SMTP, MX1, 25, "lmtp" if protocol == "lmtp" else "smtp")
    story.talk(1, "S: 220 mx1 ESMTP #greeting\nC: EHLO smtp\nS: 250 mx1")
    story.talk(1, "C: MAIL FROM:<ani@kampus.example>\nS: 250 2.1.0 Ok")
    for recipient in recipients:
        story.talk(1, f"C: RCPT TO:<{recipient}>\nS: 250 2.1.5 Ok")
    story.talk(1, "C: DATA\nS: 354 go ahead\nC: .")


# The whole way -----------------------------------------------------------------------------------


def test_at_first_nothing_has_happened() -> None:
    scene = opening(HOSTS)
    assert scene.cursor == 0
    assert scene.step is None
    assert dict(scene.steps) == dict.fromkeys(range(1, 7), "todo")
    assert not scene.connections
    assert not scene.copies
    assert scene.resolvers == {RESOLVER}


def test_custody_moves_from_the_client_over_the_servers_to_the_recipient() -> None:
    custodians = [scene.custody.get(("m1", BUDI)) for scene in history(two_domains())]
    stations = [
        now for now, before in zip(custodians[1:], custodians, strict=False) if now != before
    ]
    assert stations == [PC_ANI, SMTP, MX1, MAIL, PC_BUDI]


def test_custody_at_a_server_begins_with_its_250_and_not_with_the_octets() -> None:
    events = two_domains()
    scenes = history(events)
    arrived = next(n for n, event in enumerate(events, 1) if isinstance(event.fact, Content))
    accepted = next(n for n, event in enumerate(events, 1) if event.kind == "queued") + 1
    assert scenes[arrived].copies[SMTP, "m1"].octets == MESSAGE
    assert [scene.custody["m1", BUDI] for scene in scenes[arrived : accepted + 1]] == [
        *[PC_ANI] * (accepted - arrived),
        SMTP,
    ]


def test_after_the_whole_way_only_the_clients_hold_the_message() -> None:
    scene = after(two_domains())
    assert set(scene.copies) == {(PC_ANI, "m1"), (PC_BUDI, "m1")}
    assert scene.copies[PC_ANI, "m1"].octets == MESSAGE
    assert scene.copies[PC_BUDI, "m1"].octets.startswith(b"Return-Path: <ani@kampus.example>")
    assert not scene.connections
    assert not scene.queues
    (mail,) = scene.mailboxes[BUDI]
    assert (mail.state, mail.on_server, mail.uid, mail.host) == ("read", False, "1", MAIL)
    assert set(scene.steps.values()) == {"now", "done"}


def test_the_scene_knows_where_it_stands() -> None:
    events = two_domains()
    for count, scene in enumerate(history(events)):
        assert scene.cursor == count
        assert scene.at == (events[count - 1].at if count else 0)


def test_a_fold_changes_neither_the_scene_nor_the_event() -> None:
    events = two_domains()
    scenes = history(events)
    again = [repr(scene) for scene in history(two_domains())]
    for scene, event in zip(scenes, events, strict=False):
        fold(scene, event)
    assert [repr(scene) for scene in scenes] == again
    assert events == two_domains()


# The six steps -----------------------------------------------------------------------------------


def test_within_one_domain_resolving_and_transferring_are_skipped() -> None:
    scenes = history(same_domain())
    routed = scenes[-2]
    assert dict(routed.steps) == {
        1: "done",
        2: "done",
        3: "now",
        4: "skipped",
        5: "skipped",
        6: "todo",
    }
    assert dict(scenes[-1].steps) == {
        1: "done",
        2: "done",
        3: "done",
        4: "skipped",
        5: "skipped",
        6: "now",
    }


def test_a_step_that_one_recipient_skips_happens_for_another() -> None:
    story = Story(step=3)
    story.judge(SMTP, "route.destination", "local", recipients=ANI)
    story.step = 4
    story.ask(SMTP, RESOLVER, "kantor.example", "MX")
    story.step = 3
    story.judge(SMTP, "route.destination", "local", recipients=ANI)
    assert after(story.events[:2]).steps[4] == "now"
    scene = after(story.events)
    assert (scene.steps[3], scene.steps[4], scene.steps[5]) == ("now", "done", "skipped")


def test_a_step_that_never_happened_and_was_not_skipped_stays_to_do() -> None:
    story = Story(step=1)
    story.compose(BUDI)
    story.step = 6
    story.store(MAIL, BUDI, "1", MESSAGE)
    assert [after(story.events).steps[step] for step in range(1, 7)] == [
        "done",
        "todo",
        "todo",
        "todo",
        "todo",
        "now",
    ]


# Conversations -----------------------------------------------------------------------------------


def test_pipelined_commands_wait_for_their_replies_in_order() -> None:
    story = Story(step=5)
    story.connect(1, SMTP, MX1)
    story.talk(
        1,
        """
        S: 220 mx1.kantor.example ESMTP #greeting
        C: ehlo smtp.kampus.example
        S: 250-mx1.kantor.example
        S: 250 PIPELINING
        C: MAIL FROM:<ani@kampus.example> SIZE=300
        C: RCPT TO:<budi@kantor.example>
        C: RCPT TO:<hantu@kantor.example>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        """,
    )
    (connection,) = after(story.events).connections.values()
    assert [verb for verb, _ in connection.pending] == ["RCPT", "DATA"]
    assert connection.pending[0] == Pending("RCPT", "TO:<hantu@kantor.example>")
    assert (connection.reverse_path, connection.forward_paths) == (ANI, (BUDI,))
    story.talk(1, "S: 550 5.1.1 User unknown\nS: 354 go ahead")
    (connection,) = after(story.events).connections.values()
    assert (connection.pending, connection.forward_paths) == ((), (BUDI,))


def test_a_greeting_answers_no_command_even_if_the_client_could_not_wait() -> None:
    story = Story()
    story.connect(1, SMTP, MX1)
    story.talk(1, "C: EHLO smtp\nS: 220 mx1 ESMTP #greeting")
    assert after(story.events).connections[1].pending == (Pending("EHLO", "smtp"),)


def test_pop3_replies_answer_commands_and_the_content_of_a_mail_answers_none() -> None:
    story = Story(step=6)
    story.connect(1, PC_BUDI, MAIL, 110, "pop3")
    story.talk(1, "S: +OK ready #pop3.greeting\nC: RETR 1\nC: DELE 1\nS: +OK 300 octets")
    story.content(1, MAIL, ON_THE_WIRE)
    scene = after(story.events)
    assert scene.connections[1].pending == (Pending("DELE", "1"),)
    assert not scene.copies


def test_imap_replies_answer_by_their_tag_and_data_without_one_answers_nothing() -> None:
    story = Story(step=6)
    story.connect(1, PC_BUDI, MAIL, 143, "imap")
    story.talk(1, "S: * OK ready #imap.greeting\nC: a1 login budi rahasia\nC: a2 IDLE")
    assert after(story.events).connections[1].pending == (
        Pending("LOGIN", "budi rahasia"),
        Pending("IDLE", ""),
    )
    story.talk(1, "S: a1 OK logged in\nS: + idling\nS: * 2 EXISTS\nC: DONE")
    assert after(story.events).connections[1].pending == (Pending("IDLE", ""),)
    story.talk(1, "S: a2 OK done")
    assert after(story.events).connections[1].pending == ()


def test_a_hello_and_a_reset_end_the_transaction() -> None:
    for command in ("RSET", "EHLO smtp", "HELO smtp", "LHLO smtp"):
        story = Story()
        a_transaction(story, BUDI)
        story.talk(1, f"S: 250 Ok\nC: MAIL FROM:<x@y>\nS: 250 Ok\nC: {command}\nS: 503 no")
        assert after(story.events).connections[1].reverse_path == "x@y"
        story.talk(1, f"C: {command}\nS: 250 Ok")
        assert after(story.events).connections[1].reverse_path is None


def test_tls_seals_the_connection_and_forgets_what_was_said() -> None:
    story = Story()
    story.connect(1, SMTP, MX1)
    story.talk(1, "S: 220 mx1 #greeting\nC: MAIL FROM:<x@y>\nS: 250 Ok\nC: STARTTLS\nS: 220 go")
    story.tls(1, reason="certificate verify failed")
    assert not after(story.events).connections[1].secure
    story.tls(1)
    connection = after(story.events).connections[1]
    assert connection.secure
    assert connection.reverse_path is None


def test_a_command_smuggled_in_before_the_handshake_is_owed_no_reply() -> None:
    story = Story()
    story.connect(1, SMTP, MX1)
    story.talk(1, "S: 220 mx1 #greeting\nC: STARTTLS\nC: MAIL FROM:<evil@x>\nS: 220 go ahead")
    assert [verb for verb, _ in after(story.events).connections[1].pending] == ["MAIL"]
    story.tls(1)
    assert after(story.events).connections[1].pending == ()


def test_paths_are_read_as_rfc_5321_writes_them() -> None:
    written = {
        "<>": "",
        "<ani@kampus.example> SIZE=3": ANI,
        " <ani@kampus.example>": ANI,
        "<@relay.example,@b.example:ani@kampus.example>": ANI,
        r'<"a>b\" c"@kampus.example>': r'"a>b\" c"@kampus.example',
        "ani@kampus.example BODY=8BITMIME": ANI,
        "": "",
        "<unclosed": "<unclosed",
    }
    for path, address in written.items():
        story = Story()
        story.connect(1, SMTP, MX1)
        story.talk(1, f"S: 220 mx1 #greeting\nC: MAIL FROM:{path}\nS: 250 Ok")
        assert after(story.events).connections[1].reverse_path == address, path


# A message and its replies -----------------------------------------------------------------------


def test_a_refused_message_stays_with_its_sender() -> None:
    story = Story()
    story.compose(BUDI, host=SMTP)
    a_transaction(story, BUDI)
    assert (MX1, "m1") in after(story.events).copies
    story.talk(1, "S: 552 5.3.4 too big")
    scene = after(story.events)
    assert set(scene.copies) == {(SMTP, "m1")}
    assert scene.custody["m1", BUDI] == SMTP
    assert scene.connections[1].forward_paths == ()


def test_a_message_whose_reply_never_came_stays_with_its_sender() -> None:
    story = Story()
    story.compose(BUDI, host=SMTP)
    a_transaction(story, BUDI)
    story.close(1, "dropped")
    scene = after(story.events)
    assert set(scene.copies) == {(SMTP, "m1")}
    assert scene.custody["m1", BUDI] == SMTP


def test_a_server_that_queued_before_the_wire_was_cut_has_its_copy_too() -> None:
    story = Story()
    story.compose(BUDI, host=SMTP)
    a_transaction(story, BUDI)
    story.queue(MX1, "q2", BUDI)
    story.close(1, "dropped")
    scene = after(story.events)
    assert set(scene.copies) == {(SMTP, "m1"), (MX1, "m1")}
    assert scene.custody["m1", BUDI] == SMTP  # it will send the message again


def test_a_copy_that_was_there_before_comes_back_when_another_is_refused() -> None:
    story = Story()
    story.compose(BUDI, host=SMTP)
    a_transaction(story, BUDI)
    story.queue(MX1, "q2", BUDI)
    story.talk(1, "S: 250 2.0.0 Ok\nC: MAIL FROM:<>\nS: 250 Ok\nC: DATA\nS: 354 go on\nC: .")
    assert after(story.events).copies[MX1, "m1"].queue_id == ""
    story.talk(1, "S: 554 5.4.6 too many hops")
    assert after(story.events).copies[MX1, "m1"].queue_id == "q2"


def test_a_message_that_arrives_as_it_was_sent_is_in_memory_once() -> None:
    story = Story()
    story.compose(BUDI, host=SMTP)
    a_transaction(story, BUDI)
    copies = after(story.events).copies
    assert copies[MX1, "m1"].octets is copies[SMTP, "m1"].octets


def test_only_accepted_recipients_move_to_the_server() -> None:
    story = Story()
    story.compose(BUDI, CITRA, host=SMTP)
    a_transaction(story, CITRA)
    story.talk(1, "S: 250 2.0.0 Ok #data.accepted")
    assert dict(after(story.events).custody) == {("m1", BUDI): SMTP, ("m1", CITRA): MX1}


def test_a_server_that_expands_an_alias_answers_for_its_members() -> None:
    story = Story()
    story.compose("rapat@kantor.example", ANI, host=SMTP)
    a_transaction(story, "rapat@kantor.example")
    story.queue(MX1, "q2", BUDI, CITRA)
    assert ("m1", "rapat@kantor.example") in after(story.events).custody
    story.talk(1, "S: 250 2.0.0 Ok #data.accepted")
    assert dict(after(story.events).custody) == {
        ("m1", ANI): SMTP,
        ("m1", BUDI): MX1,
        ("m1", CITRA): MX1,
    }


def test_lmtp_answers_for_each_recipient_by_itself() -> None:
    story = Story(step=6)
    story.compose(BUDI, CITRA, host=SMTP)
    a_transaction(story, BUDI, CITRA, protocol="lmtp")
    story.talk(1, "C: QUIT\nS: 452 4.2.2 mailbox full")
    scene = after(story.events)
    assert [verb for verb, _ in scene.connections[1].pending] == [".", "QUIT"]
    story.talk(1, "S: 250 2.0.0 Saved #lmtp.accepted")
    scene = after(story.events)
    assert [verb for verb, _ in scene.connections[1].pending] == ["QUIT"]
    assert dict(scene.custody) == {("m1", BUDI): SMTP, ("m1", CITRA): MX1}
    assert (MX1, "m1") in scene.copies


def test_a_recipient_who_was_answered_for_has_the_message_though_the_wire_was_cut_then() -> None:
    story = Story(step=6)
    story.compose(BUDI, CITRA, host=SMTP)
    a_transaction(story, BUDI, CITRA, protocol="lmtp")
    story.talk(1, "S: 250 2.0.0 Saved #lmtp.accepted")
    story.close(1, "dropped")
    scene = after(story.events)
    assert dict(scene.custody) == {("m1", BUDI): MX1, ("m1", CITRA): SMTP}
    assert (MX1, "m1") in scene.copies


def test_the_sender_of_a_message_that_nobody_composed_is_known_to_have_it() -> None:
    story = Story()
    a_transaction(story, BUDI)
    scene = after(story.events)
    assert scene.copies[SMTP, "m1"].octets == MESSAGE
    assert scene.custody["m1", BUDI] == SMTP
    story.talk(1, "S: 250 2.0.0 Ok #data.accepted")
    assert after(story.events).custody["m1", BUDI] == MX1


# Header fields -----------------------------------------------------------------------------------


def test_a_server_stamps_the_top_before_it_says_250() -> None:
    story = Story()
    a_transaction(story, BUDI)
    story.stamp(MX1, ("Received", "from smtp\r\n\tby mx1"), ("X-One", "1"))
    copy = after(story.events).copies[MX1, "m1"]
    assert copy.octets == b"Received: from smtp\r\n\tby mx1\r\nX-One: 1\r\n" + MESSAGE
    assert copy.added == (("Received", "from smtp\r\n\tby mx1"), ("X-One", "1"))
    story.stamp(MX1, ("Return-Path", "<>"))
    copy = after(story.events).copies[MX1, "m1"]
    assert [name for name, _ in copy.added] == ["Return-Path", "Received", "X-One"]


def test_a_stamp_at_the_bottom_ends_the_header_block() -> None:
    story = Story()
    story.compose(BUDI)
    story.stamp(PC_ANI, ("X-Spam", "no"), where="bottom")
    octets = after(story.events).copies[PC_ANI, "m1"].octets
    assert b"Subject: Halo\r\nX-Spam: no\r\n\r\nHalo Budi" in octets
    story.stamp(PC_ANI, ("X-Last", "1"), where="bottom")
    added = after(story.events).copies[PC_ANI, "m1"].added
    assert added == (("X-Spam", "no"), ("X-Last", "1"))


def test_a_composed_message_has_its_header_fields_already() -> None:
    story = Story()
    story.compose(BUDI)
    story.stamp(PC_ANI, ("Subject", "Halo"), where="whole")
    copy = after(story.events).copies[PC_ANI, "m1"]
    assert copy.octets == MESSAGE
    assert copy.added == (("Subject", "Halo"),)


def test_each_mailbox_gets_a_message_with_its_own_stamps() -> None:
    story = Story()
    a_transaction(story, BUDI, CITRA, protocol="lmtp")
    for recipient in (BUDI, CITRA):
        story.stamp(MX1, ("Delivered-To", recipient))
        stamped = f"Delivered-To: {recipient}\r\n".encode() + MESSAGE
        assert after(story.events).copies[MX1, "m1"].octets == stamped
        story.store(MX1, recipient, "1", stamped)
    copy = after(story.events).copies[MX1, "m1"]
    assert (copy.received, copy.added) == (MESSAGE, (("Delivered-To", CITRA),))


def test_a_mailbox_server_of_the_same_domain_stamps_what_lies_in_the_queue() -> None:
    story = Story()
    a_transaction(story, BUDI)
    story.queue(MX1, "q2", BUDI)
    story.stamp(MAIL, ("Return-Path", "<>"))
    assert after(story.events).copies[MAIL, "m1"].octets == b"Return-Path: <>\r\n" + MESSAGE


# Queues and bounces ------------------------------------------------------------------------------


def test_a_queue_knows_what_waits_and_until_when() -> None:
    story = Story()
    story.compose(BUDI, CITRA, host=SMTP)
    story.queue(SMTP, "q1", BUDI, CITRA)
    assert after(story.events).copies[SMTP, "m1"].queue_id == "q1"
    story.happens(
        SMTP, Retried(queue_id="q1", recipients=(BUDI,), reason="greylisted", next_attempt=300)
    )
    entry = after(story.events).queues[SMTP]["q1"]
    assert (entry.recipients, entry.reason, entry.next_attempt) == ((BUDI,), "greylisted", 300)
    story.happens(SMTP, Removed(queue_id="q0"))
    assert (SMTP, "m1") in after(story.events).copies
    story.happens(SMTP, Removed(queue_id="q1"))
    scene = after(story.events)
    assert not scene.queues
    assert (SMTP, "m1") not in scene.copies


def test_nobody_is_answerable_for_a_bounced_recipient() -> None:
    story = Story()
    story.compose(BUDI, CITRA, host=SMTP)
    story.queue(SMTP, "q1", BUDI, CITRA)
    story.happens(SMTP, Bounced(queue_id="q1", recipients=(CITRA,), reason="5.1.1", bounce="m2"))
    scene = after(story.events)
    assert dict(scene.custody) == {("m1", BUDI): SMTP}
    assert scene.queues[SMTP]["q1"].recipients == (BUDI,)


def test_the_host_that_queues_a_bounce_answers_for_it() -> None:
    story = Story(journey="m2")
    story.queue(SMTP, "q9", ANI)
    assert dict(after(story.events).custody) == {("m2", ANI): SMTP}


def test_a_second_queue_does_not_take_custody() -> None:
    story = Story()
    a_transaction(story, BUDI)
    story.queue(MX1, "q2", BUDI)
    assert after(story.events).custody["m1", BUDI] == SMTP


# Mailboxes ---------------------------------------------------------------------------------------


def test_a_mailbox_is_the_recipients_whatever_the_letter_case() -> None:
    story = Story()
    story.compose("Budi@Kantor.example")
    story.store(MAIL, BUDI, "7", MESSAGE)
    scene = after(story.events)
    assert dict(scene.custody) == {("m1", "Budi@Kantor.example"): MAIL}
    assert scene.mailboxes[BUDI][0].uid == "7"


def test_the_mailbox_server_holds_the_message_until_its_last_mailbox_is_emptied() -> None:
    story = Story()
    story.compose(BUDI, CITRA)
    story.store(MAIL, BUDI, "1", MESSAGE)
    story.store(MAIL, CITRA, "1", MESSAGE)
    fetched = two_domains()[-2].fact
    story.happens(PC_BUDI, fetched)
    scene = after(story.events)
    assert scene.copies[MAIL, "m1"].mailboxes == (CITRA,)
    assert dict(scene.custody) == {("m1", BUDI): PC_BUDI, ("m1", CITRA): MAIL}


def test_a_mailbox_keeps_its_mails_in_the_order_in_which_they_came() -> None:
    story = Story()
    for uid in ("9", "10", "1"):
        story.store(MAIL, BUDI, uid, MESSAGE)
    story.happens(PC_BUDI, Read(mailbox=BUDI, uid="9", protocol="pop3", subject=""))
    mailbox = after(story.events).mailboxes[BUDI]
    assert [(mail.uid, mail.state) for mail in mailbox] == [
        ("9", "read"),
        ("10", "stored"),
        ("1", "stored"),
    ]
    assert (len(mailbox), mailbox[-1].uid) == (3, "1")
    assert [mail.uid for mail in mailbox[:2]] == ["9", "10"]


# DNS caches --------------------------------------------------------------------------------------


def test_a_resolver_remembers_an_answer_for_its_shortest_ttl() -> None:
    story = Story()
    records = ("www.Kantor.example. 600 IN CNAME a.kantor.example.", "a. 60 IN A 192.0.2.9")
    story.answer(NS, RESOLVER, "WWW.kantor.example", "A", *records)
    story.answer(RESOLVER, SMTP, "WWW.kantor.example", "A", *records)
    scene = after(story.events)
    entry = scene.caches[RESOLVER]["www.kantor.example", "A"]
    assert entry.records == records
    assert entry.expires_at == story.events[1].at + 60 * SECOND
    assert set(scene.caches) == {RESOLVER}
    story.happens(SMTP, Removed(queue_id=""), after=60 * SECOND - 1)
    assert after(story.events).caches
    story.happens(SMTP, Removed(queue_id=""), after=1)
    scene = after(story.events)
    assert not scene.caches
    assert scene.next_expiry is None


def test_a_cached_answer_leaves_the_cache_as_it_is() -> None:
    story = Story()
    story.answer(NS, RESOLVER, "kantor.example", "MX", "kantor.example. 600 IN MX 10 mx1.")
    before = after(story.events).caches
    story.answer(
        RESOLVER, SMTP, "kantor.example", "MX", "kantor.example. 599 IN MX 10 mx1.", cached=True
    )
    assert after(story.events).caches == before


def test_a_referral_answers_nothing_and_a_missing_name_is_remembered_as_the_soa_says() -> None:
    story = Story()
    story.answer(
        ROOT, RESOLVER, "kantor.example", "MX", authority=("example. 3600 IN NS a.tld.example.",)
    )
    assert not after(story.events).caches
    soa = "example. 3600 IN SOA a.tld.example. admin.example. 1 7200 900 1209600 30"
    story.answer(NS, RESOLVER, "no.example", "MX", rcode="NXDOMAIN", authority=(soa,))
    entry = after(story.events).caches[RESOLVER]["no.example", "MX"]
    assert (entry.rcode, entry.expires_at) == ("NXDOMAIN", story.at + 30 * SECOND)


def test_what_may_not_be_remembered_is_not() -> None:
    story = Story()
    for ttl in ("0", "-1", "x", "²", str(2**31), "9" * 5000, "1e3"):
        story.answer(NS, RESOLVER, "a.example", "A", f"a.example. {ttl} IN A 192.0.2.1")
    story.answer(NS, RESOLVER, "a.example", "A", "garbage", rcode="NOERROR")
    story.answer(NS, RESOLVER, "a.example", "A", "a. 60 IN A 192.0.2.1", rcode="SERVFAIL")
    story.answer(NS, SMTP, "a.example", "A", "a. 60 IN A 192.0.2.1")
    assert not after(story.events).caches
