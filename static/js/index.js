// Small behaviours on data- attributes and classes; every page works without them.
import "./lock.js";
import "./find.js";
import "./scan.js";
import "./sending.js";
import "./focus.js";
import "./menus.js";
import "./ways.js";
import "./drafts.js";
import "./files.js";
import "./codes.js";
import "./keeping.js";
import "./fill.js";
import "./handed.js";
import "./answering.js";
import "./building.js";
import "./onward.js";
