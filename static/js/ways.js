// Back to the list as it was left, printing, and filters that need no button.
document.addEventListener("click", (event) => {
  const back = event.target.closest("a.back");
  const from = document.referrer && new URL(document.referrer);
  if (back && from?.origin === location.origin && from.pathname === back.pathname && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    history.back();
  }
  if (event.target.closest("[data-print]")) print();
});
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form.requestSubmit();
});
