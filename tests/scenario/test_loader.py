"""A scenario says little and means much: what the loader makes of a few lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.domain import MailExchanger
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, load, loads
from simulator.scenario.model import PickUp, Scenario, Words
from simulator.scenario.topology import hosts_of
from simulator.scenario.virtual_time import SECOND

SMALLEST = """\
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="rapat/scenario.toml", folder=Path("rapat"), overrides=overrides)


def said(text: str, overrides: Overrides) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text, overrides)
    return str(caught.value)


def test_the_smallest_scenario_is_three_lines() -> None:
    scenario = read(SMALLEST)
    (mail,) = scenario.mails
    assert (mail.sender, mail.to) == ("ani@kampus.example", ("citra@kantor.example",))
    assert (mail.cc, mail.bcc, mail.subject, mail.body, mail.attachments, mail.at) == (
        (),
        (),
        "",
        "",
        (),
        0,
    )
    assert scenario.name == "rapat"
    assert (scenario.seed, scenario.latency, scenario.minutes) == (1, 10_000, 5)
    assert (scenario.start, scenario.chapter) == ("2026-11-23T09:00:00+07:00", "basics")


def test_a_domain_that_sends_is_its_own_mail_exchanger() -> None:
    kampus, _ = read(SMALLEST).domains
    assert kampus.name == "kampus.example"
    assert kampus.users == ("ani",)
    assert kampus.submission == "smtp.kampus.example"
    assert kampus.exchangers == (MailExchanger(preference=10, host="smtp.kampus.example"),)
    assert kampus.mailbox == "mail.kampus.example"
    assert (kampus.relays, kampus.delivery, kampus.tls) == ((), "local", "none")
    assert kampus.size_limit == 50_000_000


def test_a_domain_that_only_receives_has_a_mail_exchanger_of_its_own() -> None:
    _, kantor = read(SMALLEST).domains
    assert kantor.name == "kantor.example"
    assert kantor.users == ("citra",)
    assert kantor.exchangers == (MailExchanger(preference=10, host="mx1.kantor.example"),)
    assert (kantor.submission, kantor.mailbox) == ("smtp.kantor.example", "mail.kantor.example")


def test_every_recipient_fetches_once_after_a_minute() -> None:
    text = SMALLEST + 'cc = "dedi@kantor.example"\nbcc = ["budi@kampus.example"]\n'
    assert read(text).pickups == (
        PickUp(mailbox="citra@kantor.example", protocol="pop3", after=60 * SECOND, keep=False),
        PickUp(mailbox="dedi@kantor.example"),
        PickUp(mailbox="budi@kampus.example"),
    )


def test_a_declared_pickup_replaces_the_default_of_that_mailbox_only() -> None:
    text = (
        SMALLEST
        + 'cc = "dedi@kantor.example"\n'
        + '[[pickup]]\nmailbox = "citra@Kantor.Example"\nafter = "3 d"\nkeep = true\n'
        + '[[pickup]]\nmailbox = "citra@kantor.example"\ndevice = "phone"\nprotocol = "imap"\n'
    )
    assert read(text).pickups == (
        PickUp(mailbox="citra@kantor.example", after=3 * 86_400 * SECOND, keep=True),
        PickUp(mailbox="citra@kantor.example", device="phone", protocol="imap"),
        PickUp(mailbox="dedi@kantor.example"),
    )


