"""Every mistake that a scenario file can hold: the file, the line, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import load, loads, mistakes_in
from simulator.scenario.model import PickUp, Scenario
from simulator.scenario.topology import TopologyError, hosts_of

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""
"""A sound mail from line 2 on; what follows begins on line 5."""

KANTOR = '[domains."kantor.example"]\n'
KAMPUS = '[domains."kampus.example"]\n'


def said(text: str) -> str:
    """What the loader says of a scenario.toml with that text."""
    with pytest.raises(ScenarioError) as caught:
        loads(text, file="rapat/scenario.toml", folder=Path("rapat"))
    return str(caught.value)


# Files


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "rapat.toml")
    assert str(caught.value) == (
        f"{tmp_path}/rapat.toml: there is no such file: "
        "write the path of a scenario's folder or .toml file"
    )
    assert caught.value.line is None


def test_a_path_through_a_file_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "rapat.toml").write_text(MAIL)
    with pytest.raises(ScenarioError, match="there is no such file"):
        load(tmp_path / "rapat.toml" / "scenario.toml")


def test_a_name_that_no_file_can_have_is_a_missing_file(tmp_path: Path) -> None:
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(ScenarioError):
            load(tmp_path / name)


def test_a_folder_without_a_scenario_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this folder has no scenario.toml: write one, with [mail], from and to"
    )


def test_a_folder_named_like_the_file_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").mkdir()
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/scenario.toml: this is no scenario: "
        "a scenario is a folder or a file whose name ends in .toml"
    )


def test_a_device_is_not_read() -> None:
    with pytest.raises(ScenarioError, match=r"^/dev/zero: this is no scenario"):
        load(Path("/dev/zero"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that fails, on Linux")
def test_a_file_that_cannot_be_read_says_why() -> None:
    with pytest.raises(ScenarioError) as caught:
        load(Path("/proc/self/mem"))
    assert str(caught.value) == (
        "/proc/self/mem: this file cannot be read (Input/output error): "
        "give yourself the right to read it"
    )


def test_a_file_over_a_million_octets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(MAIL + "#" * 1_000_000)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{file}: this file is larger than 1000000 octets: keep large texts in attachments"
    )


def test_octets_that_are_not_utf8_are_counted_from_one(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_bytes(b'[mail]\nsubject = "Caf\xe9"\n')
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{file}:2: octet 22 of this file is not UTF-8: save the file as UTF-8"
    )


# TOML itself


def test_a_text_without_quotes() -> None:
    assert said("[mail]\nfrom = ani@kampus.example\n") == (
        "rapat/scenario.toml:2: this value is not TOML: "
        'write text in quotes, like to = "citra@kantor.example"'
    )


def test_a_quote_that_is_not_closed() -> None:
    assert said('[mail]\nfrom = "ani@kampus.example\nto = "x"\n') == (
        'rapat/scenario.toml:2: a quote is opened here and never closed: end the text with "'
    )


def test_a_long_quote_that_is_not_closed_is_found_where_it_opens() -> None:
    assert said('[mail]\nbody = """\nHalo\n\nAni\n').startswith(
        "rapat/scenario.toml:2: a quote is opened here and never closed"
    )


def test_a_key_without_a_value() -> None:
    assert said("[mail]\nfrom\n") == (
        'rapat/scenario.toml:2: a key without a value: write key = "value"'
    )


def test_a_bracket_that_is_not_closed() -> None:
    assert said('[mail\nfrom = "ani@kampus.example"\n') == (
        "rapat/scenario.toml:1: a bracket is not closed: "
        "write lists as [a, b], tables as [mail] or [[mail]]"
    )
    assert said('[mail]\nto = ["a@kantor.example"\nsubject = "x"\n').startswith(
        "rapat/scenario.toml:3: a bracket is not closed"
    )


def test_two_mails_in_single_brackets() -> None:
    assert said(MAIL + "[mail]\n") == (
        "rapat/scenario.toml:5: this key or table is written twice: "
        "keep one, or write [[mail]] for several mails"
    )


