// An illness is looked up while it is typed; a tap takes its name and code. Nothing is sent while the input method composes.
const WAIT = 150;
const hits = () => document.getElementById("code-hits");
let timer;

function ask(input) {
  clearTimeout(timer);
  const line = input.closest("[data-line]");
  if (line) line.append(hits()); // of several lines the hits stand below the one that is typed in
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
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches?.("[data-codes]") && detail.elt.name !== "text") detail.path += `?text=${encodeURIComponent(detail.elt.value)}`;
});
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-pick]");
  if (!chosen) return;
  const line = chosen.closest("[data-line]");
  const control = (name) => line?.querySelector(`[name^="${name}_"]`) ?? chosen.closest("form").elements[name];
  for (const name of ["text", "code"]) {
    control(name).value = chosen.dataset[name];
    control(name).dispatchEvent(new Event("input", { bubbles: true })); // so that the draft keeps it
  }
  clearTimeout(timer);
  hits().replaceChildren();
  control("code").focus();
});
