// What opens above the page closes by a tap elsewhere or Escape, and gives the focus back.
const OPEN = "details.menu[open], details.tag[open], details.first[open]";

document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll(OPEN)) {
    if (!one.contains(event.target)) one.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of document.querySelectorAll(OPEN)) {
    one.open = false;
    if (one.contains(document.activeElement)) one.querySelector("summary").focus();
  }
});
