// A consultation keeps itself: each section is sent a moment after the fingers rest, one save after the other, and again
// when the network comes back. Every save says how many this page has made, so that a late one never wins.
const REST = 800; // milliseconds without typing
const AGAIN = 4000; // milliseconds until a save that did not get through is tried once more
const waiting = new Map(); // the form → its timer
const strip = document.getElementById("offline");
const forms = () => [...document.querySelectorAll("form[data-keep]")];
const held = (form) => form.dataset.keep === "held"; // two texts stand beside each other: nothing is saved by itself

function later(form, wait = REST) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form), wait));
}

function send(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (!form.isConnected) return;
  form.dataset.sent = "";
  form.dispatchEvent(new Event("keep"));
}

const typed = ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-keep]") || held(form)) return;
  grow(target);
  later(form);
};
document.addEventListener("input", (event) => { if (!event.isComposing) typed(event); });
document.addEventListener("compositionend", typed);

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches?.("form[data-keep]")) return;
  const count = detail.elt.elements.n;
  count.value = Number(count.value) + 1;
  detail.parameters.n = count.value;
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt;
  if (!form.matches?.("form[data-keep]")) return;
  if (detail.xhr.status === 0 || detail.xhr.status >= 500) return later(form, AGAIN);
  delete form.dataset.sent;
});

// A page that is left or hidden sends what still rests; the browser carries it on its own.
function hurry() {
  for (const form of forms()) {
    if (held(form) || !(waiting.has(form) || "sent" in form.dataset)) continue;
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    form.elements.n.value = Number(form.elements.n.value) + 1;
    navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
  }
}
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") hurry(); });
addEventListener("pagehide", hurry);

// ── before it is looked through and signed, everything is kept, and what was measured is recorded ──
const resting = () => forms().every((form) => !waiting.has(form) && !("sent" in form.dataset));

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-after-keeping]");
  if (!link) return;
  const unsent = [...document.querySelectorAll("form[data-unsent]")].find((form) => [...form.elements].some((one) => one.type === "text" && one.value.trim()));
  if (unsent) {
    event.preventDefault();
    for (let box = unsent.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    unsent.querySelector(".unsent").hidden = false;
    unsent.querySelector("button[type=submit]").focus();
    return;
  }
  if (resting()) return;
  event.preventDefault();
  for (const form of waiting.keys()) send(form);
  for (let tries = 0; tries < 100 && !resting(); tries++) await new Promise((done) => setTimeout(done, 50));
  if (resting() && strip.hidden) location.assign(link.href);
});

// ── the index stands below the banner, however many tags that has ──
const banner = document.querySelector(".consult") && document.querySelector(".banner");
if (banner) {
  const stand = () => document.documentElement.style.setProperty("--over", `${banner.offsetHeight}px`);
  new ResizeObserver(stand).observe(banner);
}

// ── lines: a fresh one stands below the last; last time's words are taken with a tap ──
function grow(control) {
  const line = control.closest("[data-line]");
  const list = line?.closest("[data-lines]");
  const lines = list ? [...list.querySelectorAll("[data-line]")] : [];
  if (!line || line !== lines.at(-1) || lines.length >= Number(list.dataset.lines) || !control.value) return;
  const fresh = line.cloneNode(true);
  const n = lines.length + 1;
  const renumber = (text) => text.replace(/_\d+$/, `_${n}`);
  fresh.querySelector("#code-hits")?.remove();
  fresh.setAttribute("aria-label", line.getAttribute("aria-label").replace(/\d+/, n));
  for (const one of fresh.querySelectorAll("[id], [for], [name]")) {
    for (const name of ["id", "for", "name"]) if (one.hasAttribute(name)) one.setAttribute(name, renumber(one.getAttribute(name)));
    if (one.type === "checkbox") one.checked = false;
    else if (one.matches("select")) one.selectedIndex = 0;
    else if (one.matches("input")) one.value = "";
  }
  line.after(fresh);
  window.htmx.process(fresh);
}

function put(control, text) {
  control.value = text;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", ({ target }) => {
  const said = target.closest("[data-put]");
  if (said) {
    const area = document.getElementById(said.dataset.put);
    if (!area.value.includes(said.dataset.text)) put(area, [area.value.trimEnd(), said.dataset.text].filter(Boolean).join("\n"));
    area.scrollIntoView({ block: "center" });
    return area.focus();
  }
  const again = target.closest("[data-take-line]");
  if (!again) return;
  const lines = [...document.querySelectorAll("#form-assessment [data-line]")];
  const field = (line, name) => line.querySelector(`[name^="${name}_"]`);
  if (lines.some((line) => field(line, "text").value === again.dataset.text)) return lines[0].scrollIntoView({ block: "center" });
  const free = lines.find((line) => !field(line, "text").value && !field(line, "code").value);
  if (!free) return;
  field(free, "certainty").value = again.dataset.certainty;
  field(free, "code").value = again.dataset.code;
  put(field(free, "text"), again.dataset.text);
  free.scrollIntoView({ block: "center" });
});