def test_a_backslash_between_double_quotes() -> None:
    assert said('[mail]\nattach = ["C:\\jadwal.csv"]\n') == (
        "rapat/scenario.toml:2: a backslash between double quotes is special: "
        "write \\\\, or use single quotes"
    )


def test_anything_else_that_is_not_toml_says_why() -> None:
    assert said("= 1\n") == (
        "rapat/scenario.toml:1: this is not TOML (Invalid statement): "
        'write lines like to = "citra@kantor.example"'
    )


@pytest.mark.parametrize(
    "deep",
    ["a = " + "[" * 50_000, ".".join(["a"] * 50_000) + " = 1", "a = " + "{a = " * 50_000],
    ids=["brackets", "dots", "braces"],
)
def test_a_text_that_is_deep_enough_to_hurt_is_not_parsed(deep: str) -> None:
    assert said(f"# deep\n{deep}") == (
        "rapat/scenario.toml:2: brackets or dotted names go deeper than 16 levels: "
        "a scenario needs only 3"
    )


def test_a_number_of_more_digits_than_python_reads() -> None:
    assert said("seed = " + "9" * 5000).startswith("rapat/scenario.toml:1: this is not TOML (")


# Keys


def test_a_misspelt_key_names_the_one_that_was_meant() -> None:
    assert said('[mail]\nfrm = "ani@kampus.example"\nto = "citra@kantor.example"\n') == (
        'rapat/scenario.toml:2: unknown key "frm": write "from"'
    )


