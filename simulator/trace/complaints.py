"""What can be wrong with a recording, as sentences in each language.

What they quote comes from a file that may be hostile, and goes to a terminal: signs that are not
printable are escaped, long pieces are cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["en", "id"]

RecordingRule: TypeAlias = Literal[
    "missing",
    "folder",
    "unreadable",
    "not-writable",
    "empty",
    "header-cut-off",
    "not-a-recording",
    "version",
    "header",
    "too-long",
    "not-utf-8",
    "syntax",
    "value",
    "base64",
    "seq",
    "at",
]
RemarkRule: TypeAlias = Literal["unknown-kind", "unknown-kinds", "gap", "cut-off"]

_SENTENCES: Final[Mapping[RecordingRule | RemarkRule, Mapping[Language, str]]] = {
    "missing": {
        "en": "{file}: there is no such file.",
        "id": "{file}: berkas ini tidak ada.",
    },
    "folder": {
        "en": "{file} is a folder; name the recording in it.",
        "id": "{file} adalah folder; sebutkan berkas rekaman di dalamnya.",
    },
    "unreadable": {
        "en": "{file} cannot be read: {detail}.",
        "id": "{file} tidak dapat dibaca: {detail}.",
    },
    "not-writable": {
        "en": "{file} cannot be written: {detail}.",
        "id": "{file} tidak dapat ditulis: {detail}.",
    },
    "empty": {
        "en": "{file} is empty; a recording begins with a header line.",
        "id": "{file} kosong; sebuah rekaman diawali baris kepala.",
    },
    "header-cut-off": {
        "en": "{file}, line 1: the header is cut off, so there is nothing to play.",
        "id": "{file}, baris 1: baris kepala terpotong, jadi tidak ada yang dapat diputar.",
    },
    "not-a-recording": {
        "en": '{file}, line 1: this is no recording; one begins with {{"format": '
        '"smtpflow-recording", "version": 1, …}}.',
        "id": '{file}, baris 1: ini bukan rekaman; rekaman diawali {{"format": '
        '"smtpflow-recording", "version": 1, …}}.',
    },
    "version": {
        "en": "{file}, line 1: the recording has version {detail}; this program reads version 1.",
        "id": "{file}, baris 1: rekaman ini berversi {detail}; program ini membaca versi 1.",
    },
    "header": {
        "en": "{file}, line 1: the header is not as it should be: {detail}.",
        "id": "{file}, baris 1: isi baris kepala tidak sesuai: {detail}.",
    },
    "too-long": {
        "en": "{file}, line {line}: the line is longer than 256 MiB.",
        "id": "{file}, baris {line}: baris ini lebih panjang dari 256 MiB.",
    },
    "not-utf-8": {
        "en": "{file}, line {line}: the text is not UTF-8.",
        "id": "{file}, baris {line}: teksnya bukan UTF-8.",
    },
    "syntax": {
        "en": "{file}, line {line}: the line is broken: {detail}.",
        "id": "{file}, baris {line}: baris ini rusak: {detail}.",
    },
    "value": {
        "en": "{file}, line {line}: the event is not as it should be: {detail}.",
        "id": "{file}, baris {line}: isi peristiwa ini tidak sesuai: {detail}.",
    },
    "base64": {
        "en": "{file}, line {line}: the key data is marked as base64, but is not: {detail}.",
        "id": "{file}, baris {line}: kunci data ditandai base64, tetapi bukan: {detail}.",
    },
    "seq": {
        "en": "{file}, line {line}: seq must grow from line to line, but goes {detail}.",
        "id": "{file}, baris {line}: seq harus naik dari baris ke baris, tetapi di sini {detail}.",
    },
    "at": {
        "en": "{file}, line {line}: the time at must not run backwards, but goes {detail}.",
        "id": "{file}, baris {line}: waktu at tidak boleh mundur, tetapi di sini {detail}.",
    },
    "unknown-kind": {
        "en": "Line {line}: this version does not know events of the kind {kind}; "
        "those were skipped ({count}).",
        "id": "Baris {line}: versi ini tidak mengenal peristiwa jenis {kind}; "
        "semuanya dilewati ({count}).",
    },
    "unknown-kinds": {
        "en": "From line {line}: further events of unknown kinds were skipped ({count}).",
        "id": "Mulai baris {line}: peristiwa lain yang jenisnya tidak dikenal dilewati ({count}).",
    },
    "gap": {
        "en": "Before line {line} events are missing ({count} in all); the others are played.",
        "id": "Sebelum baris {line} ada peristiwa yang hilang ({count} seluruhnya); "
        "yang lain diputar.",
    },
    "cut-off": {
        "en": "Line {line}, the last one, is cut off; the recording is played without it.",
        "id": "Baris {line}, yang terakhir, terpotong; rekaman diputar tanpa baris itu.",
    },
}

_LONGEST_QUOTE: Final = 200


def _sentence(rule: RecordingRule | RemarkRule, language: Language, **values: object) -> str:
    quoted = {name: _printable(str(value)) for name, value in values.items()}
    return _SENTENCES[rule][language].format(**quoted)


def _printable(text: str) -> str:
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE] + "…"
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


class RecordingError(Exception):
    """A file that cannot be read or written as a recording; ``line`` is 0 for the file itself."""

    def __init__(self, rule: RecordingRule, path: Path, line: int = 0, detail: str = "") -> None:
        self.rule, self.path, self.line, self.detail = rule, path, line, detail
        super().__init__(self.sentence())

    def sentence(self, language: Language = "en") -> str:
        """One sentence that says what is wrong and where."""
        return _sentence(self.rule, language, file=self.path, line=self.line, detail=self.detail)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a recording that was passed over: where it was first seen, and how often."""

    rule: RemarkRule
    line: int
    count: int = 1
    kind: str = ""

    def sentence(self, language: Language = "en") -> str:
        """One sentence that says what was passed over."""
        return _sentence(self.rule, language, line=self.line, count=self.count, kind=self.kind)


def reason_of(error: OSError | ValueError) -> str:
    """What the system says, without the name of the file."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
