// [data-copy="id"]: puts the value of the field with that id on the clipboard and says so. Shown only where that works.
Alignment.behave("copy", (button) => {
  const field = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C to copy";
    }
    setTimeout(() => (button.textContent = label), 3000);
  });
});
