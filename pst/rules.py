"""What models raise when a rule forbids something, and sentences of several rules."""

BAD_EMAIL = "Alamat email tidak valid. Contoh: nama@contoh.go.id"
LAST_BEFORE_FIRST = "Tanggal akhir harus sesudah tanggal awal."


class WrongState(ValueError):
    """An action that the state of a row does not allow now; its text is shown."""
