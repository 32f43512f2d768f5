"""Messages as they are written and opened again, with the standard email package as the judge."""

from __future__ import annotations

import email
import email.policy
import random
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulator.mail.header import fields_of, split_header, subject_of
from simulator.mail.message import attachments_of, compose
from simulator.scenario.model import Attachment, Mail

DATE = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=7)))
MESSAGE_ID = "<20261123090000.017656@pc-ani.kampus.example>"
TEXT = st.text(alphabet=st.characters(codec="utf-8"))


def mail(
    *,
    sender: str = "ani@kampus.example",
    to: tuple[str, ...] = ("citra@kantor.example",),
    cc: tuple[str, ...] = (),
    bcc: tuple[str, ...] = (),
    subject: str = "Rapat Senin",
    body: str = "Halo,\n\nRapat dimulai pukul 09.00.\n\nAni\n",
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    return Mail(
        sender=sender, to=to, cc=cc, bcc=bcc, subject=subject, body=body, attachments=attachments
    )


def written(wanted: Mail, seed: int = 1) -> bytes:
    drawn = random.Random(seed)
    return compose(wanted, date=DATE, message_id=MESSAGE_ID, random=drawn).octets


def opened(octets: bytes) -> EmailMessage:
    message = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def a_file(name: str = "jadwal.csv", octets: bytes = b"hari,jam\r\n") -> Attachment:
    return Attachment(name=name, media_type="text/csv", octets=octets)


def test_a_plain_mail_is_written_octet_for_octet() -> None:
    assert written(mail(cc=("dedi@kantor.example",))) == (
        b"From: ani@kampus.example\r\n"
        b"To: citra@kantor.example\r\n"
        b"Cc: dedi@kantor.example\r\n"
        b"Subject: Rapat Senin\r\n"
        b"Date: Mon, 23 Nov 2026 09:00:00 +0700\r\n"
        b"Message-ID: <20261123090000.017656@pc-ani.kampus.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Halo,\r\n\r\nRapat dimulai pukul 09.00.\r\n\r\nAni\r\n"
    )


def test_a_mail_with_a_file_is_written_octet_for_octet() -> None:
    message = compose(
        mail(subject="", body="Jadwal é", attachments=(a_file(),)),
        date=DATE,
        message_id=MESSAGE_ID,
        random=random.Random(1),
    )
    assert message.octets.partition(b"MIME-Version: 1.0\r\n")[2] == (
        b"Content-Type: multipart/mixed;\r\n"
        b' boundary="=_d8f16adf91b7584a2265b1f5"\r\n'
        b"\r\n"
        b"--=_d8f16adf91b7584a2265b1f5\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n"
        b"\r\n"
        b"Jadwal =C3=A9\r\n"
        b"\r\n"
        b"--=_d8f16adf91b7584a2265b1f5\r\n"
        b"Content-Type: text/csv\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment;\r\n"
        b' filename="jadwal.csv"\r\n'
        b"\r\n"
        b"aGFyaSxqYW0NCg==\r\n"
        b"\r\n"
        b"--=_d8f16adf91b7584a2265b1f5--\r\n"
    )
    assert message.fields == fields_of(message.octets)
    assert ("Subject", "") in message.fields


def test_bcc_is_nowhere_in_the_message() -> None:
    octets = written(mail(to=(), bcc=("rahasia@kantor.example",)))
    assert b"rahasia" not in octets
    assert [name for name, _ in fields_of(octets)][:2] == ["From", "Subject"]


def test_a_long_list_of_recipients_stands_one_a_line() -> None:
    many = tuple(f"orang{n}@kantor.example" for n in range(40))
    octets = written(mail(to=many))
    assert b"To: orang0@kantor.example,\r\n orang1@kantor.example,\r\n" in octets
    judged = opened(octets)["To"].addresses
    assert tuple(address.addr_spec for address in judged) == many


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("subject", mail(subject="x\r\nBcc: v@x.example")),
        ("subject", mail(subject="x\nBcc: v@x.example")),
        ("subject", mail(subject="x\r")),
        ("subject", mail(subject="x\u2028y")),
        ("subject", mail(subject="x\0y")),
        ("subject", mail(subject="x\udcffy")),
        ("sender", mail(sender="ani@kampus.example\r\nBcc: v@x.example")),
        ("sender", mail(sender="")),
        ("sender", mail(sender="ani")),
        ("sender", mail(sender="@kampus.example")),
        ("sender", mail(sender="Ani <ani@kampus.example>")),
        ("to", mail(to=("citra@kantor.example>\r\nRCPT TO:<c@d.example",))),
        ("to", mail(to=("citra@kantor.example, dedi@kantor.example",))),
        ("to", mail(to=("citra@@kantor.example",))),
        ("to", mail(to=("a" * 250 + "@kantor.example",))),
        ("cc", mail(cc=("x\n@kantor.example",))),
        ("bcc", mail(bcc=("a@b.example>\r\nRCPT TO:<c@d.example",))),
        ("body", mail(body="x\udcff")),
        ("attachments[0].name", mail(attachments=(a_file("a\r\nX-Evil: b"),))),
        ("attachments[0].name", mail(attachments=(a_file("../etc/passwd"),))),
        ("attachments[0].name", mail(attachments=(a_file("..\\autoexec.bat"),))),
        ("attachments[0].name", mail(attachments=(a_file(""),))),
        ("attachments[0].name", mail(attachments=(a_file(".."),))),
        ("attachments[0].name", mail(attachments=(a_file(" x"),))),
        ("attachments[0].name", mail(attachments=(a_file("n" * 256),))),
        ("attachments[1].name", mail(attachments=(a_file(), a_file("a\x1bb")))),
        (
            "attachments[0].media_type",
            mail(attachments=(Attachment(name="a", media_type="a/b\r\nX: y", octets=b""),)),
        ),
        (
            "attachments[0].media_type",
            mail(attachments=(Attachment(name="a", media_type="text", octets=b""),)),
        ),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_by_the_name_of_its_field(
    field: str, wrong: Mail
) -> None:
    with pytest.raises(ValueError) as refusal:
        written(wrong)
    assert str(refusal.value).startswith(f"{field}: ")


def test_a_date_without_a_zone_and_a_broken_message_id_are_refused() -> None:
    drawn = random.Random(1)
    with pytest.raises(ValueError, match=r"^date: "):
        compose(mail(), date=datetime(2026, 11, 23), message_id=MESSAGE_ID, random=drawn)
    for broken in ("", "x@y", "<x>", "<x@y>\r\nBcc: v@x", "<a b@c>"):
        with pytest.raises(ValueError, match=r"^message_id: "):
            compose(mail(), date=DATE, message_id=broken, random=drawn)


@given(TEXT, TEXT)
@example("=?utf-8?q?bukan_sandi?=", "")
@example("spasi  ganda, di depan", " . \n.\n..\n")
@example("a" * 1200, "L" * 1200)
@example("kata " * 60, "é" * 1200)
@example("Rapat — “Senin” " * 20, "tab\t \nspasi \n")
def test_every_reader_sees_the_subject_and_the_body_that_were_written(
    subject: str, body: str
) -> None:
    try:
        octets = written(mail(subject=subject, body=body))
    except ValueError:
        assert subject.splitlines() != [subject] or "\0" in subject
        return
    judge = opened(octets)
    assert judge["Subject"] == subject
    assert subject_of(octets) == subject
    normal = body.replace("\r\n", "\n").replace("\r", "\n")
    whole = normal if not normal or normal.endswith("\n") else normal + "\n"
    assert judge.get_payload(decode=True).decode().replace("\r\n", "\n") == whole


@given(TEXT, TEXT, st.binary(max_size=300))
def test_a_message_is_seven_bit_lines_of_bearable_length(
    subject: str, body: str, octets: bytes
) -> None:
    try:
        message = written(mail(subject=subject, body=body, attachments=(a_file(octets=octets),)))
    except ValueError:
        return
    lines = message.split(b"\r\n")
    assert message.isascii()
    assert b"\0" not in message
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@given(
    st.lists(
        st.builds(
            Attachment,
            name=st.one_of(TEXT, st.from_regex(r"[ -~]{1,20}", fullmatch=True)),
            media_type=st.sampled_from(
                ["text/csv", "image/png", "application/pdf", "message/rfc822", "multipart/mixed"]
            ),
            octets=st.binary(),
        ),
        min_size=1,
        max_size=3,
    )
)
@example([Attachment(name="=?utf-8?q?a?=.txt", media_type="text/plain", octets=b"\r\n.\r\n")])
@example([Attachment(name="dua  spasi.txt", media_type="text/plain", octets=b"x")])
@example([Attachment(name='"kutip"', media_type="text/plain", octets=b"x")])
@example([Attachment(name="n" * 255, media_type="text/plain", octets=b"--")])
@example([Attachment(name="é" * 127, media_type="text/plain", octets=b"")])
@example([Attachment(name="a'b%20\"c;d.txt", media_type="text/plain", octets=b"x")])
def test_files_arrive_as_they_were_sent(files: list[Attachment]) -> None:
    try:
        octets = written(mail(attachments=tuple(files)))
    except ValueError as refusal:
        assert ".name: " in str(refusal)
        return
    judged = list(opened(octets).iter_attachments())
    assert [part.get_payload(decode=True) for part in judged] == [file.octets for file in files]
    names = [part["Content-Disposition"].params["filename"] for part in judged]
    assert names == [file.name for file in files]
    read = attachments_of(octets)
    assert [(file.name, file.octets) for file in read] == [(f.name, f.octets) for f in files]


def test_a_composite_media_type_is_sent_as_a_plain_file() -> None:
    forwarded = Attachment(name="asli.eml", media_type="message/rfc822", octets=written(mail()))
    (part,) = opened(written(mail(attachments=(forwarded,)))).iter_attachments()
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_content() == forwarded.octets


def test_twenty_five_megabytes_travel_unharmed() -> None:
    large = random.Random(25).randbytes(25_000_000)
    octets = written(mail(attachments=(a_file("laporan.pdf", large),)))
    assert 33_000_000 < len(octets) < 36_000_000
    (file,) = attachments_of(octets)
    assert file.octets == large


def test_the_same_random_gives_the_same_octets_and_the_global_one_is_left_alone() -> None:
    random.seed(4)
    before = random.getstate()
    wanted = mail(attachments=(a_file(),))
    first, again, other = written(wanted, 1), written(wanted, 1), written(wanted, 2)
    assert random.getstate() == before
    assert first == again
    assert first != other
    assert opened(first).get_boundary() != opened(other).get_boundary()


def test_a_text_that_holds_the_boundary_gets_another_one() -> None:
    drawn = opened(written(mail(attachments=(a_file(),)))).get_boundary()
    octets = written(mail(body=f"--{drawn}\n", attachments=(a_file(),)))
    assert opened(octets).get_boundary() != drawn
    assert attachments_of(octets) == (a_file(),)
    body = opened(octets).get_body()
    assert body is not None
    assert body.get_content() == f"--{drawn}\r\n"


SWAKS = b"""\
Date: Mon, 23 Nov 2026 11:20:10 +0000
Subject: Rapat Senin
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="----=_MIME_BOUNDARY_000_11745"

------=_MIME_BOUNDARY_000_11745
Content-Type: text/plain

Halo,

------=_MIME_BOUNDARY_000_11745
Content-Type: text/csv; name="jadwal.csv"
Content-Description: jadwal.csv
Content-Disposition: attachment; filename="jadwal.csv"
Content-Transfer-Encoding: BASE64

aGFyaSxqYW0scnVhbmcKU2VuaW4sMDkuMDAsQTEKU2VsYXNhLDEwLjAwLEIyCg==

------=_MIME_BOUNDARY_000_11745
Content-Type: application/octet-stream; name="../../etc/passwd"
Content-Transfer-Encoding: quoted-printable

a=3Db
------=_MIME_BOUNDARY_000_11745--
an epilogue that is nobody's part
"""


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_files_that_another_client_attached_are_found(line_end: bytes) -> None:
    assert attachments_of(SWAKS.replace(b"\n", line_end)) == (
        Attachment(
            name="jadwal.csv",
            media_type="text/csv",
            octets=b"hari,jam,ruang\nSenin,09.00,A1\nSelasa,10.00,B2\n",
        ),
        Attachment(name="passwd", media_type="application/octet-stream", octets=b"a=b"),
    )


@pytest.mark.parametrize(
    ("described", "name"),
    [
        ('Content-Disposition: attachment; filename="laporan é.pdf"', "laporan é.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''laporan%20%C3%A9.pdf", "laporan é.pdf"),
        ("Content-Disposition: attachment; filename*0=lapo; filename*1=ran.pdf", "laporan.pdf"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?laporan_=C3=A9?="', "laporan é"),
        ('Content-Disposition: attachment;\r\n filename="C:\\\\sep\\\\laporan.pdf"', "laporan.pdf"),
        ('Content-Disposition: attachment; filename=".."', "attachment-1"),
        ("Content-Disposition: attachment", "attachment-1"),
        ("Content-Disposition: inline; filename=logo.png", "logo.png"),
        ("Content-Type: image/png; name=logo.png", "logo.png"),
    ],
)
def test_a_file_name_is_read_in_every_form_that_clients_write(described: str, name: str) -> None:
    (file,) = attachments_of(described.encode() + b"\r\n\r\nisi\r\n")
    assert (file.name, file.octets) == (name, b"isi\r\n")


@pytest.mark.parametrize("hostile", [b"(", b'"', b"; a=b", b"=?"])
def test_a_description_made_to_exhaust_the_reader_describes_nothing(hostile: bytes) -> None:
    long = hostile * 100_000
    assert attachments_of(b"Content-Type: text/plain; " + long + b"\r\n\r\nisi") == ()
    assert attachments_of(b"Content-Disposition: " + long + b"\r\n\r\nisi") == ()


def test_a_message_without_files_has_no_attachments() -> None:
    assert attachments_of(written(mail())) == ()
    assert attachments_of(b"") == ()


def test_a_message_whose_parts_nest_without_end_is_read_in_good_time() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(1000)
    )
    assert attachments_of(deep + b"Content-Disposition: attachment\r\n\r\nx") == ()
    part = b"--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
    wide = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 5000
    assert 0 < len(attachments_of(wide)) < 5000


PIECES = st.sampled_from(
    [
        *(
            b"Content-Type: ",
            b"multipart/mixed; ",
            b"boundary=b",
            b'boundary="b',
            b"\r\n\r\n--b\r\n",
        ),
        *(b"--b--", b"\r\n", b"\r\n ", b"Content-Disposition: ", b"attachment; ", b"filename=x"),
        *(b"filename*=utf-8''%FF", b"filename*0*=x''a", b"filename*1=b", b'"', b";", b"=?utf-8?q?"),
        *(
            b"Content-Transfer-Encoding: base64",
            b"!!",
            b"x-uuencode",
            b"\xff",
            b"\0",
            b"charset=idna",
        ),
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(), st.lists(PIECES, max_size=25).map(b"".join)))
def test_no_message_however_broken_stops_the_reader(octets: bytes) -> None:
    for file in attachments_of(octets):
        assert file.name
        assert "/" not in file.name
        assert file.name.encode("utf-8").decode("utf-8") == file.name
        assert len(file.octets) <= len(octets)


def test_the_header_ends_where_the_body_begins() -> None:
    header, body = split_header(written(mail(body="Halo: bukan header\n")))
    assert header.endswith(b"7bit\r\n")
    assert body == b"Halo: bukan header\r\n"


def test_the_moment_of_a_date_survives() -> None:
    judged = opened(written(mail()))["Date"].datetime
    assert judged == DATE
    assert judged.astimezone(UTC).hour == 2


@pytest.mark.parametrize(
    ("author", "field"),
    [
        ("direktur@kantor.example", "direktur@kantor.example"),
        ("Ibu Direktur <direktur@kantor.example>", "Ibu Direktur <direktur@kantor.example>"),
        ("R. Sari, Bank <a@b.example>", '"R. Sari, Bank" <a@b.example>'),
        ("Émile <a@b.example>", "=?utf-8?b?w4ltaWxl?= <a@b.example>"),
    ],
)
def test_the_from_field_says_what_its_author_wants_it_to_say(author: str, field: str) -> None:
    octets = compose(
        Mail(sender="ani@kampus.example", to=("citra@kantor.example",), header_from=author),
        date=DATE,
        message_id=MESSAGE_ID,
        random=random.Random(1),
    ).octets
    assert octets.startswith(f"From: {field}\r\n".encode())


def test_a_from_field_with_a_line_break_is_refused() -> None:
    forged = Mail(
        sender="ani@kampus.example", to=(), header_from="a@b.example>\r\nBcc: <v@x.example"
    )
    with pytest.raises(ValueError, match="header_from: a line break"):
        compose(
            forged,
            date=DATE,
            message_id=MESSAGE_ID,
            random=random.Random(1),
        )
