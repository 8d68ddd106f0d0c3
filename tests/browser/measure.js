// What a person's finger and eye would find wrong on the page as it stands. Called with nothing, answers a list.
() => {
  const TOUCH = 47, LEAST_TEXT = 13.9; // pixels; reach is counted in whole ones
  const wrong = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className} “${(e.innerText || e.ariaLabel || e.name || "").trim().slice(0, 30)}”`;
  const within = (e, x, y) => { const hit = document.elementFromPoint(x, y); return hit && (e === hit || e.contains(hit)); };
  const reach = (e, x, y, dx, dy) => { let n = 0; while (n < 60 && within(e, x + dx * n, y + dy * n)) n++; return n; };

  for (let e of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
    if (!shown(e) || e.closest(".skip, .hush") || e.matches(".skip, .hush")) continue;
    e = e.matches("[type=radio], [type=checkbox]") ? e.closest("label") ?? e : e;
    const inSentence = e.matches("a") && getComputedStyle(e).display === "inline" && e.parentElement.innerText.trim().length > e.innerText.trim().length + 3;
    const box = e.getBoundingClientRect();
    if (inSentence || !box.width) continue;
    if (box.width >= TOUCH && box.height >= TOUCH) continue;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    if (!within(e, x, y)) continue; // covered by what is fixed above it
    const tall = Math.max(box.height, reach(e, x, y, 0, 1) + reach(e, x, y, 0, -1));
    const wide = Math.max(box.width, reach(e, x, y, 1, 0) + reach(e, x, y, -1, 0));
    if (tall < TOUCH || wide < TOUCH) wrong.push(`touch ${Math.round(wide)}×${Math.round(tall)}: ${name(e)}`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const small = new Set();
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || e.closest("svg, sup, sub, script, template, .hush, .a4, [data-paper]") || !shown(e)) continue;
    if (parseFloat(getComputedStyle(e).fontSize) < LEAST_TEXT) small.add(`text ${getComputedStyle(e).fontSize}: ${name(e)}`);
  }
  return [...wrong, ...small];
}
