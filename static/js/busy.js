// A form is sent once: its buttons rest while it is on its way, and wake when the page is shown again.
function rest(form, resting) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.ariaDisabled = resting ? "true" : null;
  }
  form.toggleAttribute("data-sent", resting);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  else setTimeout(() => rest(form, true));
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) rest(form, false);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) rest(form, false);
});
