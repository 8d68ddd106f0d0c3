// The screen that nobody touches is covered, at once and whole: nothing of the page can be seen, reached or read out. The page stays
// below with what was typed; the same person comes back to it, anybody else leaves it. The clinic keeps the time too, and answers
// nothing while it is locked.
const BEAT = 15_000; // milliseconds between two words to the clinic that somebody is here
const LONGEST_SAVE = 2_000;
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove", "input"];
const cover = document.getElementById("cover");
const windows = "BroadcastChannel" in window ? new BroadcastChannel("yihe-lock") : null;
const idle = Number(cover?.dataset.idle) * 1000;
let touched = Date.now(); // when somebody last touched any window of this browser
let told = 0; // when the clinic was told
let telling = null;
let title = "";
let focused = null;

const isCovered = () => document.documentElement.classList.contains("covered"); // whatever Escape does to the dialog

async function tell() {
  clearTimeout(telling);
  telling = null;
  told = Date.now();
  const answer = await fetch("/presence", { method: "POST" }).catch(() => null);
  if (answer && (answer.status === 423 || answer.redirected)) lock();
}

function touch(event) {
  if (!event.isTrusted || isCovered()) return;
  if (Date.now() - touched > idle) return lock(); // the tablet slept: whoever wakes it is asked first
  touched = Date.now();
  if (touched - told > BEAT) {
    windows?.postMessage({ touched });
    tell();
  } else {
    telling ??= setTimeout(tell, BEAT);
  }
}

/** What is typed and not yet kept is kept first: a locked clinic takes nothing. */
function hide() {
  if (isCovered()) return [];
  const saving = [];
  document.dispatchEvent(new CustomEvent("covering", { detail: saving }));
  focused = document.activeElement;
  title = document.title;
  document.title = cover.dataset.title;
  document.documentElement.classList.add("covered");
  cover.showModal();
  return saving;
}

/** Cover this window and say so to the clinic, which answers with who may go on. */
async function lock() {
  const saving = hide();
  clearTimeout(telling);
  telling = null;
  await Promise.race([Promise.allSettled(saving), new Promise((done) => setTimeout(done, LONGEST_SAVE))]);
  windows?.postMessage({ locked: true });
  ask();
}

function ask() {
  window.htmx?.ajax("POST", "/lock", { swap: "none", source: cover });
}

function show() {
  if (!isCovered()) return;
  document.documentElement.classList.remove("covered");
  cover.close();
  document.title = title;
  touched = Date.now();
  focused?.focus?.({ preventScroll: true });
}

function watch() {
  if (!isCovered() && Date.now() - touched > idle) lock();
}

function hear({ data }) {
  if (data.touched) touched = Math.max(touched, data.touched);
  if (data.locked) { hide(); ask(); }
  if (data.unlocked === cover.dataset.me) show();
  else if (data.unlocked) location.replace("/today"); // somebody else goes on here
}

if (cover) {
  for (const name of TOUCHES) addEventListener(name, touch, { capture: true, passive: true });
  setInterval(watch, 1000);
  for (const name of ["visibilitychange", "pageshow", "focus"]) addEventListener(name, watch, true);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => isCovered() && !cover.open && cover.showModal());
  cover.addEventListener("click", (event) => event.target.closest("[data-lock-again]") && ask());
  addEventListener("online", () => isCovered() && ask());
  windows?.addEventListener("message", hear);
  document.addEventListener("unlocked", () => {
    windows?.postMessage({ unlocked: cover.dataset.me });
    show();
  });
  document.addEventListener("submit", (event) => {
    if (!("lock" in event.target.dataset)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.closest("details").open = false;
    lock();
  }, true);
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id === "lock-box") document.querySelector("#lock-box input:not([type=hidden])")?.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.xhr.status === 423 && !isCovered() && lock());
}

// Whatever the page asks for by itself is not somebody at the screen.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers["Yihe-Quiet"] = "1";
});

// Six digits are a PIN: nobody need press a button.
document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-pin]")) return;
  target.value = target.value.normalize("NFKC").replace(/\D/g, "").slice(0, 6);
  if (target.value.length === 6) target.form.requestSubmit();
});
