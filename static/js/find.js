// Finding a person: while the input method composes nothing is sent; one request when the typing rests.
const WAIT = 150;
let timer;

function ask(input) {
  clearTimeout(timer);
  timer = setTimeout(() => input.dispatchEvent(new Event("find")), WAIT);
}

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-find]") && !event.isComposing) ask(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.closest("[data-find]")) ask(event.target);
});
