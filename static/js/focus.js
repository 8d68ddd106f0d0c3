// The first wrong field has the focus; after a swap the focus stays where it was.
document.querySelector("[aria-invalid=true]")?.focus();

let held = null;
document.addEventListener("htmx:beforeRequest", () => {
  held = document.activeElement?.id || null;
});
document.addEventListener("htmx:afterSettle", () => {
  const wrong = document.querySelector("main [aria-invalid=true]");
  const back = held && document.getElementById(held);
  if (wrong) wrong.focus();
  else if (back && document.activeElement !== back) back.focus({ preventScroll: true });
});
