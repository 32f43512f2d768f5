"""The shipped scenarios are sound, spoken in both languages, and found by name."""

from __future__ import annotations

import re
import struct
import zlib
from itertools import groupby
from pathlib import Path

import pytest

from simulator.scenario import library
from simulator.scenario.errors import LANGUAGES, Language, ScenarioError
from simulator.scenario.library import Entry, check, entries, find, shipped
from simulator.scenario.loader import Overrides, load
from simulator.scenario.topology import hosts_of

NAMES = [folder.name for folder in shipped()]


def test_the_library_is_in_the_order_in_which_it_is_learnt() -> None:
    assert NAMES[:4] == ["same-domain", "two-domains", "two-relays", "attachment"]
    assert NAMES.index("unknown-user") < NAMES.index("accepted-then-bounced")
    assert NAMES.index("accepted-then-bounced") < NAMES.index("forged-sender")


def test_a_chapter_is_read_from_its_beginning_to_its_end() -> None:
    chapters = [entry.chapter for entry in entries("en")]
    assert [chapter for chapter, _ in groupby(chapters)] == list(dict.fromkeys(chapters))


def test_the_order_names_every_folder() -> None:
    text = (library.library_folder() / "library.toml").read_text(encoding="utf-8")
    assert re.findall(r'^    "(.+)",$', text, re.MULTILINE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_has_no_mistake_and_can_be_built(name: str) -> None:
    assert check(find(name)) == ()
    scenario = load(find(name))
    assert scenario.name == name
    assert hosts_of(scenario)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_a_title_and_a_goal(language: Language) -> None:
    for entry in entries(language):
        assert len(entry.title) <= 40, "a title fits a narrow list"
        assert entry.goal.endswith((".", "?"))
        assert entry.minutes > 0


def test_an_entry_speaks_the_language_asked_for() -> None:
    english, indonesian = entries("en")[0], entries("id")[0]
    assert english == Entry(
        name="same-domain",
        title="One domain, one server",
        goal=english.goal,
        minutes=3,
        chapter="basics",
    )
    assert indonesian.title == "Satu domain, satu server"


def test_the_two_languages_do_not_say_the_same_words() -> None:
    for english, indonesian in zip(entries("en"), entries("id"), strict=True):
        assert english.title != indonesian.title
        assert english.goal != indonesian.goal


@pytest.mark.parametrize("name", NAMES)
def test_indonesian_says_surel_throughout(name: str) -> None:
    words = load(find(name)).words["id"]
    assert not re.search(r"\be-?mail\b|\bpesan elektronik\b", words.title + words.goal)


def test_same_domain_is_the_captured_mail() -> None:
    scenario = load(find("same-domain"))
    (mail,) = scenario.mails
    assert (mail.sender, mail.to) == ("ani@kampus.example", ("budi@kampus.example",))
    assert mail.subject == "Rapat Senin"
    assert mail.body == "Halo,\n\nRapat dimulai pukul 09.00.\n\nAni\n"
    assert [domain.delivery for domain in scenario.domains] == ["local"]


@pytest.mark.parametrize("name", ["two-domains", "two-relays", "attachment"])
def test_two_domains_are_those_of_the_captured_lab(name: str) -> None:
    scenario = load(find(name))
    kampus, kantor = scenario.domains
    assert (kampus.name, kampus.users) == ("kampus.example", ("ani", "budi"))
    assert kampus.submission == "smtp.kampus.example"
    assert [(one.preference, one.host) for one in kampus.exchangers] == [
        (10, "smtp.kampus.example")
    ]
    assert (kantor.name, kantor.users, kantor.delivery) == (
        "kantor.example",
        ("citra", "dedi"),
        "lmtp",
    )
    assert [(one.preference, one.host) for one in kantor.exchangers] == [
        (10, "mx1.kantor.example"),
        (20, "mx2.kantor.example"),
    ]
    relays = ("relay1.transit.example", "relay2.transit.example")
    assert kampus.relays == (relays if name == "two-relays" else ())


def test_the_attachments_are_the_captured_table_and_a_real_picture() -> None:
    table, logo = load(find("attachment")).mails[0].attachments
    assert (table.name, table.media_type) == ("jadwal.csv", "text/csv")
    assert table.octets == b"hari,jam,ruang\nSenin,09.00,A1\nSelasa,10.00,B2\n"
    assert (logo.name, logo.media_type) == ("logo.png", "image/png")
    assert logo.octets.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(logo.octets) < 2000
    for kind, data, checksum in _chunks(logo.octets[8:]):
        assert zlib.crc32(kind + data) == checksum


def _chunks(octets: bytes) -> list[tuple[bytes, bytes, int]]:
    """The chunks of a PNG: type, data, CRC-32 (PNG specification section 5.3)."""
    found = []
    while octets:
        (length,) = struct.unpack(">I", octets[:4])
        (checksum,) = struct.unpack(">I", octets[8 + length : 12 + length])
        found.append((octets[4:8], octets[8 : 8 + length], checksum))
        octets = octets[12 + length :]
    assert [kind for kind, _, _ in found] == [b"IHDR", b"IDAT", b"IEND"]
    return found


def test_a_shipped_scenario_takes_another_recipient_from_the_command_line() -> None:
    scenario = load(find("two-domains"), Overrides(to=("budi@kampus.example",)))
    assert scenario.mails[0].recipients == ("budi@kampus.example",)


# Finding


def test_a_scenario_is_found_by_its_shipped_name() -> None:
    assert find("two-relays") == library.library_folder() / "two-relays"


def test_a_scenario_is_found_by_its_folder_or_file(tmp_path: Path) -> None:
    assert find(str(tmp_path)) == tmp_path
    assert find(str(tmp_path / "x.toml")) == tmp_path / "x.toml"


def test_a_folder_of_ones_own_is_found_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "two-domains").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find("two-domains") == library.library_folder() / "two-domains"
    assert find("./two-domains") == Path("two-domains")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two-domain", 'two-domain: no scenario has this name: did you mean "two-domains"?'),
        ("zzz", 'zzz: no scenario has this name: write "smtpflow list" to see them all'),
        (
            "../hilang",
            "../hilang: there is no such file: write the path of a scenario's folder or .toml file",
        ),
    ],
)
def test_an_unknown_name_is_told_the_nearest(name: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        find(name)
    assert str(caught.value)[: len(said)] == said


def test_a_recording_is_no_scenario(tmp_path: Path) -> None:
    recording = tmp_path / "run.jsonl"
    recording.write_text("{}\n")
    with pytest.raises(ScenarioError, match="this is no scenario"):
        find(str(recording))


@pytest.mark.parametrize("name", ["", ".", "a\0b", "x" * 5000, "\udcff"])
def test_a_strange_name_is_a_path_or_a_mistake(name: str) -> None:
    try:
        assert isinstance(find(name), Path)
    except ScenarioError as mistake:
        assert str(mistake).isprintable()


# Checking


def test_a_sound_scenario_of_ones_own_needs_no_words(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text('[mail]\nfrom = "a@a.test"\nto = "b@b.test"\n')
    assert check(tmp_path) == ()


def test_check_names_what_cannot_even_be_read(tmp_path: Path) -> None:
    (mistake,) = check(tmp_path / "hilang.toml")
    assert mistake.rule == "scenario.missing-file"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one scenario, without words."""
    (tmp_path / "rapat").mkdir()
    (tmp_path / "rapat" / "scenario.toml").write_text(
        '[mail]\nfrom = "a@a.test"\nto = "b@b.test"\n'
    )
    (tmp_path / "library.toml").write_text('scenarios = ["rapat"]\n')
    monkeypatch.setattr(library, "_PACKAGED", tmp_path)
    return tmp_path


def test_a_shipped_scenario_without_words_in_a_language_is_a_mistake(shelf: Path) -> None:
    (shelf / "rapat" / "words.en.toml").write_text('title = "Meeting"\ngoal = "Follow it."\n')
    (shelf / "rapat" / "words.id.toml").write_text('title = "Rapat"\n')
    (mistake,) = check(shelf / "rapat")
    assert mistake.file == f"{shelf}/rapat/words.id.toml"
    assert mistake.sentence() == (
        "a shipped scenario needs its words in this language too: write title and goal"
    )
    (shelf / "rapat" / "words.en.toml").unlink()
    assert [Path(mistake.file).name for mistake in check(shelf / "rapat" / "scenario.toml")] == [
        "words.en.toml",
        "words.id.toml",
    ]


def test_a_wheel_has_its_scenarios_inside_the_package(shelf: Path) -> None:
    assert shipped() == (shelf / "rapat",)


def test_a_folder_that_the_order_does_not_name_comes_last(shelf: Path) -> None:
    (shelf / "awal").mkdir()
    (shelf / "awal" / "scenario.toml").write_text("")
    (shelf / "recordings").mkdir()
    assert [folder.name for folder in shipped()] == ["rapat", "awal"]


def test_an_order_that_names_no_folder_is_a_mistake(shelf: Path) -> None:
    (shelf / "library.toml").write_text('scenarios = [\n    "rapt",\n]\n')
    with pytest.raises(ScenarioError) as caught:
        shipped()
    assert str(caught.value) == (
        f'{shelf}/library.toml:2: no scenario has this name: did you mean "rapat"?'
    )
