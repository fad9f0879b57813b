"""What models raise when a rule forbids something, and sentences of several rules."""

ADDRESS_TAKEN = "Alamat email ini sudah memiliki akun."
BAD_EMAIL = "Alamat email tidak valid. Contoh: nama@contoh.go.id"
EMPTY_FILE = "Berkas ini kosong."
LAST_BEFORE_FIRST = "Tanggal akhir harus sesudah tanggal awal."
NO_SUCH_OFFICER = "Pilih petugas lain yang aktif."
NOT_IN_THIS_STATE = "Tindakan ini tidak dapat dilakukan pada keadaannya sekarang."
REVIEW_OF_OWN = "Tinjauan dilakukan oleh petugas lain."
STATE_CHANGED = "Keadaannya sudah berubah. Muat ulang halaman."


class WrongState(ValueError):
    """An action that the state of a row does not allow now; its text is shown."""


class Conflict(WrongState):
    """An action on a page that is out of date: someone has written since."""
