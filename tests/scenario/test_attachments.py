"""Attachments lie in the scenario's folder, or where the command line says."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario import attachments
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, load
from simulator.scenario.model import Attachment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario's folder, with a file beside it that is none of its business."""
    inside = tmp_path / "rapat"
    (inside / "gambar").mkdir(parents=True)
    (inside / "jadwal.csv").write_bytes(b"hari,jam\r\n\x00\xff")
    (inside / "gambar" / "logo.PNG").write_bytes(b"\x89PNG")
    (tmp_path / "rahasia.txt").write_text("rahasia")
    return inside


def scenario(folder: Path, attach: str) -> Path:
    (folder / "scenario.toml").write_text(
        f'[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\nattach = {attach}\n'
    )
    return folder


def said(folder: Path, attach: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(scenario(folder, attach))
    assert caught.value.file == str(folder / "scenario.toml")
    return f"{caught.value.line}: {caught.value.sentence()}"


def test_an_attachment_has_its_bare_name_its_type_and_its_octets(folder: Path) -> None:
    (mail,) = load(scenario(folder, '["jadwal.csv", "gambar/logo.PNG"]')).mails
    assert mail.attachments == (
        Attachment(name="jadwal.csv", media_type="text/csv", octets=b"hari,jam\r\n\x00\xff"),
        Attachment(name="logo.PNG", media_type="image/png", octets=b"\x89PNG"),
    )


def test_a_file_of_no_known_type_is_octets(folder: Path) -> None:
    (folder / "data.xyz").write_bytes(b"")
    (mail,) = load(scenario(folder, '"data.xyz"')).mails
    assert mail.attachments[0].media_type == "application/octet-stream"


def test_a_link_inside_the_folder_may_be_followed(folder: Path) -> None:
    (folder / "tautan.csv").symlink_to("jadwal.csv")
    (mail,) = load(scenario(folder, '"tautan.csv"')).mails
    assert mail.attachments[0].name == "tautan.csv"


@pytest.mark.parametrize(
    "name",
    [
        "../rahasia.txt",
        "/etc/passwd",
        "gambar/../../rahasia.txt",
        "gambar/../jadwal.csv",
        "C:/rahasia.txt",
        "..\\\\rahasia.txt",
        "//host/share",
    ],
)
def test_an_attachment_outside_the_folder_is_refused(folder: Path, name: str) -> None:
    plain = name.replace("\\\\", "\\")
    assert said(folder, f'[\n  "jadwal.csv",\n  "{name}",\n]') == (
        f'6: "{plain}" lies outside the scenario\'s folder: put a copy inside and name that'
    )


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "tautan.txt").symlink_to(folder.parent / "rahasia.txt")
    (folder / "luar").symlink_to(folder.parent)
    for name in ("tautan.txt", "luar/rahasia.txt"):
        assert "lies outside" in said(folder, f'"{name}"')


def test_a_ring_of_links_is_no_file(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    assert "there is no file" in said(folder, '"a"')


def test_a_folder_with_the_same_beginning_is_outside(folder: Path) -> None:
    (folder.parent / "rapat2").mkdir()
    (folder.parent / "rapat2" / "x").write_text("x")
    (folder / "y").symlink_to(folder.parent / "rapat2" / "x")
    assert "lies outside" in said(folder, '"y"')


def test_a_missing_attachment_names_the_nearest_file(folder: Path) -> None:
    assert said(folder, '"jadwl.csv"') == (
        '4: there is no file "jadwl.csv" beside the scenario: did you mean "jadwal.csv"?'
    )
    assert said(folder, '"peta.pdf"') == (
        '4: there is no file "peta.pdf" beside the scenario: put it there'
    )


def test_a_folder_is_no_attachment(folder: Path) -> None:
    assert said(folder, '"gambar"') == ('4: "gambar" is no ordinary file: name the file itself')


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that fails, on Linux")
def test_an_attachment_that_cannot_be_read(folder: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(scenario(folder, "[]"), Overrides(attach=("/proc/self/mem",)))
    assert str(caught.value) == (
        '--attach: "/proc/self/mem" cannot be read (Input/output error): '
        "give yourself the right to read it"
    )


def test_an_attachment_of_more_than_fifty_million_octets(folder: Path) -> None:
    with (folder / "besar.zip").open("wb") as file:
        file.truncate(attachments.LARGEST_ATTACHMENT + 1)
    assert said(folder, '"besar.zip"') == (
        '4: "besar.zip" is larger than 50000000 octets: attach a smaller file'
    )


def test_an_attachment_name_with_a_line_break(folder: Path) -> None:
    assert said(folder, r'"a\nb.csv"').startswith('4: "attach" has a line break')


def test_more_attachments_than_are_simulated(folder: Path) -> None:
    many = "[" + '"jadwal.csv", ' * 21 + "]"
    assert said(folder, many) == '4: "attach" has 21 entries: at most 20 are simulated'


def test_the_command_line_attaches_from_anywhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "gambar")
    path = scenario(folder, '"jadwal.csv"')
    overrides = Overrides(attach=("../../rahasia.txt", str(folder / "jadwal.csv")))
    (mail,) = load(path, overrides).mails
    assert [one.name for one in mail.attachments] == ["rahasia.txt", "jadwal.csv"]
    assert mail.attachments[0].octets == b"rahasia"


def test_a_mistake_in_an_attachment_of_the_command_line_names_the_option(folder: Path) -> None:
    path = scenario(folder, "[]")
    for attach, sentence in (
        ("hilang.pdf", 'there is no file "hilang.pdf": write the path of a file to attach'),
        ("/dev/zero", '"/dev/zero" is no ordinary file: name the file itself'),
        ("a\0b", '"attach" has a line break or control character: write it in one plain line'),
    ):
        with pytest.raises(ScenarioError) as caught:
            load(path, Overrides(attach=(attach,)))
        assert str(caught.value) == f"--attach: {sentence}"