def test_a_misspelt_key_is_one_mistake_not_two(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text('[mail]\nfrm = "ani@kampus.example"\nrecipients = "citra@kantor.example"\n')
    assert [mistake.sentence() for mistake in mistakes_in(tmp_path)] == [
        'unknown key "frm": write "from"',
        'unknown key "recipients": write "to"',
    ]


def test_an_unknown_key_lists_the_known_ones() -> None:
    assert said(MAIL + "xyz = 1\n") == (
        'rapat/scenario.toml:5: unknown key "xyz": '
        "known here are from, to, cc, bcc, subject, body, attach, at, password, "
        "eight_bit, headers, header_from, envelope_from, envelope_to, notify, return, "
        "envelope_id"
    )


def test_a_key_of_the_top_after_a_table_is_told_where_it_belongs() -> None:
    assert said(MAIL + "seed = 7\n") == (
        'rapat/scenario.toml:5: "seed" does not belong here: '
        "write it at the top, above the first [table]"
    )


def test_a_key_of_another_table_is_told_where_it_belongs() -> None:
    assert said('to = "citra@kantor.example"\n' + MAIL) == (
        'rapat/scenario.toml:1: "to" does not belong here: write it in [mail]'
    )
    assert said('title = "Rapat"\n' + MAIL) == (
        'rapat/scenario.toml:1: "title" does not belong here: write it in words.en.toml'
    )


def test_every_key_of_a_domain_is_named_to_who_writes_an_unknown_one() -> None:
    named = said(f"{MAIL}{KANTOR}xyz = 1\n")
    assert named.endswith(
        "defers_relaying, refuses_early_talk, bare_newline, refuses_unknown_domains"
    )


def test_a_word_that_means_a_key_here_is_not_sent_to_another_table() -> None:
    assert said(f'{MAIL}text = "Halo"\n') == (
        'rapat/scenario.toml:5: unknown key "text": write "body"'
    )
    assert said(f'{MAIL}[pickup]\nmailbox = "citra@kantor.example"\ndelay = "1 h"\n') == (
        'rapat/scenario.toml:7: unknown key "delay": write "after"'
    )


def test_all_unknown_keys_are_found_in_one_go_by_line(tmp_path: Path) -> None:
    text = f"foo = 1\n{MAIL}bar = 2\n{KANTOR}baz = 3\n[pickup]\nqux = 4\n"
    (tmp_path / "scenario.toml").write_text(text)
    found = mistakes_in(tmp_path)
    assert [(one.line, one.values["key"]) for one in found] == [
        (1, "foo"),
        (6, "bar"),
        (8, "baz"),
        (9, "mailbox"),
        (10, "qux"),
    ]


def test_a_mail_without_a_sender() -> None:
    assert said('seed = 1\n[mail]\nto = "citra@kantor.example"\n') == (
        'rapat/scenario.toml:2: [mail] has no "from": write from = "ani@kampus.example"'
    )


def test_a_mail_without_a_recipient() -> None:
    assert said('[mail]\nfrom = "ani@kampus.example"\n') == (
        'rapat/scenario.toml:1: [mail] has no "to": write to = "citra@kantor.example"'
    )


def test_a_mail_for_nobody() -> None:
    assert said('[mail]\nfrom = "ani@kampus.example"\nto = []\n') == (
        'rapat/scenario.toml:3: [mail] has no "to": write to = "citra@kantor.example"'
    )


def test_the_second_of_two_mails_is_the_one_that_is_wrong() -> None:
    assert said(
        '[[mail]]\nfrom = "ani@kampus.example"\nto = "budi@kampus.example"\n'
        '[[mail]]\nfrom = "budi@kampus.example"\n'
    ).startswith('rapat/scenario.toml:4: [mail] has no "to"')


@pytest.mark.parametrize("text", ["", "seed = 1\n", "mail = []\n", "# nothing yet\n"])
def test_a_scenario_without_a_mail(text: str) -> None:
    assert said(text).endswith("there is no mail: write [mail], and below it from and to")


def test_a_pickup_without_a_mailbox() -> None:
    assert said(MAIL + "[pickup]\nkeep = true\n") == (
        'rapat/scenario.toml:5: [pickup] has no "mailbox": write mailbox = "citra@kantor.example"'
    )


# Values


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("to = 5", '"to" cannot be 5: write to = "citra@kantor.example"'),
        ("to = [true]", '"to" cannot be true: write to = "citra@kantor.example"'),
        ("subject = 2026-11-23", '"subject" cannot be 2026-11-23: write subject = "Rapat Senin"'),
        ("body = []", '"body" cannot be []: write body = "Rapat dimulai pukul 09.00."'),
        ("attach = {a = 1}", '"attach" cannot be {…}: write attach = ["jadwal.csv"]'),
        (
            "at = 60",
            '"at" cannot be 60: write a number and ms, s, min, h or d, like "2 min"',
        ),
        (
            'at = "2 minggu"',
            '"at" cannot be "2 minggu": write a number and ms, s, min, h or d, like "2 min"',
        ),
        ('at = "31 d"', '"at" cannot be "31 d": write a value from 0 s to 30 d'),
        (
            "cc = 0x" + "f" * 400,
            '"cc" cannot be 0x' + "f" * 157 + '…: write cc = ["dedi@kantor.example"]',
        ),
    ],
)
def test_a_mail_with_a_value_of_the_wrong_kind(line: str, sentence: str) -> None:
    key = line.partition(" ")[0]
    others = {"from": '"ani@kampus.example"', "to": '"citra@kantor.example"'}
    sound = "".join(f"{name} = {value}\n" for name, value in others.items() if name != key)
    line_number = 2 + sound.count("\n")
    assert said(f"[mail]\n{sound}{line}\n") == f"rapat/scenario.toml:{line_number}: {sentence}"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("seed = -1", '"seed" cannot be -1: write a value from 0 to 9223372036854775807'),
        ("seed = true", '"seed" cannot be true: write seed = 7'),
        ("minutes = 0", '"minutes" cannot be 0: write a value from 1 to 600'),
        ('latency = "0 ms"', '"latency" cannot be "0 ms": write a value from 1 ms to 10 s'),
        (
            "latency = 10",
            '"latency" cannot be 10: write a number and ms, s, min, h or d, like "10 ms"',
        ),
        ('chapter = "Bab Satu"', '"chapter" cannot be "Bab Satu": write chapter = "basics"'),
        (
            "start = 2026-11-23T09:00:00",
            (
                '"start" cannot be 2026-11-23 09:00:00: '
                'write day, time and zone, like "2026-11-23T09:00:00+07:00"'
            ),
        ),
        (
            'start = "Senin pagi"',
            (
                '"start" cannot be "Senin pagi": '
                'write day, time and zone, like "2026-11-23T09:00:00+07:00"'
            ),
        ),
        ('mail = "x"', '"mail" cannot be "x": write [mail]'),
        ('domains = ["x"]', '"domains" cannot be […]: write [domains."kantor.example"]'),
        ('pickup = "never"', '"pickup" cannot be "never": write [[pickup]] / pickup = "none"'),
    ],
)
def test_a_value_of_the_wrong_kind_at_the_top(line: str, sentence: str) -> None:
    mail = "" if line.startswith("mail") else MAIL
    assert said(f"{line}\n{mail}") == f"rapat/scenario.toml:1: {sentence}"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('delivery = "lmpt"', '"delivery" cannot be "lmpt": write delivery = "lmtp"'),
        (
            'delivery = "pigeon"',
            '"delivery" cannot be "pigeon": write delivery = "local" / delivery = "lmtp"',
        ),
        ("tls = true", '"tls" cannot be true: write tls = "none" / tls = "may"'),
        ("size_limit = 0", '"size_limit" cannot be 0: write a value from 1 to 1000000000'),
        (
            'mx = ["mx1.kantor.example"]',
            (
                '"mx1.kantor.example" is no MX: write preference and host, '
                'like "10 mx1.kantor.example"'
            ),
        ),
        ('mx = ["65536 a.example"]', '"mx" cannot be 65536: write a value from 0 to 65535'),
        (
            'mx = ["10 mx_1.kantor.example"]',
            (
                '"mx_1.kantor.example" is no host name: '
                "use letters, digits, hyphens and dots, like mx1.kantor.example"
            ),
        ),
        (
            'mx = ["0 .", "10 mx1.kantor.example"]',
            '"0 ." says that a domain takes no mail (RFC 7505): write it alone, or not at all',
        ),
        (
            'submission = "-smtp.kantor.example"',
            (
                '"-smtp.kantor.example" is no host name: '
                "use letters, digits, hyphens and dots, like smtp.kantor.example"
            ),
        ),
        (
            'mailbox = "192.0.2.1"',
            (
                '"192.0.2.1" is no host name: '
                "use letters, digits, hyphens and dots, like mail.kantor.example"
            ),
        ),
        (
            'relays = ["relay.example", "relay.example"]',
            'the relay "relay.example" is in the list twice: keep one',
        ),
        (
            'relays = ["ns1.kantor.example"]',
            (
                '"ns1.kantor.example" is a host that the simulated internet has already: '
                "choose another name"
            ),
        ),
        (
            'users = ["citra@kantor.example"]',
            '"citra@kantor.example" is no user: write only the part before the @, like "citra"',
        ),
    ],
)
def test_a_domain_with_a_value_that_is_wrong(line: str, sentence: str) -> None:
    assert said(f"{MAIL}{KANTOR}{line}\n") == f"rapat/scenario.toml:6: {sentence}"


