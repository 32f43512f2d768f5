"""The sentences of mistakes about people and servers: addresses, domains, mailboxes."""

from __future__ import annotations

PEOPLE_AND_SERVERS: dict[str, dict[str, str]] = {
    # Addresses and names
    "scenario.address": {
        "en": '"{found}" is no address: write one like "citra@kantor.example"',
        "id": '"{found}" bukan alamat: tulis seperti "citra@kantor.example"',
    },
    "scenario.address-with-name": {
        "en": '"{found}" has more than the address: write "{address}"',
        "id": '"{found}" lebih dari sekadar alamat: tulis "{address}"',
    },
    "scenario.several-addresses": {
        "en": '"{found}" is several addresses in one text: write a list, like {example}',
        "id": '"{found}" berisi beberapa alamat dalam satu teks: tulis daftar, misalnya {example}',
    },
    "scenario.label": {
        "en": '"{label}" cannot stand in a domain (RFC 5891): use letters and digits of a script, '
        'like "kampüs"',
        "id": '"{label}" tidak boleh ada di domain (RFC 5891): pakai huruf dan angka suatu aksara, '
        'misalnya "kampüs"',
    },
    "scenario.local-part-too-long": {
        "en": "the part before the @ has {count} octets: at most {limit} (RFC 5321 4.5.3.1.1)",
        "id": "bagian sebelum @ panjangnya {count} oktet: paling banyak {limit} "
        "(RFC 5321 4.5.3.1.1)",
    },
    "scenario.domain-too-long": {
        "en": "this domain has {count} octets: at most {limit}, so that its hosts' names fit too",
        "id": "domain ini panjangnya {count} oktet: paling banyak {limit}, agar nama host-nya muat",
    },
    "scenario.host-name": {
        "en": '"{found}" is no host name: use letters, digits, hyphens and dots, like {example}',
        "id": '"{found}" bukan nama host: pakai huruf, angka, tanda hubung, dan titik, '
        "misalnya {example}",
    },
    "scenario.name-taken": {
        "en": '"{found}" is a host that the simulated internet has already: choose another name',
        "id": '"{found}" sudah dipakai host lain di internet simulasi: pilih nama lain',
    },
    "scenario.host-shared": {
        "en": '"{found}" is a server of {domain}, and can be no other one: choose another name',
        "id": '"{found}" adalah server {domain} dan tidak bisa merangkap: pilih nama lain',
    },
    "scenario.user": {
        "en": '"{found}" is no user: write only the part before the @, like "citra"',
        "id": '"{found}" bukan nama pengguna: tulis bagian sebelum @ saja, misalnya "citra"',
    },
    "scenario.exchanger": {
        "en": '"{found}" is no MX: write preference and host, like "10 mx1.kantor.example"',
        "id": '"{found}" bukan MX: tulis preferensi dan host, misalnya "10 mx1.kantor.example"',
    },
    "scenario.null-mx-not-alone": {
        "en": '"0 ." says that a domain takes no mail (RFC 7505): write it alone, or not at all',
        "id": '"0 ." berarti domain ini tidak menerima surel (RFC 7505): tulis sendirian, '
        "atau hapus",
    },
    "scenario.relay-twice": {
        "en": 'the relay "{found}" is in the list twice: keep one',
        "id": 'relai "{found}" ada dua kali di daftar: sisakan satu',
    },
    "scenario.relay-shared": {
        "en": '"{found}" relays for {domain} already; one for two senders is not simulated yet: '
        "name another",
        "id": '"{found}" sudah menjadi relai {domain}; satu relai untuk dua pengirim belum '
        "disimulasikan: pakai yang lain",
    },
    # Envelopes
    "scenario.never-not-alone": {
        "en": '"never" excludes every other wish (RFC 3461 4.1): write it alone, or not at all',
        "id": '"never" meniadakan keinginan lain (RFC 3461 4.1): tulis sendirian, atau hapus',
    },
    "scenario.envelope-id": {
        "en": '"envelope_id" takes up to {limit} plain letters, digits and signs but + and =: '
        'write like "rapat-17"',
        "id": '"envelope_id" berisi paling banyak {limit} huruf, angka, dan tanda selain + dan =: '
        'misalnya "rapat-17"',
    },
    # Domains
    "scenario.unknown-domain": {
        "en": 'unknown domain "{domain}": known are {known}; or declare [domains."{domain}"]',
        "id": 'domain "{domain}" tidak dikenal: yang dikenal {known}; '
        'atau buat [domains."{domain}"]',
    },
    "scenario.misspelt-domain": {
        "en": 'unknown domain "{domain}": did you mean "{nearest}"? Known are {known}',
        "id": 'domain "{domain}" tidak dikenal: maksud Anda "{nearest}"? Yang dikenal {known}',
    },
    "scenario.real-domain": {
        "en": '"{domain}" may belong to someone: write a name like "{example}", or add --dns real',
        "id": '"{domain}" mungkin milik orang: pakai nama seperti "{example}", atau --dns real',
    },
    "scenario.domain-without-quotes": {
        "en": 'a domain with dots needs quotes: write [domains."{domain}"]',
        "id": 'domain bertitik harus diapit kutip: tulis [domains."{domain}"]',
    },
    "scenario.short-domain": {
        "en": '"{domain}" is only one label: write a domain with a dot, like "{domain}.example"',
        "id": '"{domain}" hanya satu label: tulis domain bertitik, misalnya "{domain}.example"',
    },
    "scenario.domain-twice": {
        "en": 'the domain "{domain}" is declared twice (capitals do not count): keep one',
        "id": 'domain "{domain}" dibuat dua kali (huruf besar tidak dibedakan): sisakan satu',
    },
    "scenario.sender-without-account": {
        "en": '"{address}" has no account: add "{user}" to the users of {domain}',
        "id": '"{address}" tidak punya akun: tambahkan "{user}" ke users milik {domain}',
    },
    "scenario.alias-twice": {
        "en": 'the alias "{found}" is declared twice (capitals do not count): keep one',
        "id": 'alias "{found}" dibuat dua kali (huruf besar tidak dibedakan): sisakan satu',
    },
    "scenario.alias-loop": {
        "en": 'the alias "{found}" leads back to itself: write addresses of people instead',
        "id": 'alias "{found}" kembali ke dirinya sendiri: tulis alamat orang',
    },
    "scenario.record": {
        "en": '"{found}" is no line of a zone file: write like @ 3600 IN TXT "v=spf1 mx -all"',
        "id": '"{found}" bukan baris berkas zona: tulis seperti @ 3600 IN TXT "v=spf1 mx -all"',
    },
    "scenario.record-type": {
        "en": 'the DNS has no type of record "{found}": write A, AAAA, MX, TXT, CNAME, NS or SRV',
        "id": 'DNS tidak mengenal jenis catatan "{found}": tulis A, AAAA, MX, TXT, CNAME, NS, SRV',
    },
    "scenario.record-data": {
        "en": 'the DNS cannot read "{found}" as {type}: write like {example}',
        "id": 'DNS tidak dapat membaca "{found}" sebagai {type}: tulis seperti {example}',
    },
    "scenario.header-long": {
        "en": '"headers" has a value of {count} characters: write {limit} or fewer, for one line',
        "id": '"headers" berisi nilai sepanjang {count} huruf: tulis paling banyak {limit}',
    },
    "scenario.header-own": {
        "en": '"headers" cannot hold {found}: the mail client writes that itself, leave it out',
        "id": '"headers" tidak boleh berisi {found}: klien surel menulisnya sendiri, hapus saja',
    },
    "scenario.session-protocol": {
        "en": 'nobody knows what port {port} is for: write protocol = "smtp", "pop3" or "imap"',
        "id": 'tidak diketahui apa yang dipakai di porta {port}: tulis protocol = "smtp", "pop3", '
        'atau "imap"',
    },
    "scenario.limit-period": {
        "en": '"period" means nothing with window = "{window}": leave it out, or write "rolling"',
        "id": '"period" tidak ada artinya pada window = "{window}": hapus, atau tulis "rolling"',
    },
    "scenario.record-not-alone": {
        "en": '"{found}" cannot be a CNAME, since it has other records: write A and an address, '
        "or another name",
        "id": '"{found}" tidak bisa menjadi CNAME karena punya rekaman lain: tulis A dan alamat, '
        "atau nama lain",
    },
    "scenario.record-outside": {
        "en": '"{found}" does not lie in {domain}: write a name like www or @, without a last dot',
        "id": '"{found}" bukan bagian dari {domain}: tulis nama seperti www, tanpa titik akhir',
    },
    "scenario.retry-order": {
        "en": '"shortest" is longer than "longest" (4000 s where left out): write it shorter',
        "id": '"shortest" lebih lama daripada "longest" (4000 s bila tidak ditulis): persingkat',
    },
    # Picking up
    "scenario.unknown-mailbox": {
        "en": 'unknown mailbox "{mailbox}": known are {known}',
        "id": 'kotak surat "{mailbox}" tidak dikenal: yang dikenal {known}',
    },
    "scenario.misspelt-mailbox": {
        "en": 'unknown mailbox "{mailbox}": did you mean "{nearest}"?',
        "id": 'kotak surat "{mailbox}" tidak dikenal: maksud Anda "{nearest}"?',
    },
    # What is typed by hand
    "scenario.session-tls": {
        "en": '"tls" is for SMTP: mail is fetched without TLS here, leave it out',
        "id": '"tls" hanya untuk SMTP: di sini surel diambil tanpa TLS, hapus kunci ini',
    },
    # What goes wrong on purpose
    "scenario.unknown-host": {
        "en": 'unknown host "{host}": known are {known}',
        "id": 'host "{host}" tidak dikenal: yang dikenal {known}',
    },
    "scenario.misspelt-host": {
        "en": 'unknown host "{host}": did you mean "{nearest}"?',
        "id": 'host "{host}" tidak dikenal: maksud Anda "{nearest}"?',
    },
    "scenario.device": {
        "en": '"{found}" is no name of a device: write a short word in small letters, like "phone"',
        "id": '"{found}" bukan nama perangkat: tulis kata pendek dengan huruf kecil, '
        'misalnya "phone"',
    },
    "scenario.device-twice": {
        "en": 'two pick-ups of {mailbox} on one device: write device = "phone" in one of them',
        "id": 'dua pengambilan untuk {mailbox} di satu perangkat: tulis device = "phone" '
        "pada salah satunya",
    },
    "scenario.idle-without-imap": {
        "en": 'only IMAP lets a client wait for mail: write protocol = "imap" as well',
        "id": 'hanya IMAP yang memungkinkan klien menunggu surel: tulis juga protocol = "imap"',
    },
}
"""Rule -> language -> sentence, as in ``SENTENCES``."""
