/* Tools on officers' pages: the editor of an article, and articles put into an answer. */

import { $ } from "../dom.js";
import "./inserting.js";
import { prepareFiles } from "./inserting_files.js";
import { preparePreview } from "./previewing.js";
import { saveByKeys } from "./saving.js";
import { prepareToolbar } from "./toolbar.js";

const article = $("form[data-article]");
if (article) {
  const area = $("[data-editor] textarea", article);
  prepareToolbar(article, area);
  preparePreview(article, area);
  prepareFiles(article, area);
  saveByKeys(article);
}
