"""Recognise words that only ask for patience: they propose that the answer follows.

A proposal and no more: what counts is the choice that its officer sees and sends.
"""

import re

from pst.consultations.states import Next

# Longer texts say more than that something follows.
MAX_LENGTH = 300
# Also read by the script of the page, so plain enough for both languages.
PATTERN = (
    r"\b(mohon (di ?)?tunggu|(harap|silakan|silahkan) (di ?)?tunggu|tunggu sebentar"
    r"|(mohon|harap) (bersabar|waktu)|sedang (kami|saya|di)|(kami|saya) sedang"
    r"|masih (kami|saya) (proses|cari|siapkan|cek)|menyusul|segera|akan (kami|saya)"
    r" (cek|cari|carikan|siapkan|kirim|kirimkan|sampaikan|tanyakan|koordinasikan))"
)
WORDS = re.compile(PATTERN, re.IGNORECASE)


def proposed(body: str) -> Next:
    """Return who may act next after these words: the officer, the user, or no one."""
    words = " ".join(body.split())
    if len(words) <= MAX_LENGTH and WORDS.search(words):
        return Next.OFFICER
    return Next.USER if words.endswith("?") else Next.DONE
