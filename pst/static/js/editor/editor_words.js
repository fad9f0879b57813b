/* Every word that the editor's scripts put on the screen. */

export const EDITOR_WORDS = {
  anyText: "teks",
  anyLink: "tautan",
};
