"""A scenario written as a file is the same scenario when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.changes import Change
from simulator.scenario.errors import ScenarioError
from simulator.scenario.library import find, library_folder, shipped
from simulator.scenario.loader import Overrides, load, loads
from simulator.scenario.model import Attachment, Scenario
from simulator.scenario.writing import check_sound, save, toml_of
from simulator.trace.recording import read
from tests.fork.any_change import changes


def again(scenario: Scenario, folder: Path, name: str = "mine.toml") -> Scenario:
    """What is read from the file that is written; its name and its words are the file's."""
    save(scenario, folder / name, title="Punya saya")
    return replace(load(folder / name), name=scenario.name, words=scenario.words)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.name)
def test_every_shipped_scenario_comes_back(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    assert again(scenario, tmp_path) == scenario


def test_one_that_came_back_is_written_the_same_and_runs_the_same(tmp_path: Path) -> None:
    scenario = load(find("attachment"))
    back = again(scenario, tmp_path)
    assert tuple(simulate(back)) == tuple(simulate(scenario))
    assert toml_of(back, "mine") == toml_of(scenario, "mine")


def test_two_mails_may_have_files_of_one_name(tmp_path: Path) -> None:
    scenario = load(find("attachment"))
    (mail,) = scenario.mails
    other = replace(mail, attachments=tuple(replace(a, octets=b"x") for a in mail.attachments))
    both = replace(scenario, mails=(mail, other))
    assert again(both, tmp_path) == both
    assert (tmp_path / "mine.attached" / "2" / "jadwal.csv").read_bytes() == b"x"


AWKWARD = (
    "plain",
    'she said "no"',
    'it\'s "both"',
    "back\\slash \\n",
    "tab\tand\r\nline ends\n\n",
    '"""\n"""',
    "'''",
    "\x00\x1b[2J\x7f\u202e\u2028",
    " spaces ",
    "\n",
    "# no comment = [1]",
)


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_comes_back(text: str, tmp_path: Path) -> None:
    scenario = load(find("same-domain"))
    (mail,) = scenario.mails
    typed = replace(load(find("smtp-by-hand")).sessions[0], server="smtp.kampus.example")
    changed = replace(
        scenario,
        mails=(replace(mail, body=text),),
        sessions=(replace(typed, lines=(text, "QUIT")),),
    )
    assert again(changed, tmp_path) == changed


def test_a_file_reads_as_one_that_a_person_wrote() -> None:
    text = toml_of(load(find("greylisting")), "mine")
    assert 'subject = "Rapat Senin"' in text
    assert '[domains."kantor.example"]' in text
    assert 'greylist = "' in text
    assert "follows" not in text  # what is as usual is left out


def test_a_title_is_one_comment_whatever_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    save(load(find("same-domain")), file, title="One\nseed = 9\r\n[mail]")
    assert file.read_text("utf-8").startswith("# One seed = 9 [mail]\n\n")
    assert load(file).seed == 1


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment(name="../../evil.txt", media_type="text/plain", octets=b"x"),
        Attachment(name="a\\b.txt", media_type="text/plain", octets=b"x"),
        Attachment(name="..", media_type="application/octet-stream", octets=b"x"),
        Attachment(name="", media_type="application/octet-stream", octets=b"x"),
        Attachment(name="a\x1b.txt", media_type="text/plain", octets=b"x"),
        Attachment(name="a.txt", media_type="text/x-evil", octets=b"x"),
    ],
)
def test_what_no_file_beside_it_can_be_is_refused_before_anything_is_written(
    attachment: Attachment, tmp_path: Path
) -> None:
    scenario = load(find("same-domain"))
    (mail,) = scenario.mails
    odd = replace(scenario, mails=(replace(mail, attachments=(attachment,)),))
    with pytest.raises(ScenarioError, match="no scenario file can say all of this"):
        save(odd, tmp_path / "mine.toml", title="")
    assert list(tmp_path.iterdir()) == []


def test_what_the_real_dns_said_stays_in_recordings(tmp_path: Path) -> None:
    kept = read(library_folder() / "recordings" / "looked-up.jsonl").header.scenario
    with pytest.raises(ScenarioError, match="what the real DNS said"):
        save(kept, tmp_path / "mine.toml", title="")


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    with pytest.raises(FileExistsError):
        save(load(find("same-domain")), file, title="")
    assert file.read_text() == "mine"


def is_sensible(scenario: Scenario, change: Change) -> bool:
    """Whether a file may ask for it."""
    try:
        read_back(scenario.changed(change))
    except ScenarioError:
        return False
    return True


def read_back(scenario: Scenario) -> Scenario:
    back = loads(toml_of(scenario, ""), file="mine.toml", folder=Path())
    return replace(back, name=scenario.name, words=scenario.words)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_changed_in_a_run_comes_back_and_is_sound(data: st.DataObject) -> None:
    scenario = load(find(data.draw(st.sampled_from(["two-domains", "mta-sts", "pop3-by-hand"]))))
    places = st.none() | st.integers(0, 200)
    drawn = data.draw(st.lists(st.tuples(changes(scenario), places), max_size=5))
    made = [replace(change, after=after) for change, after in drawn]
    check_sound(scenario.changed(*made))
    sensible = scenario.changed(*(one for one in made if is_sensible(scenario, one)))
    assert read_back(sensible) == sensible


@pytest.mark.parametrize(
    "kept", sorted((library_folder() / "recordings").glob("*.jsonl")), ids=lambda kept: kept.stem
)
def test_the_scenario_of_every_shipped_recording_is_sound(kept: Path) -> None:
    check_sound(read(kept).header.scenario)


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(to=("nobody@kantor.example",)),
        Overrides(sender="budi@kampus.example", cc=("dedi@kantor.example",), seed=9),
        Overrides(to=("ani@kampus.example",), bcc=("budi@kampus.example",), body="\r\x00\n"),
    ],
)
def test_what_the_command_line_makes_of_a_scenario_is_sound(overrides: Overrides) -> None:
    check_sound(load(find("two-domains"), overrides))


def test_what_no_file_could_ask_for_is_not_sound() -> None:
    scenario = load(find("two-domains"))
    (mail,) = scenario.mails
    for odd in (
        replace(scenario, start="\u202e"),
        replace(scenario, latency=10**15),
        replace(scenario, mails=(replace(mail, sender="nobody"),)),
        replace(scenario, mails=(replace(mail, at=-1),)),
        replace(scenario, domains=scenario.domains[:1]),
        replace(scenario, domains=scenario.domains[1:]),
        replace(scenario, pickups=(*scenario.pickups, *scenario.pickups)),
    ):
        with pytest.raises(ScenarioError):
            check_sound(odd)
