// What is typed into a form is kept at the clinic while one types, and offered again after whatever came in between:
// a closed page, a sleeping tablet, a restart. Passwords and files are never kept; nothing is kept in the browser.
const REST = 1000; // milliseconds without typing
const AGAIN = 4000; // milliseconds until a save that did not get through is tried once more
const words = document.getElementById("draft-words")?.content;
const strip = document.getElementById("offline");
const keys = new Map(); // where a form goes → the key of its draft
const dirty = new Map(); // the form as it stands → its timer

const path = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const isKept = (form) =>
  words && form?.method === "post" && !("undrafted" in form.dataset) && !form.querySelector("[type=password]") &&
  form.querySelector("textarea, select, input:not([type=hidden], [type=file], [type=search])");

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyOf(form) {
  const where = path(form);
  if (!keys.has(where)) keys.set(where, newKey());
  return keys.get(where);
}

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "draft" && name !== "once");
}

/** The form says which draft it finishes; after a swap a new form stands in the old one's place. */
function mark(form) {
  if (!keys.has(path(form))) return;
  let sign = form.querySelector("input[name=draft]");
  if (!sign) {
    sign = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" });
    form.append(sign);
  }
  sign.value = keys.get(path(form));
}

function say(form, saved) {
  const foot = form.querySelector(".actions, .formfoot") ?? form;
  let note = foot.querySelector(".kept");
  if (!note) foot.prepend((note = words.querySelector(".kept").cloneNode(true)));
  note.querySelector("time").textContent = saved;
}

function later(form, wait) {
  clearTimeout(dirty.get(form));
  dirty.set(form, setTimeout(() => save(form), wait));
}

async function save(form, leaving = false) {
  clearTimeout(dirty.get(form));
  if (document.documentElement.classList.contains("covered")) return dirty.has(form) && later(form, AGAIN); // whoever is here now may be somebody else
  if (!dirty.delete(form) || !form.isConnected || "sending" in form.dataset) return;
  const draft = { key: keyOf(form), page: location.pathname, form: path(form), title: title(form), fields: fieldsOf(form) };
  try {
    const answer = await fetch("/drafts", {
      method: "POST", body: JSON.stringify(draft), headers: { "Content-Type": "application/json" }, keepalive: leaving,
    });
    if (answer.status === 423) return later(form, AGAIN);
    if (!answer.ok) return;
    strip.hidden = true;
    mark(form);
    say(form, (await answer.json()).saved);
  } catch {
    strip.hidden = false;
    later(form, AGAIN);
  }
}

const title = (form) => [document.title.split(" · ")[0], form.querySelector("h2, legend")?.textContent.trim()].filter(Boolean).join(" · ").slice(0, 200);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (isKept(form)) later(form, REST);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const form of dirty.keys()) save(form, true);
});
document.addEventListener("covering", ({ detail }) => { for (const form of dirty.keys()) detail.push(save(form, true)); });
addEventListener("pagehide", () => { for (const form of dirty.keys()) save(form, true); });
document.addEventListener("submit", ({ target: form }) => {
  clearTimeout(dirty.get(form));
  dirty.delete(form);
  mark(form);
}, true);

// A form that is sent elsewhere to grow a row or to be tried is not finished by that.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const form = detail.elt.closest?.("form");
  if (form && new URL(detail.path, location.href).pathname !== path(form)) detail.parameters.delete?.("draft") ?? delete detail.parameters.draft;
});

// ── taking it up again ──

function put(form, fields) {
  const typed = new Map();
  for (const [name, value] of fields) typed.set(name, [...(typed.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || control.type === "file" || control.name === "draft") continue;
    const values = typed.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (typed.has(control.name)) control.value = values.shift() ?? "";
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function offer(form, draft) {
  const note = words.querySelector(".taken-up").cloneNode(true);
  note.querySelector("time").textContent = draft.saved;
  note.querySelector("q").textContent = draft.begins;
  note.querySelector("q").hidden = !draft.begins;
  note.querySelector("[data-take]").addEventListener("click", () => {
    keys.set(path(form), draft.key);
    put(form, draft.fields);
    mark(form);
    note.remove();
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  });
  note.querySelector("[data-drop]").addEventListener("click", () => {
    fetch(`/drafts/${draft.key}/removal`, { method: "POST" });
    note.remove();
  });
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  form.prepend(note);
}

async function remember() {
  const forms = [...document.forms].filter(isKept);
  if (!forms.length) return;
  const answer = await fetch(`/drafts/of?at=${encodeURIComponent(location.pathname)}`).catch(() => null);
  for (const draft of answer?.ok ? await answer.json() : []) {
    const form = forms.find((one) => path(one) === draft.form);
    if (form) offer(form, draft);
  }
}

remember();
