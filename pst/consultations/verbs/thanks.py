"""Recognise a message that only thanks: it begins nothing, and reopens nothing."""

import re

MAX_LENGTH = 120
THANKING = {
    "kasih",
    "terimakasih",
    "makasih",
    "trims",
    "trimakasih",
    "thanks",
    "thank",
    "suwun",
    "nuwun",
}
THANKS = THANKING | {
    "terima",
    "you",
    "matur",
    "nggih",
    "ok",
    "oke",
    "okay",
    "baik",
    "siap",
    "sip",
    "ya",
    "iya",
    "banyak",
    "sekali",
    "sangat",
    "atas",
    "bantuannya",
    "bantuan",
    "jawabannya",
    "jawaban",
    "informasinya",
    "informasi",
    "penjelasannya",
    "penjelasan",
    "infonya",
    "info",
    "pak",
    "bu",
    "bapak",
    "ibu",
    "mas",
    "mbak",
    "kak",
    "min",
    "sudah",
    "membantu",
    "jelas",
    "paham",
    "mengerti",
    "sama",
    "salam",
    "sukses",
    "selalu",
    "semoga",
    "pelayanannya",
    "pelayanan",
    "tim",
    "bps",
    "dan",
    "saya",
    "kami",
    "data",
    "datanya",
    "telah",
    "diterima",
    "cepatnya",
    "respon",
    "responsnya",
    "responnya",
}
WORDS = re.compile(r"[^\W\d_]+")
# One of these must be there: "sudah jelas?" is no thanks.
GRATEFUL = THANKING | {"ok", "oke", "okay", "siap", "sip", "baik"}


def is_only_thanks(body: str) -> bool:
    """Return whether `body` only thanks; in doubt it does not."""
    if len(body) > MAX_LENGTH or "?" in body or any(c.isdigit() for c in body):
        return False
    words = {word.lower() for word in WORDS.findall(body)}
    return bool(words & GRATEFUL) and words <= THANKS


def has_thanks(body: str) -> bool:
    """Return whether `body` thanks in so many words; *baik* alone may be a reply."""
    return any(word.lower() in THANKING for word in WORDS.findall(body))
