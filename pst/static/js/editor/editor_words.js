/* Every word that the editor's scripts put on the screen. */

export const EDITOR_WORDS = {
  anyText: "teks",
  anyLink: "tautan",

  /* Saving. */
  saving: "Menyimpan…",
  savedAt: (time) => `Draf tersimpan pukul ${time}.`,
  notSaved: (reason) => `Belum tersimpan. ${reason}`,
  offline: "Tidak ada sambungan; tulisan Anda masih ada di sini. Tekan Ctrl+S lagi nanti.",
  busy: "Sistem sedang sibuk; tulisan Anda masih ada di sini. Tekan Ctrl+S lagi sebentar lagi.",
  refused: "Periksa keterangan di atas formulir; tulisan Anda masih ada di sini.",
  lookFirst: "Baca dahulu keterangan di atas, lalu tekan tombol simpan; tulisan Anda masih ada di sini.",
  loggedOut: "Belum tersimpan.",
  logIn: "Masuk kembali; tulisan Anda tidak hilang.",

  /* Files in the text. */
  cancel: "Batal",
  close: "Tutup",
  uploaded: "Terunggah",
  again: "belum terunggah, mencoba lagi…",
  saveFirst: "belum disisipkan: draf belum dapat disimpan. Lengkapi isian wajib, lalu coba lagi.",
  fileRefused: "tidak dapat diunggah.",
  fileTooLarge: "berkas terlalu besar; paling besar 5 MB.",
  fileLoggedOut: "belum terunggah: sesi Anda berakhir. Masuk kembali, lalu pilih lagi berkasnya.",
  insertedFile: (name) => `${name} disisipkan.`,
};
