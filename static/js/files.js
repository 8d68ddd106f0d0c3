// A file that is too large is told before it is sent: <input type="file" data-most="bytes" data-too-large="words">.
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("input[type=file][data-most]")) return;
  const large = [...target.files].some((file) => file.size > Number(target.dataset.most));
  target.setCustomValidity(large ? target.dataset.tooLarge : "");
  if (large) target.reportValidity();
});
