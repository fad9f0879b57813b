/* On every officer's page: how many wait, and a sound or a notification for what is new. */

import { prepareAlerts, watchCount } from "./alerts.js";

prepareAlerts();
watchCount();
