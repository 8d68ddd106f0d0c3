// A field that was left is no button pressed: htmx remembers the last one, also when the page has replaced it meanwhile.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id === "builder-form" && detail.triggeringEvent?.type === "change") delete detail.parameters.change;
});
