// Focus stays where it was after a swap, and goes to the first thing that is wrong.
const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
const SETTLED = 40; // milliseconds after which htmx has put every attribute in place
let was = null; // [{id, at}] from the innermost named ancestor outwards

const stops = (root) => [...root.querySelectorAll(STOPS)];

function remember() {
  const active = document.activeElement;
  was = [];
  for (let root = active?.closest("[id]"); root; root = root.parentElement?.closest("[id]")) {
    was.push({ id: root.id, at: stops(root).indexOf(active) });
  }
}

function restore() {
  if (document.activeElement && document.activeElement !== document.body) return;
  for (const { id, at } of was ?? []) {
    const root = document.getElementById(id);
    const there = root && (stops(root)[at] ?? stops(root).at(-1) ?? root);
    if (there) return there.focus({ preventScroll: true });
  }
}

function toFirstWrong(root) {
  const wrong = root.querySelector("[aria-invalid=true], .radios.wrong input, .stopped");
  wrong?.focus();
  if (wrong?.matches(".stopped")) wrong.scrollIntoView({ block: "center" });
  return Boolean(wrong);
}

document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr } = event.detail;
  setTimeout(() => {
    if (!(xhr.status === 422 && toFirstWrong(document.getElementById("main")))) restore();
  }, SETTLED);
});
toFirstWrong(document);
