// A person fills in a form, question after question. Answers are kept by answering.js; here the way on is found again by itself when
// the clinic did not answer, and each question is shown from its beginning. Nothing is kept in the browser.
const AGAIN = 4000; // milliseconds
const SETTLED = 60; // after which htmx and the keeping of the focus are done
const strip = document.getElementById("offline");
let timer = null;
let last = null; // the button whose step did not get through

const answering = () => document.getElementById("answering");

document.addEventListener("submit", ({ target, submitter }) => {
  if (target === answering()) last = submitter;
}, true);

function again() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const form = answering();
    if (form && last) form.requestSubmit(form.contains(last) ? last : undefined);
  }, AGAIN);
}

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, ({ detail }) => {
    if (!answering() || detail.elt !== answering()) return;
    delete answering().dataset.sending;
    strip.hidden = false;
    again();
  });
}
document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
  if (detail.elt.id !== "answering") return;
  clearTimeout(timer);
  last = null;
});

// Another question: from its beginning, and read out.
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target?.id !== "ask") return;
  setTimeout(() => {
    const wrong = document.querySelector("#ask .wrong input, #ask .wrong textarea, #ask .wrong select");
    if (wrong) return wrong.focus();
    scrollTo(0, 0);
    const first = document.querySelector("#ask .question, #ask .ending");
    first?.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
  }, SETTLED);
});
