// A barcode reader types faster than any hand and ends with Enter. Wherever it happens, it means a person:
// outside fields the search opens; inside a field what it typed is taken out again and nothing is sent. Only a field
// that asks for a document (data-scan) keeps it, as if it had been typed; there Enter reads, also after typing;
// where it asks for a person (data-scan="find"), Enter presses the first button, which finds.
// It sounds high for a person whose card is good, low for anything else; the page that opens says why.
import { show } from "./find.js";
import { sound } from "./sound.js";

const GAP = 50; // milliseconds between two keys of a reader
const LEAST = 6; // characters
let burst = "";
let last = 0;
let before = "";

const isField = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const isFind = (target) => target.closest?.("[data-find]");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") return scanned(event);
  if (event.key.length !== 1) return;
  if (event.timeStamp - last > GAP) {
    burst = "";
    before = event.target.value;
  }
  burst += event.key;
  last = event.timeStamp;
}, true);

function scanned(event) {
  const code = burst;
  const isScan = code.length >= LEAST && event.timeStamp - last <= GAP && /^[\w-]+$/.test(code);
  burst = "";
  const asksForDocument = event.target.matches?.("[data-scan]");
  if (!(isScan || asksForDocument) || !document.querySelector("[data-find]")) return;
  event.preventDefault();
  if (asksForDocument) {
    if (isScan) event.target.value = code; // what stood there before is not part of it
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    if (event.target.dataset.scan === "find") event.target.form.querySelector("[type=submit]").click();
  } else if (isField(event.target) && !isFind(event.target)) {
    event.target.value = before;
    show(code);
    ask(code);
  } else {
    ask(code).then((to) => location.assign(to));
  }
}

/** Whose number it is: heard at once; the page to go to when the sound is over. */
async function ask(code) {
  try {
    const answer = await fetch("/scan", { method: "POST", body: new URLSearchParams({ code }) });
    const { good, to } = await answer.json();
    await sound(good);
    return to;
  } catch {
    return "/search";
  }
}
