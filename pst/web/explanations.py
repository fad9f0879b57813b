"""What the page for each error says, by its HTTP status."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """What an error page says: its title and a sentence on what to do."""

    title: str
    text: str


EXPLANATIONS = {
    400: Explanation(
        "Permintaan tidak dapat dibaca",
        "Isian yang dikirim tidak lengkap atau rusak di jalan. Muat ulang halaman"
        " sebelumnya, lalu coba lagi.",
    ),
    401: Explanation(
        "Silakan masuk",
        "Sesi Anda berakhir. Masuk kembali untuk melanjutkan.",
    ),
    403: Explanation(
        "Halaman ini bukan untuk akun Anda",
        "Anda tidak memiliki akses ke halaman ini. Bila seharusnya punya, hubungi"
        " Admin TI kantor.",
    ),
    404: Explanation(
        "Halaman tidak ditemukan",
        "Alamat ini tidak ada, atau bukan milik akun Anda. Periksa kembali tautannya.",
    ),
    405: Explanation(
        "Tindakan tidak dikenal",
        "Alamat ini tidak menerima tindakan itu. Pakai tombol pada halaman.",
    ),
    409: Explanation(
        "Keadaan sudah berubah",
        "Tindakan itu tidak lagi dapat dilakukan. Muat ulang halaman untuk melihat"
        " keadaan terakhir.",
    ),
    410: Explanation(
        "Tautan sudah tidak berlaku",
        "Tautan ini sudah dipakai atau lewat masa berlakunya. Minta tautan baru.",
    ),
    413: Explanation(
        "Kiriman terlalu besar",
        "Ukuran yang dikirim melebihi batas. Kecilkan berkas atau persingkat tulisan,"
        " lalu kirim lagi.",
    ),
    429: Explanation(
        "Terlalu banyak percobaan",
        "Tunggu sekitar 15 menit, lalu coba lagi.",
    ),
    500: Explanation(
        "Terjadi kendala pada sistem",
        "Coba beberapa saat lagi. Bila berulang, sebutkan nomor rujukan ini kepada"
        " petugas.",
    ),
    503: Explanation(
        "Sistem sedang sibuk",
        "Belum ada yang tersimpan dari kiriman terakhir Anda. Kembali dan coba lagi"
        " sebentar lagi.",
    ),
}


# For a form that ends the log-in and was sent twice.
SIGNED_OUT = Explanation(
    "Anda sudah keluar",
    "Tidak ada yang sedang masuk di peramban ini.",
)
ERASED = Explanation(
    "Anda sudah keluar",
    "Jika akun Anda sudah dihapus, penghapusannya selesai dan tidak ada lagi yang perlu"
    " Anda lakukan. Jika belum, masuk kembali lalu ulangi.",
)
# For a network that asks for more at once than its share.
BURST = Explanation(
    "Terlalu banyak permintaan sekaligus",
    "Dari jaringan Anda terlalu banyak permintaan datang pada saat yang sama. Belum ada"
    " yang tersimpan dari kiriman terakhir Anda. Tunggu beberapa detik, lalu coba"
    " lagi.",
)
NOTHING_STORED = Explanation(
    "Belum dapat menyimpan",
    "Server sedang tidak dapat menyimpan apa pun, dan belum ada yang tersimpan dari"
    " kiriman terakhir Anda. Simpan tulisan Anda dan coba lagi nanti. Bila berulang,"
    " sebutkan nomor rujukan ini kepada petugas.",
)
