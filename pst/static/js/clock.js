/* The office's clock, as in every other time on the page; not the device's. */

import { page } from "./dom.js";

export function clock() {
  const { zone: timeZone, zoneName } = page.dataset;
  const time = new Date().toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return `${time.replace(":", ".")} ${zoneName}`;
}
