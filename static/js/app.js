/**
 * Starts every behaviour. All of them are enhancements: each page does its work without any script.
 * A module exports `wire(root)`, which is called for the document and again for a page that was shown in place.
 */
import * as errors from "./errors.js";
import * as filesChosen from "./files.js";
import * as job from "./job.js";
import * as leaving from "./leaving.js";
import * as mapping from "./mapping.js";
import * as menu from "./menu.js";
import * as notices from "./notices.js";
import * as password from "./password.js";
import * as sending from "./sending.js";
import * as upload from "./upload.js";
import * as words from "./words.js";

const behaviours = [notices, menu, password, words, filesChosen, job, mapping, leaving, upload, sending, errors];

/** @param {ParentNode} root */
function wire(root) {
  for (const behaviour of behaviours) behaviour.wire(root);
}

document.addEventListener("page:shown", () => wire(document));
wire(document);
