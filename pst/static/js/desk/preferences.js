/* What an officer chose on this device; where nothing can be kept, it is not. */

const PLACE = "pst:desk:";

export function preference(name) {
  try {
    return localStorage.getItem(PLACE + name);
  } catch {
    return null;
  }
}

export function prefer(name, value) {
  try {
    localStorage.setItem(PLACE + name, value);
  } catch {
    /* Not kept. */
  }
}