@pytest.mark.parametrize(
    "host",
    ["resolver.isp.example", "a.root.example", "ns1.transit.example", "pc-citra.kantor.example"],
)
def test_a_server_with_the_name_of_a_host_that_is_something_else(host: str) -> None:
    relays = f'relays = [\n    "relay1.transit.example",\n    "{host}",\n]\n'
    assert said(f"{MAIL}{KANTOR}{KAMPUS}{relays}") == (
        f'rapat/scenario.toml:9: "{host}" is a host that the simulated internet has already: '
        "choose another name"
    )


@pytest.mark.parametrize(
    ("line", "host", "owner"),
    [
        ('relays = "smtp.kampus.example"', "smtp.kampus.example", "kampus.example"),
        ('relays = "mx1.kantor.example"', "mx1.kantor.example", "kantor.example"),
        ('mx = "10 mx1.kantor.example"', "mx1.kantor.example", "kantor.example"),
        ('mailbox = "mail.kantor.example"', "mail.kantor.example", "kantor.example"),
    ],
)
def test_a_host_that_is_another_server_already(line: str, host: str, owner: str) -> None:
    assert said(f"{MAIL}{KANTOR}{KAMPUS}{line}\n") == (
        f'rapat/scenario.toml:7: "{host}" is a server of {owner}, and can be no other one: '
        "choose another name"
    )


