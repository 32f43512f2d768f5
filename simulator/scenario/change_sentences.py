"""The sentences of mistakes about what goes otherwise: ``--fork`` and ``[[change]]``."""

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
    "scenario.change-moment": {
        "en": '"{found}" is no moment: after "on" write {known}',
        "id": '"{found}" bukan saat yang dikenal: sesudah "on" tulis {known}',
    },
    "scenario.change-deed": {
        "en": '"{do}" cannot happen at the moment "{on}": write one of {known}',
        "id": '"{do}" tidak dapat terjadi pada saat "{on}": tulis salah satu dari {known}',
    },
    "scenario.change-when": {
        "en": '"{do}" has no event to be about here, so say at which moment: like "{example}"',
        "id": '"{do}" di sini tidak menyusul suatu peristiwa, jadi sebutkan saatnya: misalnya '
        '"{example}"',
    },
    "scenario.change-where": {
        "en": '"{do}" has no event to be about here, so say where: like "{example}"',
        "id": '"{do}" di sini tidak menyusul suatu peristiwa, jadi sebutkan tempatnya: misalnya '
        '"{example}"',
    },
    "scenario.change-next": {
        "en": '"next" is the reply after an event, and here is none: write it like "{example}"',
        "id": '"next" ialah jawaban sesudah suatu peristiwa, dan di sini tidak ada: tulis seperti '
        '"{example}"',
    },
    "scenario.change-alone": {
        "en": '"{key}" says nothing without a moment: write it like "{example}"',
        "id": '"{key}" tidak berarti tanpa saat: tulis seperti "{example}"',
    },
    "scenario.change-idle": {
        "en": '"{key}" says nothing beside "{do}": leave it out',
        "id": '"{key}" tidak berarti bersama "{do}": hapus',
    },
    "scenario.change-only": {
        "en": '"only" has nothing to look at in "{on}": leave it out',
        "id": '"only" tidak punya apa-apa untuk dilihat pada "{on}": hapus',
    },
    "scenario.change-window": {
        "en": '"until" is not after "from": write a longer time, like "until 20 min"',
        "id": '"until" tidak sesudah "from": tulis waktu yang lebih lama, misalnya "until 20 min"',
    },
    "scenario.change-reply": {
        "en": '"{found}" is no reply: write three digits and words, like "reply 450 4.2.0 Busy"',
        "id": '"{found}" bukan balasan: tulis tiga angka dan kata-kata, misalnya '
        '"reply 450 4.2.0 Busy"',
    },
    "scenario.change-pop3-reply": {
        "en": '"{found}" is no reply of POP3: write +OK or -ERR and words, like '
        '"reply -ERR Try later"',
        "id": '"{found}" bukan balasan POP3: tulis +OK atau -ERR dan kata-kata, misalnya '
        '"reply -ERR Try later"',
    },
    "scenario.change-imap-reply": {
        "en": '"{found}" is no reply of IMAP: write OK, NO or BAD and words, like '
        '"reply NO Try later"',
        "id": '"{found}" bukan balasan IMAP: tulis OK, NO, atau BAD dan kata-kata, misalnya '
        '"reply NO Try later"',
    },
    "scenario.change-host": {
        "en": 'the moment "{on}" never comes to "{host}": write one of {known}',
        "id": 'saat "{on}" tidak pernah terjadi di "{host}": pilih salah satu dari {known}',
    },
    "scenario.change-without-lmtp": {
        "en": 'nobody here speaks LMTP: write delivery = "lmtp" in the domain, or another moment',
        "id": 'di sini tidak ada LMTP: tulis delivery = "lmtp" di domainnya, atau saat yang lain',
    },
    "scenario.change-domain": {
        "en": 'a policy is that of a domain, and "{found}" is none here: known are {known}',
        "id": 'kebijakan itu milik domain, dan "{found}" bukan domain di sini: yang ada {known}',
    },
    "scenario.change-place": {
        "en": 'event {event} is on no connection, so "{found}" has none: choose a command or reply',
        "id": 'peristiwa {event} bukan bagian koneksi, jadi "{found}" tak berlaku: pilih '
        "perintah atau jawaban",
    },
    "scenario.change-question": {
        "en": 'records answer one question, so say which: like "{example}"',
        "id": 'rekaman menjawab satu pertanyaan, jadi sebutkan: misalnya "{example}"',
    },
    "scenario.change-no-question": {
        "en": 'event {event} asks no question, so say which: like "{example}"',
        "id": 'peristiwa {event} bukan pertanyaan DNS, jadi sebutkan: misalnya "{example}"',
    },
    "scenario.fork": {
        "en": '"{found}": write the number of an event, =, and a change, like "{example}"',
        "id": '"{found}": tulis nomor peristiwa, =, lalu perubahannya, seperti "{example}"',
    },
    "scenario.fork-before": {
        "en": "a change after event {event} moves event {later}, which has one: "
        "add the earlier first",
        "id": "perubahan sesudah peristiwa {event} menggeser {later}, yang sudah diubah: dahulukan "
        "yang awal",
    },
    "scenario.fork-too-late": {
        "en": "this run has no event {event}: its events are 0 to {last}",
        "id": "tidak ada peristiwa {event} di sini: peristiwanya 0 sampai {last}",
    },
}
