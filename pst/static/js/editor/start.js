/* Tools on officers' pages: the Markdown toolbar, and articles put into an answer. */

import "./toolbar.js";
import "./inserting.js";