def test_a_relay_of_two_domains_that_both_send() -> None:
    relays = 'relays = ["relay1.transit.example"]\n'
    one = '[[mail]]\nfrom = "{}"\nto = "budi@kampus.example"\n'
    mails = one.format("ani@kampus.example") + one.format("citra@kantor.example")
    assert said(f"{mails}{KAMPUS}{relays}{KANTOR}{relays}") == (
        'rapat/scenario.toml:10: "relay1.transit.example" relays for kampus.example already; '
        "one for two senders is not simulated yet: name another"
    )


def test_more_recipients_than_are_simulated() -> None:
    many = ", ".join(f'"u{number}@kantor.example"' for number in range(1001))
    assert said(f'[mail]\nfrom = "ani@kampus.example"\nto = [{many}]\n') == (
        'rapat/scenario.toml:3: "to" has 1001 entries: at most 1000 are simulated'
    )


def test_more_mails_than_are_simulated() -> None:
    one = '[[mail]]\nfrom = "ani@kampus.example"\nto = "budi@kampus.example"\n'
    assert said(one * 1010) == (
        'rapat/scenario.toml:3001: "mail" has 1001 entries: at most 1000 are simulated'
    )


def test_more_recipients_in_all_than_are_simulated() -> None:
    people = ", ".join(f'"u{number}@kampus.example"' for number in range(900))
    one = f'[[mail]]\nfrom = "ani@kampus.example"\nto = [{people}]\n'
    assert said(one * 23) == (
        'rapat/scenario.toml:69: "to" has 20700 entries: at most 20000 are simulated'
    )


def test_more_domains_than_are_simulated() -> None:
    many = "".join(f'[domains."d{number}.test"]\n' for number in range(501))
    assert said(f"{MAIL}{KANTOR}{many}") == (
        'rapat/scenario.toml:5: "domains" has 502 entries: at most 500 are simulated'
    )


def test_more_hosts_than_there_are_addresses() -> None:
    crowd = tuple(PickUp(mailbox=f"u{number}@kampus.example") for number in range(126_200))
    with pytest.raises(TopologyError):
        hosts_of(Scenario(name="crowd", mails=(), domains=(), pickups=crowd))


