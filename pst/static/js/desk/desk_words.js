/* Every word that the desk's scripts put on the screen. */

export const DESK_WORDS = {
  draftSavedAt: (time) => `Draf tersimpan pukul ${time}.`,
  draftElsewhere: "Draf ini tersimpan di peramban ini saja; di server ada draf Anda dari halaman lain.",
};
