"""The mails about which Dovecot was asked; what it said stands in ``said``."""

from __future__ import annotations


def _mail(header: str, body: str = "") -> bytes:
    return f"{header}\n{body}".replace("\n", "\r\n").encode()


PLAIN = (
    _mail(
        "From: Ani <ani@kampus.example>\n"
        "To: Citra <citra@kantor.example>, budi@x.example\n"
        "Subject: satu rapat\n"
        "Date: Mon, 23 Nov 2026 11:18:05 +0000\n"
        "Message-ID: <1@a>\n",
        "Halo isi satu\n",
    ),
    _mail("Subject: dua\n", "body two\n"),
    _mail("Subject: tiga\n", "body three\n"),
)
"""Three small mails, for the commands."""

ATTACHMENTS = _mail(
    "From: ani@kampus.example\n"
    "To: citra@kantor.example\n"
    "Subject: Rapat Senin\n"
    "Date: Mon, 23 Nov 2026 09:00:00 +0700\n"
    "Message-ID: <20261123090000.839816@pc-ani.kampus.example>\n"
    "MIME-Version: 1.0\n"
    'Content-Type: multipart/mixed;\n boundary="=_188611df426d0185561bc996"\n',
    "--=_188611df426d0185561bc996\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: 7bit\n\n"
    "Halo,\n\nRapat dimulai pukul 09.00.\n\n"
    "--=_188611df426d0185561bc996\n"
    "Content-Type: text/csv\n"
    "Content-Transfer-Encoding: base64\n"
    'Content-Disposition: attachment;\n filename="jadwal.csv"\n\n'
    "aGFyaSxqYW0scnVhbmcKU2VuaW4sMDkuMDAsQTEKU2VsYXNhLDEwLjAwLEIyCg==\n\n"
    "--=_188611df426d0185561bc996\n"
    "Content-Type: image/png\n"
    "Content-Transfer-Encoding: base64\n"
    'Content-Disposition: attachment;\n filename="logo.png"\n\n'
    "iVBORw0KGgoAAAANSUhEUg==\n\n"
    "--=_188611df426d0185561bc996--\n",
)

PEOPLE = _mail(
    'From: "Ani, Putri" <ani@kampus.example>, budi@x (Budi S)\n'
    "Sender: s@x.example\n"
    "Reply-To: =?utf-8?q?=C3=A9?= <r@x>\n"
    "To: undisclosed-recipients:;\n"
    "Cc: Tim: a@x, b@y; , <@relay:c@z>\n"
    "Bcc: d\n"
    "In-Reply-To: <a@b>\n"
    'Subject: =?utf-8?B?w6k=?=\n folded "q" \\ back\n'
    "Date:   Mon,  23 Nov 2026 11:18:05 +0000 (UTC)\n"
    "Message-ID: <1@a> (c)\n",
    "x\n",
)

BROKEN_PEOPLE = _mail(
    "From: a@b\n"
    "Sender:\n"
    'To: <a@b> , "x y"@z, a.b@[1.2.3.4], (c) d @ e, <>, f <g>, Group: ;, =?x?= h i <j@k>, l@m n@o\n'
    "Cc: <a@b\n"
    'Bcc: "a\n b" <c@d>\n'
    "Message-ID: <x\n y>\n"
    "Subject: t\tab\n\tfold\n"
)

EMPTY_FIELDS = _mail("Subject:\nFrom:\nTo: a b c\nDate:\nMessage-ID:\n", "x\n")

EIGHT_BIT = _mail(
    "Subject: mentah é\n"
    "From: Ké <k@x>\n"
    'Content-Type: text/plain; charset="utf-8"; format=flowed\n'
    "Content-Transfer-Encoding: 8BIT\n",
    "é\n",
)

NESTED = _mail(
    "Content-Type: multipart/mixed; boundary=b\nMIME-Version: 1.0\n",
    "pre\n--b\n"
    'Content-Type: multipart/alternative; boundary="c"\n\n'
    "--c\n\nplain\n--c\n"
    "Content-Type: text/html\n"
    "Content-Language: id, en\n"
    "Content-Location: http://x/\n"
    "Content-MD5: abc\n"
    "Content-ID: <cid>\n"
    "Content-Description: a desc\n\n"
    "<p>\n--c--\n--b\n"
    "Content-Type: message/rfc822\n"
    'Content-Disposition: attachment; filename="a b.eml"; size=3\n\n'
    "Subject: inner\nFrom: i@x\nContent-Type: multipart/mixed; boundary=d\n\n"
    "--d\n\nin1\n--d\n"
    "Content-Type: image/png; name=x.png\n"
    "Content-Transfer-Encoding: base64\n\n"
    "AAAA\n--d--\nepi\n--b\n"
    'Content-Type: application/x; a*0="x"; a*1="y"\n\n\n'
    "--b--\nepilogue\n",
)

ODD_STRUCTURES = (
    _mail("Content-Type: multipart/mixed; boundary=b\n", "no parts here\n"),
    _mail("Content-Type: multipart/mixed; boundary=b\n", "--b\n\nunclosed\n"),
    _mail("Content-Type: multipart/mixed\n", "x\n"),
    _mail("Content-Type: multipart/mixed; boundary=b\n", "--b--\n"),
    _mail("Content-Type: multipart/mixed; boundary=b\n", "--b\n--b\n\nx\n--b--\n"),
    _mail("Content-Type: multipart/digest; boundary=b\n", "--b\n\nSubject: dig\n\nbody\n--b--\n"),
    _mail("Content-Type: message/rfc822\n", "Subject: in\n\nhello\n"),
    _mail("Content-Type: rubbish\nContent-Transfer-Encoding: foo bar\n", "x\n"),
    _mail("Content-Type: text\n", "x\n"),
    _mail("Content-Type: text/plain; NAME=x\nSubject: a b\n", "x\n"),
    _mail(""),
    _mail(
        "Content-Type: multipart/alternative; boundary=x\n",
        "--x\n"
        'Content-Type: multipart/related; type=text; boundary=y; a="b\\"c"\n'
        "Content-Disposition: inline\nContent-Language: en\nContent-Location: l\n\n"
        "--y\n\nhi\n--y--\n--x\n"
        "Content-Transfer-Encoding: Base64 (c)\n"
        "Content-Disposition: attachment; filename*0*=utf-8''a; filename*1=b\n\n"
        "aGk=\n--x--\n",
    ),
)

STRUCTURES = (
    *(ATTACHMENTS, PEOPLE, BROKEN_PEOPLE, EMPTY_FIELDS, EIGHT_BIT, NESTED),
    *ODD_STRUCTURES,
)
"""For ENVELOPE, BODYSTRUCTURE and the sections."""
