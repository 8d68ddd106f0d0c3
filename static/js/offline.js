// A dropped connection loses no typing: the form is not sent while the clinic does not answer; a strip says so.
const strip = document.getElementById("offline");
let waiting = null;

async function reachable() {
  try {
    await fetch(new URL("../icon.svg", import.meta.url), { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function send(form, button) {
  waiting = null;
  strip.hidden = true;
  form.dataset.reached = "";
  form.requestSubmit(button);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if ("reached" in form.dataset) {
    delete form.dataset.reached;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  if (await reachable()) send(form, button);
  else {
    waiting = () => send(form, button);
    strip.hidden = false;
  }
}, true);

strip?.querySelector("[data-retry]").addEventListener("click", async () => {
  if (waiting && (await reachable())) waiting();
});
addEventListener("htmx:sendError", () => { strip.hidden = false; });
addEventListener("htmx:afterOnLoad", () => { strip.hidden = true; });
