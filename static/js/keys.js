// [data-key="n"]: on pages with <body data-keys> the key clicks the link or button, unless a field has the focus.
// `?` opens the dialog #keys-help. (WCAG 2.1.4: keys are listed there and live on the present page only.)
{
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]");
  const pressing = (element, key) => [" ", "Enter"].includes(key) && element.closest?.("a, button, summary");

  Alignment.behave("keys", (body) => {
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (typing(event.target) || pressing(event.target, event.key) || document.querySelector("dialog:modal")) return;
      if (event.key === "?") {
        event.preventDefault();
        return document.getElementById("keys-help")?.showModal();
      }
      const name = event.key === " " ? "space" : event.key.toLowerCase();
      const target = [...body.querySelectorAll("[data-key]")].find((element) => element.dataset.key === name && !element.disabled);
      if (!target) return;
      event.preventDefault();
      target.matches("input, textarea, select") ? target.focus() : target.click();
    });
  });
}
