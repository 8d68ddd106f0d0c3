// Finding a person: while the input method composes nothing is sent; one request when the typing rests.
const WAIT = 150;
const box = () => document.querySelector("[data-find] input[type=search]");
const found = () => document.getElementById("found");
let timer;

function ask(input) {
  clearTimeout(timer);
  if (!input.value.trim()) return close();
  timer = setTimeout(() => input.dispatchEvent(new Event("find")), WAIT);
}

function close() {
  clearTimeout(timer);
  found()?.replaceChildren();
}

/** Look for what was scanned while somebody was busy elsewhere on the page. */
export function show(text) {
  const input = box();
  input.value = text;
  input.focus();
  ask(input);
}

document.addEventListener("input", (event) => {
  if (event.target === box() && !event.isComposing) ask(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target === box()) ask(event.target);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-find]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.closest?.("[data-find]")) return;
  if (event.key === "Escape") {
    close();
    box().focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
});

function step(event) {
  const stops = [box(), ...found().querySelectorAll("a")];
  const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
