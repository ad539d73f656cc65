// [data-opens="id"] opens a native dialog (focus goes in and comes back by itself); its href is the page without it.
// [data-closes] closes the dialog it stands in, [data-dismisses] a message, and a click elsewhere an open [data-menu].
{
  Alignment.behave("opens", (opener) => opener.addEventListener("click", (event) => {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog?.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  }));
  Alignment.behave("closes", (button) => button.addEventListener("click", () => button.closest("dialog")?.close()));
  Alignment.behave("dismisses", (button) => button.addEventListener("click", () => button.closest(".message")?.remove()));

  Alignment.behave("menu", (menu) => {
    document.addEventListener("click", ({ target }) => (menu.contains(target) && !target.closest("a")) || (menu.open = false));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}
