// A questionnaire on a page: every answer goes to the clinic when it is given, one request after another; what did not get
// through is sent again until it does. <form data-answers="address">, each question in a [data-item], a button with data-step.
// What comes back are blocks; each takes the place of the one with its id, but not under the fingers of whoever is typing.
const REST = 1200; // milliseconds without typing
const AGAIN = 3000; // milliseconds until what did not get through is tried once more
const strip = document.getElementById("offline");
const states = new WeakMap();
let uploads = 0; // files on their way

const formOf = (element) => element.closest?.("form[data-answers]");
const own = (control) => control.closest("[data-item]");

function stateOf(form) {
  if (!states.has(form)) states.set(form, { items: new Set(), steps: [], timer: 0, sending: false });
  return states.get(form);
}

/** The fields of a question as the form would send them; one of a set in which nothing is ticked is sent blank. */
function fieldsOf(item, into) {
  for (const control of item.querySelectorAll("input, select, textarea")) {
    if (!control.name || control.type === "file") continue;
    if ((control.type === "radio" || control.type === "checkbox") && !control.checked) continue;
    into.append(control.name, control.value);
  }
}

function ownWords(control) {
  const box = control.dataset.own && document.getElementById(control.dataset.own);
  if (box && control.value.trim()) box.checked = true;
}

/** "None of these" stands alone. */
function alone(control) {
  if (control.type !== "checkbox" || !control.checked) return;
  for (const other of own(control).querySelectorAll("input[type=checkbox]")) {
    if (other !== control && ("alone" in control.dataset || "alone" in other.dataset)) other.checked = false;
  }
}

function later(form, wait) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(form), wait);
}

function body(form, items, step) {
  const fields = new URLSearchParams();
  for (const item of items) if (item.isConnected) fieldsOf(item, fields);
  for (const name of ["_revision", "_hand"]) fields.set(name, form.elements[name].value);
  if (step) fields.append(step.name, step.value);
  return fields;
}

async function send(form) {
  const state = stateOf(form);
  if (state.sending || !(state.items.size || state.steps.length)) return;
  const items = [...state.items], step = state.steps.shift();
  state.items.clear();
  state.sending = true;
  try {
    await post(form, form.dataset.answers, body(form, items, step));
  } catch {
    for (const item of items) state.items.add(item);
    if (step) state.steps.unshift(step);
    if (strip) strip.hidden = false;
    later(form, AGAIN);
  } finally {
    state.sending = false;
  }
  if (state.items.size || state.steps.length) later(form, strip?.hidden === false ? AGAIN : 0);
}

async function post(form, to, content) {
  const answer = await fetch(to, { method: "POST", body: content, headers: { "HX-Request": "true" } });
  if (answer.status >= 500) throw new Error("not kept");
  if (strip) strip.hidden = true;
  const go = answer.headers.get("HX-Redirect");
  if (go) return location.assign(go);
  if (answer.headers.get("HX-Refresh")) return location.reload();
  put(await answer.text(), answer.status === 409);
}

/** Blocks into their places; `all` also under the fingers, where two people answered the same. */
function put(text, all) {
  const arrived = document.createElement("template");
  arrived.innerHTML = text;
  const active = document.activeElement;
  for (const block of [...arrived.content.children]) {
    const there = block.id && document.getElementById(block.id);
    if (!there) continue;
    const typing = there.contains(active) && active.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=file])");
    if (typing && !all && there.matches("[data-item]") && !block.hidden) continue;
    there.replaceWith(block);
  }
  for (const says of document.querySelectorAll("[data-item] [id$=-says]")) mark(says);
  if (active?.id && !active.isConnected) document.getElementById(active.id)?.focus({ preventScroll: true });
}

function mark(says) {
  const wrong = Boolean(says.querySelector(".error"));
  own(says).classList.toggle("wrong", wrong);
  for (const control of own(says).querySelectorAll(".field input, .field select, .field textarea")) {
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

function touched(control, wait) {
  const form = formOf(control), item = form && own(control);
  if (!item || control.type === "file") return;
  stateOf(form).items.add(item);
  later(form, wait);
}

document.addEventListener("input", ({ target, isComposing }) => {
  if (!formOf(target)) return;
  ownWords(target);
  if (target.type === "range") target.parentElement.querySelector("output").textContent = target.value;
  if (!isComposing) touched(target, REST);
});
document.addEventListener("change", ({ target }) => {
  if (!formOf(target)) return;
  if (target.dataset.file) return upload(target);
  alone(target);
  touched(target, 0);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-step]"), form = button && formOf(button);
  if (!form) return;
  event.preventDefault();
  stateOf(form).steps.push({ name: button.name, value: button.value });
  later(form, 0);
});

/** A file is sent until it gets through, also from a question one has left meanwhile: the clinic knows what it has already. */
async function upload(input) {
  const form = formOf(input), file = input.files[0], says = own(input).querySelector("[id$=-says]");
  if (!file || !input.validity.valid) return;
  says.textContent = input.dataset.underway;
  input.disabled = true;
  uploads += 1;
  for (let tries = 1; !(await uploaded(form, input, file)); tries += 1) {
    if (strip) strip.hidden = false;
    await new Promise((done) => setTimeout(done, AGAIN * Math.min(tries, 10)));
  }
  uploads -= 1;
  input.disabled = false;
  input.value = "";
  if (says.textContent === input.dataset.underway) says.textContent = "";
}

async function uploaded(form, input, file) {
  const content = new FormData();
  content.append("_path", input.dataset.path);
  for (const name of ["_revision", "_hand"]) content.append(name, form.elements[name].value);
  content.append("file", file);
  try {
    await post(form, input.dataset.file, content);
    return true;
  } catch {
    return false;
  }
}

/** Whoever leaves takes nothing unsent along: it goes now, and if it cannot, the browser asks. */
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-answers]")) {
    const state = stateOf(form);
    if (state.items.size) fetch(form.dataset.answers, { method: "POST", body: body(form, state.items), headers: { "HX-Request": "true" }, keepalive: true });
  }
});
addEventListener("beforeunload", (event) => {
  if (uploads || strip && !strip.hidden && [...document.querySelectorAll("form[data-answers]")].some((form) => stateOf(form).items.size)) event.preventDefault();
});
addEventListener("online", () => document.querySelectorAll("form[data-answers]").forEach((form) => later(form, 0)));
