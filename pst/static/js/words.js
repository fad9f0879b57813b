/* Every word that the scripts put on the screen. No script reads them back. */

export const WORDS = {
  /* Sending. */
  sending: "Mengirim…",
  isSending: "mengirim",
  isSent: "terkirim",
  notSent: "Belum terkirim.",
  isNotSent: "belum terkirim",
  sentAt: (time) => `Terkirim pukul ${time}`,
  keptHere: "Belum terkirim. Tulisan Anda tersimpan di perangkat ini.",
  onlyHere: "Belum terkirim. Jangan tutup halaman ini: tulisan Anda hanya ada di sini.",
  busy: "Belum terkirim: sistem sedang sibuk.",
  again: "Coba lagi",
  changed: (button) => `Belum terkirim. Tekan ${button} bila sudah selesai mengubah.`,
  noMessage: "Pesan wajib diisi.",
  uploadFirst: "Tunggu sampai lampiran selesai diunggah, atau batalkan.",
  filesMissing: (names) =>
    `Belum dikirim, karena berkas ini tidak ikut: ${names}. ` +
    "Pilih lagi berkasnya, atau kirim sekali lagi tanpa berkas itu.",
  mine: "Anda",
  closed: "Percakapan ini sudah ditutup; pesan tidak dapat dikirim lagi.",

  /* The log-in ended. */
  loggedOut: "Sesi Anda berakhir. ",
  logInKept: "Masuk kembali; tulisan Anda tidak hilang.",
  logInOn: "Masuk kembali untuk melanjutkan.",
  loggedOutAloud: "Sesi Anda berakhir. Masuk kembali untuk melanjutkan.",

  /* Passwords. */
  show: "Tampilkan",
  hide: "Sembunyikan",

  /* Drafts. */
  restored: "Tulisan Anda yang belum terkirim dipulihkan.",
  restoredUnsaved: "Tulisan Anda yang belum tersimpan dipulihkan.",
  restoredOld: "Tulisan lama dipulihkan.",
  discard: "Buang tulisan ini",
  discarded: "Tulisan dibuang.",
  oldDraft: (about) => `Ada tulisan lama yang belum terkirim: “${about}”.`,
  goOnOld: "Lanjutkan tulisan lama",
  discardOld: "Buang tulisan lama",
  waiting: (about) => `Tulisan yang belum terkirim menunggu: “${about}”.`,
  goOn: "Lanjutkan",
  remove: "Hapus",
  sentElsewhere: "Tulisan ini sudah terkirim dari tab lain.",
  notKept: "Peramban ini tidak dapat menyimpan draf. Jangan tutup halaman ini sebelum terkirim.",
  leaveAnyway:
    "Ada tulisan Anda yang belum terkirim. Bila Anda keluar, tulisan itu dihapus dari perangkat ini. Tetap keluar?",

  /* Uploads. */
  pasted: (ending) => `tempelan.${ending}`,
  cancel: "Batal",
  uploaded: "terunggah",
  uploadedLabel: "Terunggah",
  uploadAgain: "belum terunggah, mencoba lagi…",
  chooseAgain: "belum terunggah; pilih lagi berkasnya",
  uploadRefused: "Tidak dapat diunggah.",
  fileTooLarge: "Berkas terlalu besar.",
  uploadLoggedOut: "Sesi Anda berakhir. Masuk kembali.",

  /* News. */
  connected: (time) => `Terhubung · diperbarui pukul ${time}`,
  disconnected: (time) => `Tidak terhubung sejak pukul ${time}. Mencoba lagi…`,
  connectedAloud: "Terhubung kembali.",
  disconnectedAloud: "Tidak terhubung. Mencoba lagi.",
  newsLater: "Sistem sedang sibuk; halaman ini diperbarui lagi sebentar lagi.",
};