# Addresses


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("citra", '"citra" is no address: write one like "citra@kantor.example"'),
        (
            "@kantor.example",
            '"@kantor.example" is no address: write one like "citra@kantor.example"',
        ),
        ("citra@", '"citra@" is no address: write one like "citra@kantor.example"'),
        (
            "a..b@kantor.example",
            '"a..b@kantor.example" is no address: write one like "citra@kantor.example"',
        ),
        (
            "citra@kantor",
            '"kantor" is only one label: write a domain with a dot, like "kantor.example"',
        ),
        (
            "citra@kan_tor.example",
            (
                '"kan_tor.example" is no host name: '
                "use letters, digits, hyphens and dots, like kantor.example"
            ),
        ),
        (
            "citra@[192.0.2.1]",
            (
                '"[192.0.2.1]" is no host name: '
                "use letters, digits, hyphens and dots, like kantor.example"
            ),
        ),
        (
            "Citra <citra@kantor.example>",
            (
                '"Citra <citra@kantor.example>" has more than the address: '
                'write "citra@kantor.example"'
            ),
        ),
        (
            "citra@kantor.example, dedi@kantor.example",
            (
                '"citra@kantor.example, dedi@kantor.example" is several addresses in one text: '
                'write a list, like ["citra@kantor.example", "dedi@kantor.example"]'
            ),
        ),
        (
            "citra@kan☕tor.example",
            (
                '"kan☕tor" cannot stand in a domain (RFC 5891): use letters and digits of a '
                'script, like "kampüs"'
            ),
        ),
        (
            "citra@" + "ü" * 64 + ".example",
            (
                f'"{"ü" * 64}" cannot stand in a domain (RFC 5891): use letters and digits of a '
                'script, like "kampüs"'
            ),
        ),
        (
            "citra@xn--zzzz.example",
            (
                '"xn--zzzz" cannot stand in a domain (RFC 5891): use letters and digits of a '
                'script, like "kampüs"'
            ),
        ),
        (
            "c" * 65 + "@kantor.example",
            "the part before the @ has 65 octets: at most 64 (RFC 5321 4.5.3.1.1)",
        ),
        (
            "c" * 400 + "@kantor.example",
            "the part before the @ has 400 octets: at most 64 (RFC 5321 4.5.3.1.1)",
        ),
        (
            "citra@" + "a." * 130 + "example",
            "this domain has 267 octets: at most 189, so that its hosts' names fit too",
        ),
        ("(" * 5000, '"' + "(" * 159 + '…" is no address: write one like "citra@kantor.example"'),
    ],
)
def test_an_address_that_is_none(address: str, sentence: str) -> None:
    text = f'[mail]\nfrom = "ani@kampus.example"\nto = [\n    "{address}",\n]\n'
    assert said(text) == f"rapat/scenario.toml:4: {sentence}"


@pytest.mark.parametrize(
    "attack",
    [
        r"citra@kantor.example>\r\nRCPT TO:<dedi@kantor.example",
        r"citra@kantor.example\n",
        r"citra\u0000@kantor.example",
        r"citra@kantor.example\u001b[2J",
        r"citra@kantor.example\u2028",
    ],
)
def test_an_address_with_a_line_break_or_control_character(attack: str) -> None:
    assert said(f'[mail]\nfrom = "ani@kampus.example"\nto = "{attack}"\n') == (
        'rapat/scenario.toml:3: "to" has a line break or control character: '
        "write it in one plain line"
    )


@pytest.mark.parametrize("subject", [r"Rapat\r\nBcc: dedi@kantor.example", r"a\u001b]52;c;x\u0007"])
def test_a_subject_with_a_line_break_or_control_character(subject: str) -> None:
    assert said(f'{MAIL}subject = "{subject}"\n') == (
        'rapat/scenario.toml:5: "subject" has a line break or control character: '
        "write it in one plain line"
    )


# Domains


def test_a_recipient_in_a_misspelt_domain() -> None:
    assert said(
        '[mail]\nfrom = "ani@kampus.example"\nto = ["dedi@kantor.example", '
        f'"citra@kantr.example"]\n{KANTOR}'
    ) == (
        'rapat/scenario.toml:3: unknown domain "kantr.example": did you mean "kantor.example"? '
        "Known are kantor.example, kampus.example"
    )


def test_an_unknown_domain_is_named_as_people_write_it() -> None:
    mail = '[mail]\nfrom = "ani@kampus.example"\nto = "a@kafe.example"\n'
    assert said(f'{mail}[domains."kafé.example"]\n') == (
        'rapat/scenario.toml:3: unknown domain "kafe.example": did you mean "kafé.example"? '
        "Known are kafé.example, kampus.example"
    )


def test_a_recipient_in_an_unknown_domain() -> None:
    assert said(f'[mail]\nfrom = "ani@kampus.example"\nto = "a@zoo.test"\n{KANTOR}') == (
        'rapat/scenario.toml:3: unknown domain "zoo.test": known are kantor.example, '
        'kampus.example; or declare [domains."zoo.test"]'
    )


def test_a_domain_that_may_belong_to_someone() -> None:
    assert said('[mail]\nfrom = "ani@kampus.ac.id"\nto = "citra@kantor.example"\n') == (
        'rapat/scenario.toml:2: "kampus.ac.id" may belong to someone: '
        'write a name like "ani@kampus.example", or add --dns real'
    )


