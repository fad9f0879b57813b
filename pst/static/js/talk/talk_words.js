/* Every word that the scripts of a conversation put on the screen. */

export const TALK_WORDS = {
  isRead: "dibaca",
  newMessages: "Pesan baru ↓",
  toNewest: "Ke pesan terbaru ↓",
  copied: "Disalin.",
};