@pytest.mark.parametrize(
    ("pickups", "sentence"),
    [
        (
            '[[pickup]]\nmailbox = "citra@kantor.example"\n' * 2,
            'two pick-ups of citra@kantor.example on one device: write device = "phone"',
        ),
        (
            '[[pickup]]\nmailbox = "citra@kantor.example"\nidle = true\n',
            'only IMAP lets a client wait for mail: write protocol = "imap" as well',
        ),
        (
            '[[pickup]]\nmailbox = "citra@kantor.example"\ndevice = "Ponsel 1"\n',
            '"Ponsel 1" is no name of a device: write a short word in small letters',
        ),
    ],
)
def test_devices_that_cannot_be(pickups: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(SMALLEST + pickups)
    assert sentence in caught.value.sentence("en")


def test_one_pickup_needs_no_double_brackets() -> None:
    text = SMALLEST + '[pickup]\nmailbox = "ani@kampus.example"\n'
    assert [one.mailbox for one in read(text).pickups] == [
        "ani@kampus.example",
        "citra@kantor.example",
    ]


@pytest.mark.parametrize("nobody", ['pickup = "none"', "pickup = []"])
def test_nobody_fetches_where_the_scenario_says_so(nobody: str) -> None:
    assert read(f"{nobody}\n{SMALLEST}").pickups == ()


def test_a_recipient_without_a_mailbox_fetches_nothing() -> None:
    text = SMALLEST + '[domains."kantor.example"]\nusers = ["dedi"]\n'
    assert read(text).pickups == ()


def test_all_keys_of_a_domain() -> None:
    text = SMALLEST + (
        '[domains."Kantor.Example"]\n'
        'users = ["citra", "dedi", "citra"]\n'
        'mx = ["10 MX1.kantor.example", "20 mx2.kantor.example", "10  mx1.kantor.example"]\n'
        'submission = "keluar.kantor.example"\n'
        'mailbox = "kotak.kantor.example"\n'
        'relays = ["relay1.transit.example"]\n'
        'delivery = "lmtp"\n'
        'tls = "may"\n'
        "size_limit = 10_240_000\n"
    )
    kantor, kampus = read(text).domains
    assert kantor.name == "kantor.example"
    assert kantor.users == ("citra", "dedi")
    assert kantor.exchangers == (
        MailExchanger(preference=10, host="mx1.kantor.example"),
        MailExchanger(preference=20, host="mx2.kantor.example"),
    )
    assert (kantor.submission, kantor.mailbox) == ("keluar.kantor.example", "kotak.kantor.example")
    assert kantor.relays == ("relay1.transit.example",)
    assert (kantor.delivery, kantor.tls, kantor.size_limit) == ("lmtp", "may", 10_240_000)
    assert kampus.name == "kampus.example", "a sender's domain is made where none declares it"


def test_a_declared_domain_without_users_has_everyone_that_a_mail_names() -> None:
    text = SMALLEST + 'cc = ["dedi@kantor.example"]\n[domains."kantor.example"]\n'
    assert read(text).domains[0].users == ("citra", "dedi")


def test_the_mail_exchanger_of_a_sending_domain_is_its_submission_host() -> None:
    text = SMALLEST + '[domains."kampus.example"]\nsubmission = "keluar.kampus.example"\n'
    text += '[domains."kantor.example"]\n'
    assert read(text).domains[0].exchangers[0].host == "keluar.kampus.example"


def test_a_domain_may_have_no_mail_exchanger_or_the_null_one() -> None:
    assert read(SMALLEST + '[domains."kantor.example"]\nmx = []\n').domains[0].exchangers == ()
    null = read(SMALLEST + '[domains."kantor.example"]\nmx = "0 ."\n').domains[0].exchangers
    assert null == (MailExchanger(preference=0, host="."),)


def test_one_host_may_do_everything_for_its_domain() -> None:
    host = '"kantor.example"\n'
    text = f'{SMALLEST}[domains."kantor.example"]\n'
    text += f'submission = {host}mailbox = {host}mx = "10 kantor.example"\n'
    kantor, _ = read(text).domains
    assert kantor.submission == kantor.mailbox == kantor.exchangers[0].host == "kantor.example"


def test_a_domain_that_does_not_send_may_name_the_relay_of_one_that_does() -> None:
    relays = 'relays = "relay1.transit.example"\n'
    text = f'{SMALLEST}[domains."kampus.example"]\n{relays}[domains."kantor.example"]\n{relays}'
    kampus, kantor = read(text).domains
    assert kampus.relays == kantor.relays == ("relay1.transit.example",)


def test_two_domains_may_both_take_no_mail() -> None:
    text = SMALLEST + '[domains."kampus.example"]\nmx = "0 ."\n'
    text += '[domains."kantor.example"]\nmx = "0 ."\n'
    assert [domain.exchangers[0].host for domain in read(text).domains] == [".", "."]


def test_several_mails_keep_their_order() -> None:
    scenario = read(
        '[[mail]]\nfrom = "ani@kampus.example"\nto = "budi@kampus.example"\nat = "2 h"\n'
        '[[mail]]\nfrom = "budi@kampus.example"\nto = "ani@kampus.example"\nat = "1.5 min"\n'
    )
    assert [mail.at for mail in scenario.mails] == [7200 * SECOND, 90 * SECOND]
    assert [domain.users for domain in scenario.domains] == [("ani", "budi")]


def test_duplicate_recipients_collapse_silently() -> None:
    scenario = read(
        '[mail]\nfrom = "ani@kampus.example"\n'
        'to = ["citra@kantor.example", "dedi@kantor.example", "citra@KANTOR.example"]\n'
    )
    assert scenario.mails[0].to == ("citra@kantor.example", "dedi@kantor.example")


def test_a_mail_may_go_to_bcc_alone() -> None:
    scenario = read('[mail]\nfrom = "ani@kampus.example"\nto = []\nbcc = "citra@kantor.example"\n')
    assert scenario.mails[0].recipients == ("citra@kantor.example",)


def test_the_domain_of_an_address_is_in_lower_case_and_its_user_as_written() -> None:
    scenario = read('[mail]\nfrom = "Ani@Kampus.EXAMPLE"\nto = "citra@kantor.example"\n')
    assert scenario.mails[0].sender == "Ani@kampus.example"


def test_a_mailbox_does_not_tell_capitals_apart() -> None:
    text = '[mail]\nfrom = "Ani@kampus.example"\n'
    text += 'to = ["Citra@kantor.example", "citra@kantor.example", "DEDI@kantor.example"]\n'
    undeclared = read(text)
    assert [domain.users for domain in undeclared.domains] == [("ani",), ("citra", "dedi")]
    assert [one.mailbox for one in undeclared.pickups] == [
        "citra@kantor.example",
        "dedi@kantor.example",
    ]
    declared = read(
        text
        + '[domains."kampus.example"]\nusers = ["ANI", "ani"]\n'
        + '[domains."kantor.example"]\nusers = ["citra", "dedi"]\n'
        + '[pickup]\nmailbox = "Citra@Kantor.example"\n'
    )
    assert declared.domains[0].users == ("ani",)
    assert declared.pickups == undeclared.pickups


@pytest.mark.parametrize(
    "address",
    ["a@kantor.test", "a@example.com", "a@mail.example.net", "o'neil+x@a.example.org", "1@1.test"],
)
def test_names_that_nobody_owns_need_no_declaration(address: str) -> None:
    assert read(f'[mail]\nfrom = "ani@kampus.example"\nto = "{address}"\n').mails[0].to == (
        address,
    )


def test_a_name_that_is_declared_may_be_any() -> None:
    text = '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.co.id"\n'
    text += '[domains."kantor.co.id"]\nusers = ["citra"]\n'
    assert read(text).domains[0].name == "kantor.co.id"


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-23T09:00:00+07:00",
        "2026-11-23 09:00:00+07:00",
        '"2026-11-23T09:00:00+07:00"',
        '"2026-11-23 09:00+07:00"',
    ],
)
def test_the_start_is_a_day_a_time_and_a_zone(start: str) -> None:
    assert read(f"start = {start}\n{SMALLEST}").start == "2026-11-23T09:00:00+07:00"


