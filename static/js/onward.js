// The page for a new device: as soon as the way on is open to it, by name or by number, it goes there.
const page = document.querySelector("[data-onward]");
const addresses = page?.dataset.onward.split(" ") ?? [];
let asking = false;

async function goOn() {
  if (asking || location.protocol === "https:") return;
  asking = true;
  for (const address of addresses) {
    if (!(await open(address))) continue;
    page.querySelector("[data-known]").hidden = false;
    location.replace(`${address}/`);
    return;
  }
  asking = false;
}

const open = (address) => fetch(`${address}/hello/trusted`, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(4000) })
  .then(() => true, () => false);

if (page) {
  goOn();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && goOn()); // back from the settings
}
