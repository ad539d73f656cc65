// Two forms can hold parts of one row (its progress, its plan). When one is saved, the other goes on from there.
document.addEventListener("saved", ({ target: saved, detail }) => {
  if (!saved.elements?.part) return;
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const same = form !== saved && form.elements.part && form.getAttribute("action") === saved.getAttribute("action");
    if (same && form.elements.version.value === detail.from) form.elements.version.value = detail.to;
  }
});