def test_the_keys_of_the_top() -> None:
    scenario = read(f'seed = 42\nlatency = "0.5 s"\nchapter = "queue"\nminutes = 9\n{SMALLEST}')
    assert (scenario.seed, scenario.latency) == (42, 500_000)
    assert (scenario.chapter, scenario.minutes) == ("queue", 9)


def test_a_byte_order_mark_and_crlf_are_no_trouble(tmp_path: Path) -> None:
    plain, windows = tmp_path / "plain", tmp_path / "windows"
    text = SMALLEST + 'subject = "Rapat Senin"\nbody = """\nHalo,\n\nAni\n"""\n'
    for folder, octets in (
        (plain, text.encode()),
        (windows, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
    ):
        folder.mkdir()
        (folder / "scenario.toml").write_bytes(octets)
    assert load(windows).mails == load(plain).mails
    assert load(windows).mails[0].body == "Halo,\n\nAni\n"
    (windows / "scenario.toml").write_bytes(b'\xef\xbb\xbf[mail]\r\nto = "b@b.test"\r\nfrm = 1\r\n')
    with pytest.raises(ScenarioError) as caught:
        load(windows)
    assert caught.value.line == 3


def test_a_file_by_another_name_gives_the_scenario_that_name(tmp_path: Path) -> None:
    (tmp_path / "rapat-besok.toml").write_text(SMALLEST)
    scenario = load(tmp_path / "rapat-besok.toml")
    assert scenario.name == "rapat-besok"
    assert scenario.words == {
        "en": Words(title="Rapat besok"),
        "id": Words(title="Rapat besok"),
    }


def test_a_folder_gives_the_scenario_its_name_and_its_words(tmp_path: Path) -> None:
    folder = tmp_path / "rapat"
    folder.mkdir()
    (folder / "scenario.toml").write_text(SMALLEST)
    (folder / "words.en.toml").write_text('title = "A meeting"\ngoal = """\nFollow\nit."""\n')
    (folder / "words.id.toml").write_text('title = "Rapat"\n')
    scenario = load(folder)
    assert scenario.name == "rapat"
    assert scenario.words == {
        "en": Words(title="A meeting", goal="Follow it."),
        "id": Words(title="Rapat"),
    }


def test_a_language_without_words_borrows_those_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(SMALLEST)
    (tmp_path / "words.id.toml").write_text('title = "Rapat"\n')
    assert load(tmp_path).words["en"] == Words(title="Rapat")


# What the command line says instead


def test_the_command_line_replaces_the_keys_of_the_first_mail() -> None:
    text = SMALLEST.replace("[mail]", "[[mail]]")
    scenario = read(
        f"seed = 3\n{text}subject = 'x'\n{text}subject = 'y'\n",
        Overrides(
            sender="budi@kampus.example",
            to=("dedi@kantor.example",),
            cc=("ani@kampus.example",),
            bcc=("eka@kantor.example", "eka@kantor.example"),
            subject="Selasa",
            body="Halo\n",
            seed=9,
        ),
    )
    first, second = scenario.mails
    assert first.sender == "budi@kampus.example"
    assert first.recipients == ("dedi@kantor.example", "ani@kampus.example", "eka@kantor.example")
    assert (first.subject, first.body, scenario.seed) == ("Selasa", "Halo\n", 9)
    assert (second.sender, second.subject) == ("ani@kampus.example", "y")


def test_the_command_line_may_give_what_the_file_lacks() -> None:
    scenario = read("[mail]\n", Overrides(sender="a@a.test", to=("b@b.test",)))
    assert [domain.name for domain in scenario.domains] == ["a.test", "b.test"]


def test_a_pickup_of_someone_whom_the_command_line_left_out_falls_away() -> None:
    text = SMALLEST + '[pickup]\nmailbox = "citra@kantor.example"\nkeep = true\n'
    scenario = read(text, Overrides(to=("dedi@kantor.example",)))
    assert scenario.pickups == (PickUp(mailbox="dedi@kantor.example"),)


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (
            Overrides(to=("citra@kantr.example",)),
            (
                '--to: unknown domain "kantr.example": did you mean "kantor.example"? '
                "Known are kantor.example, kampus.example"
            ),
        ),
        (
            Overrides(sender="ani"),
            '--from: "ani" is no address: write one like "citra@kantor.example"',
        ),
        (
            Overrides(cc=("citra@kantor.example>\r\nRCPT TO:<d@kantor.example",)),
            '--cc: "cc" has a line break or control character: write it in one plain line',
        ),
        (
            Overrides(subject="x\r\nBcc: v@x"),
            (
                '--subject: "subject" has a line break or control character: '
                "write it in one plain line"
            ),
        ),
        (
            Overrides(body="caf\udce9"),
            '--body: "body" is not UTF-8 text: type it in a terminal that is set to UTF-8',
        ),
        (
            Overrides(bcc=("caf\udce9@kantor.example",)),
            '--bcc: "bcc" is not UTF-8 text: type it in a terminal that is set to UTF-8',
        ),
        (
            Overrides(seed=-1),
            '--seed: "seed" cannot be -1: write a value from 0 to 9223372036854775807',
        ),
        (
            Overrides(to=()),
            '--to: [mail] has no "to": write to = "citra@kantor.example"',
        ),
    ],
)
def test_a_mistake_on_the_command_line_names_its_option(
    overrides: Overrides, sentence: str
) -> None:
    assert said(SMALLEST + '[domains."kantor.example"]\n', overrides) == sentence


