// What opens above the page closes again on Escape or on a tap beside it.
function closeOthers(target) {
  for (const open of document.querySelectorAll("details.menu[open], details.first[open], details.tag[open]")) {
    if (!open.contains(target)) open.open = false;
  }
  const found = document.getElementById("found");
  if (found && !target?.closest?.(".find")) found.replaceChildren();
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeOthers(null);
});
