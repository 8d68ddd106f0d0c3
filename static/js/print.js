// A print button prints the page one is on.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
