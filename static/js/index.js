// Small behaviours on data- attributes; every page works without them.
import "./find.js";
import "./scan.js";
import "./offline.js"; // before busy.js: it decides whether a form is on its way at all
import "./busy.js";
import "./focus.js";
import "./menu.js";
import "./print.js";
