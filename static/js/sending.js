// Sending a form: once, and never losing what was typed. While the clinic does not answer the page stays
// as it is, a strip says so, and the same form can be sent again.
const GIVE_UP = 20_000; // milliseconds after which a form may be sent anew (its answer was a download)
const strip = document.getElementById("offline");
let waiting = null; // sends again what could not be sent

async function reachable() {
  try {
    await fetch(new URL("../icon.svg", import.meta.url), { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function rest(form) {
  form.dataset.sending = "";
  setTimeout(() => wake(form), GIVE_UP);
}

function wake(form) {
  delete form?.dataset.sending;
}

/** The clinic has answered: sent once more, the same form is meant once more. Without an answer the key stays, and it is done once. */
function renew(form) {
  const key = form?.querySelector("input[name=once]");
  if (key) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function lost(form, button) {
  wake(form);
  waiting = () => form.requestSubmit(button);
  strip.hidden = false;
}

/** A plain form leaves the page, so it goes only when there is somebody to answer. */
async function whenReachable(form, button) {
  if (!(await reachable())) return lost(form, button);
  strip.hidden = true;
  form.dataset.reached = "";
  form.requestSubmit(button);
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post") return;
  if ("reached" in form.dataset) return delete form.dataset.reached;
  const again = "sending" in form.dataset;
  const isPlain = !form.hasAttribute("hx-post");
  if (again || isPlain) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  if (again) return;
  rest(form);
  waiting = () => form.requestSubmit(submitter);
  if (isPlain) whenReachable(form, submitter);
}, true);

addEventListener("pageshow", () => document.querySelectorAll("[data-sending]").forEach(wake));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt.closest?.("form");
  wake(form);
  if (detail.xhr.status) renew(form);
});
document.addEventListener("htmx:afterOnLoad", () => { strip.hidden = true; });
document.addEventListener("htmx:sendError", () => { strip.hidden = false; });
strip.querySelector("[data-retry]").addEventListener("click", () => waiting?.());

// An answer that led to another page is that page.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  const there = new URL(xhr.responseURL);
  const asked = new URL(requestConfig.path, location.href);
  if (requestConfig.verb !== "post" || there.href === asked.href) return;
  event.preventDefault();
  if (there.href === location.href) location.reload();
  else location.assign(there);
});