def test_a_domain_may_be_written_with_the_letters_of_its_language() -> None:
    scenario = read("""
[mail]
from = "ani@Kampüs.example"
to = ["renée@kafé.example", "citra@xn--kaf-dma.example"]
header_from = "Ani <ani@kampüs.example>"

[domains."kampüs.example"]
users = ["ani"]
relays = ["relay1.kampüs.example"]

[domains."kafé.example"]
users = ["renée", "citra"]
mx = ["10 mx1.kafé.example"]
""")
    (mail,) = scenario.mails
    assert mail.sender == "ani@xn--kamps-nva.example"
    assert mail.to == ("renée@xn--kaf-dma.example", "citra@xn--kaf-dma.example")
    assert mail.header_from == "Ani <ani@xn--kamps-nva.example>"
    kampus, kafe = scenario.domains
    assert (kampus.name, kafe.name) == ("xn--kamps-nva.example", "xn--kaf-dma.example")
    assert kampus.relays == ("relay1.xn--kamps-nva.example",)
    labels = {host.name: host.label for host in hosts_of(scenario)}
    assert labels["mx1.xn--kaf-dma.example"] == "mx1.kafé", "what people read has letters"
    assert labels["mail.xn--kaf-dma.example"] == "mail.kafé"
    assert kafe.exchangers == (MailExchanger(preference=10, host="mx1.xn--kaf-dma.example"),)
