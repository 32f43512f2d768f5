"""The sentences of scenario mistakes: one line for each rule, in English and Indonesian."""

from __future__ import annotations

from simulator.scenario.change_sentences import CHANGES
from simulator.scenario.people_sentences import PEOPLE_AND_SERVERS

SENTENCES: dict[str, dict[str, str]] = {
    # Files
    "scenario.missing-file": {
        "en": "there is no such file: write the path of a scenario's folder or .toml file",
        "id": "berkas ini tidak ada: tulis lokasi folder skenario atau berkas .toml",
    },
    "scenario.unknown-name": {
        "en": 'no scenario has this name: write "smtpflow list" to see them all',
        "id": 'tidak ada skenario bernama ini: tulis "smtpflow list" untuk melihat semuanya',
    },
    "scenario.misspelt-name": {
        "en": 'no scenario has this name: did you mean "{nearest}"?',
        "id": 'tidak ada skenario bernama ini: maksud Anda "{nearest}"?',
    },
    "scenario.empty-folder": {
        "en": "this folder has no scenario.toml: write one, with [mail], from and to",
        "id": "folder ini tidak berisi scenario.toml: buatlah, dengan [mail], from, dan to",
    },
    "scenario.not-a-scenario": {
        "en": "this is no scenario: a scenario is a folder or a file whose name ends in .toml",
        "id": "ini bukan skenario: skenario adalah folder atau berkas yang berakhiran .toml",
    },
    "scenario.unreadable": {
        "en": "this file cannot be read ({reason}): give yourself the right to read it",
        "id": "berkas ini tidak dapat dibaca ({reason}): beri diri Anda izin membacanya",
    },
    "scenario.too-large": {
        "en": "this file is larger than {limit} octets: keep large texts in attachments",
        "id": "berkas ini lebih dari {limit} oktet: simpan teks besar sebagai lampiran",
    },
    "scenario.not-utf8": {
        "en": "octet {octet} of this file is not UTF-8: save the file as UTF-8",
        "id": "oktet ke-{octet} berkas ini bukan UTF-8: simpan berkas sebagai UTF-8",
    },
    "scenario.not-written": {
        "en": "no scenario file can say all of this: save it as a recording (.jsonl)",
        "id": "berkas skenario tidak dapat memuat semua ini: simpan sebagai rekaman (.jsonl)",
    },
    "scenario.looked-up-is-not-written": {
        "en": "a scenario file cannot hold what the real DNS said: save a recording (.jsonl)",
        "id": "berkas skenario tidak dapat memuat jawaban DNS sungguhan: simpan rekaman (.jsonl)",
    },
    "scenario.does-not-fit": {
        "en": "its people, domains and pick-ups do not fit together",
        "id": "orang, domain, dan pengambilan surel di dalamnya tidak cocok satu sama lain",
    },
    # TOML itself
    "scenario.syntax": {
        "en": 'this is not TOML ({reason}): write lines like to = "citra@kantor.example"',
        "id": 'ini bukan TOML ({reason}): tulis baris seperti to = "citra@kantor.example"',
    },
    "scenario.syntax-value": {
        "en": 'this value is not TOML: write text in quotes, like to = "citra@kantor.example"',
        "id": 'nilai ini bukan TOML: apit teks dengan kutip, misalnya to = "citra@kantor.example"',
    },
    "scenario.syntax-quote": {
        "en": 'a quote is opened here and never closed: end the text with "',
        "id": 'tanda kutip dibuka di sini dan tidak ditutup: akhiri teks dengan "',
    },
    "scenario.syntax-equals": {
        "en": 'a key without a value: write key = "value"',
        "id": 'kunci tanpa nilai: tulis kunci = "nilai"',
    },
    "scenario.syntax-bracket": {
        "en": "a bracket is not closed: write lists as [a, b], tables as [mail] or [[mail]]",
        "id": "kurung siku belum ditutup: tulis daftar [a, b] dan tabel [mail] atau [[mail]]",
    },
    "scenario.syntax-twice": {
        "en": "this key or table is written twice: keep one, or write [[mail]] for several mails",
        "id": "kunci atau tabel ini ditulis dua kali: sisakan satu, atau pakai [[mail]] "
        "untuk beberapa surel",
    },
    "scenario.syntax-backslash": {
        "en": "a backslash between double quotes is special: write \\\\, or use single quotes",
        "id": "garis miring terbalik di antara kutip ganda bermakna khusus: tulis \\\\, "
        "atau pakai kutip tunggal",
    },
    "scenario.too-deep": {
        "en": "brackets or dotted names go deeper than {limit} levels: a scenario needs only 3",
        "id": "kurung atau nama bertitik lebih dalam dari {limit} tingkat: skenario cukup 3",
    },
    # Keys
    "scenario.unknown-key": {
        "en": 'unknown key "{key}": known here are {known}',
        "id": 'kunci "{key}" tidak dikenal: yang dikenal di sini {known}',
    },
    "scenario.misspelt-key": {
        "en": 'unknown key "{key}": write "{nearest}"',
        "id": 'kunci "{key}" tidak dikenal: tulis "{nearest}"',
    },
    "scenario.key-elsewhere": {
        "en": '"{key}" does not belong here: write it in {table}',
        "id": '"{key}" bukan di sini tempatnya: tulis di dalam {table}',
    },
    "scenario.key-at-top": {
        "en": '"{key}" does not belong here: write it at the top, above the first [table]',
        "id": '"{key}" bukan di sini tempatnya: tulis paling atas, sebelum [tabel] pertama',
    },
    "scenario.missing-key": {
        "en": '{table} has no "{key}": write {example}',
        "id": '{table} belum punya "{key}": tulis {example}',
    },
    "scenario.missing-mail": {
        "en": "there is no mail: write [mail], and below it from and to",
        "id": "belum ada surel: tulis [mail], lalu from dan to di bawahnya",
    },
    "scenario.no-mail-to-replace": {
        "en": "here mail is typed by hand, line by line: leave this option out",
        "id": "di sini surel diketik dengan tangan, baris demi baris: jangan pakai opsi ini",
    },
    # Values
    "scenario.wrong-value": {
        "en": '"{key}" cannot be {found}: write {example}',
        "id": '"{key}" tidak boleh {found}: tulis {example}',
    },
    "scenario.out-of-range": {
        "en": '"{key}" cannot be {found}: write a value from {lowest} to {highest}',
        "id": '"{key}" tidak boleh {found}: tulis nilai dari {lowest} sampai {highest}',
    },
    "scenario.duration": {
        "en": '"{key}" cannot be {found}: write a number and ms, s, min, h or d, like "{example}"',
        "id": '"{key}" tidak boleh {found}: tulis bilangan dan ms, s, min, h, atau d, '
        'misalnya "{example}"',
    },
    "scenario.start": {
        "en": '"start" cannot be {found}: write day, time and zone, like "{example}"',
        "id": '"start" tidak boleh {found}: tulis tanggal, jam, dan zona, misalnya "{example}"',
    },
    "scenario.too-many": {
        "en": '"{key}" has {count} entries: at most {limit} are simulated',
        "id": '"{key}" berisi {count} butir: paling banyak {limit} yang disimulasikan',
    },
    "scenario.too-many-hosts": {
        "en": "this scenario needs more hosts than there are simulated addresses: use fewer",
        "id": "skenario ini memerlukan host lebih banyak daripada alamat simulasi: kurangi",
    },
    "scenario.control-character": {
        "en": '"{key}" has a line break or control character: write it in one plain line',
        "id": '"{key}" memuat ganti baris atau karakter kendali: tulis dalam satu baris biasa',
    },
    "scenario.not-text": {
        "en": '"{key}" is not UTF-8 text: type it in a terminal that is set to UTF-8',
        "id": '"{key}" bukan teks UTF-8: ketik di terminal yang memakai UTF-8',
    },
    # Attachments
    "scenario.attachment-missing": {
        "en": 'there is no file "{name}" beside the scenario: put it there',
        "id": 'tidak ada berkas "{name}" di folder skenario: letakkan di sana',
    },
    "scenario.attachment-misspelt": {
        "en": 'there is no file "{name}" beside the scenario: did you mean "{nearest}"?',
        "id": 'tidak ada berkas "{name}" di folder skenario: maksud Anda "{nearest}"?',
    },
    "scenario.attachment-not-found": {
        "en": 'there is no file "{name}": write the path of a file to attach',
        "id": 'tidak ada berkas "{name}": tulis lokasi berkas yang akan dilampirkan',
    },
    "scenario.attachment-outside": {
        "en": '"{name}" lies outside the scenario\'s folder: put a copy inside and name that',
        "id": '"{name}" ada di luar folder skenario: salin ke dalamnya dan tulis nama salinannya',
    },
    "scenario.attachment-not-a-file": {
        "en": '"{name}" is no ordinary file: name the file itself',
        "id": '"{name}" bukan berkas biasa: tulis nama berkasnya',
    },
    "scenario.attachment-unreadable": {
        "en": '"{name}" cannot be read ({reason}): give yourself the right to read it',
        "id": '"{name}" tidak dapat dibaca ({reason}): beri diri Anda izin membacanya',
    },
    "scenario.attachment-too-large": {
        "en": '"{name}" is larger than {limit} octets: attach a smaller file',
        "id": '"{name}" lebih dari {limit} oktet: lampirkan berkas yang lebih kecil',
    },
    # The library
    "scenario.words-missing": {
        "en": "a shipped scenario needs its words in this language too: write title and goal",
        "id": "skenario bawaan perlu kata-kata dalam bahasa ini juga: tulis title dan goal",
    },
    **PEOPLE_AND_SERVERS,
    **CHANGES,
}
"""Rule -> language -> sentence; a gap ``{name}`` is filled from the error's values."""
