"""What is kept of a capture, and what is masked."""

from __future__ import annotations

from tests.truth.captures import CAPTURED
from tests.truth.cases import CASES
from tests.truth.extract import conversations, decrypted, questions
from tests.truth.rendering import masked, story_of_the_header

TRANSCRIPT = """\
=== SMTP  smtp.kampus.example [10.77.0.25]:57868  ->  mx1.kantor.example [10.77.0.41]:25
+   0.023 C  [SYN]
+   0.024 S| 220 mx1.kantor.example ESMTP Postfix (Debian/GNU)
+   0.024 C| EHLO smtp.kampus.example
+   0.024 S| 250-mx1.kantor.example
          S| 250-PIPELINING
          S| 250 DSN
+   0.024 C| MAIL FROM:<ani@kampus.example> SIZE=485
          C| RCPT TO:<citra@kantor.example>
          C| DATA
+   0.024 S| 250 2.1.0 Ok
          S| 550 5.1.1 <citra@kantor.example>: no such user
          S| 354 End data with <CR><LF>.<CR><LF>
+   0.024 C|~Subject: titik
          C|~
          C|~..
          C| .
          C| QUIT
+   0.025 S| 250 2.0.0 Ok: queued as DEF2A164124
+   0.025 S  [FIN]

=== POLICY(postgrey)  mx1 [127.0.0.1]:5  ->  mx1 [127.0.0.1]:10023
+   0.030 C| request=smtpd_access_policy
"""


def test_a_conversation_keeps_commands_codes_offers_and_segments():
    (spoken,) = conversations(TRANSCRIPT)
    told = spoken.conversation()
    assert told.topic == "25 smtp.kampus.example > mx1.kantor.example"
    assert told.script == [
        "S: 220 mx1.kantor.example",
        "C: EHLO smtp.kampus.example",
        "S: 250 mx1.kantor.example",
        "S| offers PIPELINING",
        "S| offers DSN",
        "C: MAIL FROM:<ani@kampus.example> SIZE=n",
        "C+ RCPT TO:<citra@kantor.example>",
        "C+ DATA",
        "S: 250 2.1.0",
        "S+ 550 5.1.1",
        "S+ 354",
        "C: (message)",
        "C+ QUIT",
        "S: 250 2.0.0",
    ]
    assert spoken.message() == b"Subject: titik\r\n\r\n.\r\n"


def test_what_a_client_said_inside_tls_is_kept_too():
    swaks, postfix = decrypted(
        "=== Trying smtp.kampus.example:587...\n"
        " -> STARTTLS\n"
        "<-  220 2.0.0 Ready to start TLS\n"
        "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
        " ~> DATA\n"
        "<~  354 End data with <CR><LF>.<CR><LF>\n"
        " ~> Subject: halo\n"
        " ~> .\n"
        "> mx1.kantor.example[10.77.0.41]:25: DATA\n"
        "< mx1.kantor.example[10.77.0.41]:25: 354 End data\n"
        "> mx1.kantor.example[10.77.0.41]:25: .\n"
    )
    script = swaks.conversation().script
    assert script == ["C: STARTTLS", "S: 220 2.0.0", "TLS", "C: DATA", "S: 354", "C: (message)"]
    assert postfix.conversation().script == ["C: DATA", "S: 354", "C: (message, sealed)"]


def test_only_what_a_host_asked_its_resolver_is_kept_of_the_dns():
    asked = questions(
        "+   0.018 [MTA/client<->resolver]      kampus -> res     QUERY  MX kantor.example\n"
        "+   0.018 [resolver<->authoritative]      res -> tld     QUERY  A kantor.example OPT\n"
        "+   0.018 [MTA/client<->resolver]         res -> kampus  ANSWER rcode=NOERROR "
        "MX kantor.example MX 20 mx2.kantor.example MX 10 mx1.kantor.example\n"
        "+   0.019 [MTA/client<->resolver]      kampus -> res     QUERY  A tidakada.example\n"
        "+   0.019 [MTA/client<->resolver]         res -> kampus  ANSWER rcode=NXDOMAIN "
        "No such name A tidakada.example SOA a.tld.example\n"
    )
    assert list(asked) == [
        "smtp.kampus.example: MX kantor.example -> 10 mx1.kantor.example, 20 mx2.kantor.example",
        "smtp.kampus.example: A tidakada.example -> NXDOMAIN",
    ]


def test_a_field_belongs_to_the_host_that_was_the_first_to_send_it():
    first = b"From: ani@kampus.example\r\n\r\n"
    second = (
        b"Received: from pc (pc [10.1.2.3])\r\n\tby smtp with ESMTP id ABCDEF01234;\r\n" + first
    )
    assert list(story_of_the_header([("pc", first), ("smtp", second)])) == [
        "pc: From",
        "smtp: Received: from pc (pc [address])",
        "smtp:   by smtp",
        "smtp:   with ESMTP",
        "smtp:   id ID;",
    ]


def test_a_date_an_address_and_an_id_are_masked_and_nothing_else():
    assert masked("DATA") == "DATA"
    assert masked("550 5.1.1 <x@[192.0.2.1]>") == "550 5.1.1 <x@[address]>"
    assert masked("Date: Mon, 23 Nov 2026 10:19:19 +0000 (UTC)") == "Date: DATE"


def test_every_captured_case_is_compared():
    assert {path.stem for path in CAPTURED.glob("*.toml")} == {case.truth().name for case in CASES}
