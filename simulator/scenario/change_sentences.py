"""The sentences of mistakes about changes to a run: ``--fork`` and ``[[intervention]]``."""

from __future__ import annotations

CHANGES: dict[str, dict[str, str]] = {
    "scenario.change-unknown": {
        "en": '"{found}" is no change: begin with one of {known}',
        "id": '"{found}" bukan perubahan: mulai dengan salah satu dari {known}',
    },
    "scenario.change-misspelt": {
        "en": '"{found}" is no change: did you mean something like "{nearest}"?',
        "id": '"{found}" bukan perubahan: maksud Anda seperti "{nearest}"?',
    },
    "scenario.change-form": {
        "en": '"{found}" is not understood: write it like "{example}"',
        "id": '"{found}" tidak dimengerti: tulis seperti "{example}"',
    },
    "scenario.change-place": {
        "en": 'event {event} is on no connection, so "{found}" has none: choose a command or reply',
        "id": 'peristiwa {event} bukan bagian koneksi, jadi "{found}" tak berlaku: pilih '
        "perintah atau jawaban",
    },
    "scenario.change-question": {
        "en": 'event {event} asks no question, so say which: like "{example}"',
        "id": 'peristiwa {event} bukan pertanyaan DNS, jadi sebutkan: misalnya "{example}"',
    },
    "scenario.fork": {
        "en": '"{found}": write the number of an event, =, and a change, like "{example}"',
        "id": '"{found}": tulis nomor peristiwa, =, lalu perubahannya, seperti "{example}"',
    },
    "scenario.fork-too-late": {
        "en": "this run has no event {event}: its events are 0 to {last}",
        "id": "tidak ada peristiwa {event} di sini: peristiwanya 0 sampai {last}",
    },
}
