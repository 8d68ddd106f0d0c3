// A barcode scanner types like a very quick keyboard and ends with Enter; anywhere, it finds the person.
const QUICK = 40; // milliseconds between keys; nobody types so fast
const LEAST = 6;
let typed = "";
let last = 0;

function isField(element) {
  return element.closest("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = performance.now();
  if (now - last > QUICK) typed = "";
  last = now;
  if (event.key === "Enter" && typed.length >= LEAST && !isField(event.target)) {
    event.preventDefault();
    location.assign("/search?q=" + encodeURIComponent(typed));
  } else if (event.key.length === 1) {
    typed += event.key;
  }
});
