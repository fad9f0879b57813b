/* Every word that the scripts of all officers' pages put on the screen. */

export const OFFICER_WORDS = {
  waiting: (count) => `${count} konsultasi menunggu`,
};
