/**
 * Starts every behaviour. All of them are enhancements: each page does its work without any script.
 * A module exports `wire(root)`, which is called for the document.
 */
import * as autosave from "./autosave.js";
import * as beside from "./beside.js";
import * as choosing from "./choosing.js";
import * as errors from "./errors.js";
import * as filesChosen from "./files.js";
import * as job from "./job.js";
import * as leaving from "./leaving.js";
import * as looking from "./looking.js";
import * as mapping from "./mapping.js";
import * as marking from "./marking.js";
import * as matrix from "./matrix.js";
import * as menu from "./menu.js";
import * as notices from "./notices.js";
import * as password from "./password.js";
import * as places from "./places.js";
import * as player from "./player.js";
import * as preview from "./preview.js";
import * as previewText from "./preview_text.js";
import * as printing from "./print.js";
import * as record from "./record.js";
import * as redaction from "./redaction.js";
import * as screening from "./screening.js";
import * as sending from "./sending.js";
import * as together from "./together.js";
import * as unsent from "./unsent.js";
import * as words from "./words.js";

const behaviours = [
  notices, menu, password, words, filesChosen, job, places, mapping, matrix, choosing, printing, record,
  unsent, leaving, sending, errors, preview, player, beside, previewText, autosave, looking, marking, screening,
  redaction, together,
];

for (const behaviour of behaviours) behaviour.wire(document);
