// An illness is looked up while it is typed; a tap takes its name and code. Nothing is sent while the input method composes.
const WAIT = 150;
const hits = () => document.getElementById("code-hits");
let timer;

function ask(input) {
  clearTimeout(timer);
  if (!input.value.trim()) return hits()?.replaceChildren();
  timer = setTimeout(() => input.dispatchEvent(new Event("look")), WAIT);
}

const typed = (event) => event.target.matches?.("[data-codes]") && !event.isComposing;
document.addEventListener("input", (event) => {
  if (typed(event) && event.isTrusted) ask(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.("[data-codes]")) ask(event.target);
});
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-pick]");
  if (!chosen) return;
  const form = chosen.closest("form");
  for (const name of ["text", "code"]) {
    form.elements[name].value = chosen.dataset[name];
    form.elements[name].dispatchEvent(new Event("input", { bubbles: true })); // so that the draft keeps it
  }
  clearTimeout(timer);
  hits().replaceChildren();
  form.elements.code.focus();
});