@pytest.mark.parametrize("domain", ["notexample.com", "example.com.id", "example.net.evil"])
def test_a_domain_that_only_looks_reserved_is_not(domain: str) -> None:
    assert "may belong to someone" in said(
        f'[mail]\nfrom = "ani@kampus.example"\nto = "a@{domain}"\n'
    )


def test_a_domain_without_quotes_is_three_tables_and_says_so() -> None:
    assert said(f'{MAIL}[domains.kantor.example]\nusers = ["citra"]\n') == (
        'rapat/scenario.toml:5: a domain with dots needs quotes: write [domains."kantor.example"]'
    )


def test_a_domain_of_one_label() -> None:
    assert said(f"{MAIL}[domains.kantor]\nusers = []\n") == (
        'rapat/scenario.toml:5: "kantor" is only one label: '
        'write a domain with a dot, like "kantor.example"'
    )


def test_a_domain_that_is_declared_twice() -> None:
    assert said(f'{MAIL}{KANTOR}[domains."Kantor.Example"]\n') == (
        'rapat/scenario.toml:6: the domain "kantor.example" is declared twice '
        "(capitals do not count): keep one"
    )


def test_a_sender_who_has_no_account() -> None:
    assert said(f'{MAIL}{KANTOR}{KAMPUS}users = ["budi"]\n') == (
        'rapat/scenario.toml:3: "ani@kampus.example" has no account: '
        'add "ani" to the users of kampus.example'
    )


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f'{MAIL}{KAMPUS}users = ["ani@kampus.example"]\n{KANTOR}', ["scenario.user"]),
        (f"{MAIL}{KAMPUS}[domains.kantor.example]\n", ["scenario.domain-without-quotes"]),
        (f'{MAIL}[domains."kantor."]\n{KAMPUS}', ["scenario.host-name"]),
        (
            f'[mail]\nto = "budi@kampus.example"\nfrom = "ani@@kampus.example"\n{KANTOR}',
            ["scenario.address"],
        ),
        (f'{MAIL}too = "x"\n[pickup]\nmailbox = "x@kantor.example"\n', ["scenario.unknown-key"]),
    ],
)
def test_one_mistake_does_not_look_like_two(tmp_path: Path, text: str, rules: list[str]) -> None:
    (tmp_path / "scenario.toml").write_text(text)
    assert [mistake.rule for mistake in mistakes_in(tmp_path)] == rules


def test_a_pickup_from_a_misspelt_mailbox() -> None:
    assert said(f'{MAIL}[pickup]\nmailbox = "cita@kantor.example"\n') == (
        'rapat/scenario.toml:6: unknown mailbox "cita@kantor.example": '
        'did you mean "citra@kantor.example"?'
    )


def test_a_pickup_from_an_unknown_mailbox() -> None:
    assert said(f'{MAIL}[pickup]\nmailbox = "x@y.test"\n') == (
        'rapat/scenario.toml:6: unknown mailbox "x@y.test": '
        "known are ani@kampus.example, citra@kantor.example"
    )


def test_a_pickup_by_a_protocol_that_is_not_simulated() -> None:
    assert said(f'{MAIL}[pickup]\nmailbox = "citra@kantor.example"\nprotocol = "pop2"\n') == (
        'rapat/scenario.toml:7: "protocol" cannot be "pop2": write protocol = "pop3"'
    )


# Words


def test_words_without_a_title(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(MAIL)
    (tmp_path / "words.id.toml").write_text('goal = "Ikuti surel ini."\n')
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f'{tmp_path}/words.id.toml: words.id.toml has no "title": write title = "Two domains"'
    )


def test_words_with_a_misspelt_key(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(MAIL)
    (tmp_path / "words.en.toml").write_text('title = "Meeting"\ngaol = "Follow it."\n')
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path)
    assert str(caught.value) == f'{tmp_path}/words.en.toml:2: unknown key "gaol": write "goal"'
