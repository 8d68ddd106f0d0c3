// A person fills in a form: each answer goes to the clinic at once. While the clinic does not answer, the strip says so and the
// same answers are sent again by themselves; nothing is kept in the browser.
const AGAIN = 4000; // milliseconds
const SETTLED = 60; // after which htmx and the keeping of the focus are done
const strip = document.getElementById("offline");
let timer = null;

const answering = () => document.querySelector("form[data-answers]");
const isAnswer = (event) => event.detail.elt?.closest?.("[data-answers]");

function again() {
  clearTimeout(timer);
  timer = setTimeout(() => answering()?.dispatchEvent(new Event("change", { bubbles: true })), AGAIN);
}

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => {
    if (!isAnswer(event)) return;
    delete answering()?.dataset.sending;
    strip.hidden = false;
    again();
  });
}
document.addEventListener("htmx:beforeSend", () => clearTimeout(timer));
addEventListener("online", () => { if (!strip.hidden && answering()) again(); });

// Another question: from its beginning, and read out.
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target?.id !== "ask") return;
  setTimeout(() => {
    const wrong = document.querySelector("#ask [aria-invalid=true], #ask .wrong input");
    if (wrong) return wrong.focus();
    scrollTo(0, 0);
    const first = document.querySelector("#ask .question");
    first?.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
  }, SETTLED);
});
