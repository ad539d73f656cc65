// A page that is swapped under somebody's hands takes nothing from them: forms with unsaved words or the focus move
// over as they are, and what was unfolded stays unfolded.
{
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
  const edited = (field) =>
    field.matches("select") ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  // Of a form that saves itself the state counts: what is saved may go.
  const written = (form) => form.matches("[data-autosave]")
    ? ![undefined, "saved"].includes(form.querySelector("[data-save-state]")?.dataset.state) : fields(form).some(edited);
  const named = (form) => `${form.getAttribute("action")} ${form.elements.section?.value} ${form.elements.about?.value}`;
  // Rows and forms that were fetched into the place of their link; a form in such a row goes with it.
  const opened = (root, answered) => [...root.querySelectorAll("details[data-from][open]")].filter((fold) =>
    !fold.contains(answered) && !fold.parentElement.closest("details[data-from][open]"));
  const folds = (root) => [...root.querySelectorAll("details")].map((fold) =>
    [fold, fold.id || `${fold.closest("[id]")?.id} ${fold.querySelector("summary")?.textContent.trim()}`]);

  // Forms of `root` that may not be lost, except the one that was just answered.
  Alignment.busy = (root, answered) => [...root.querySelectorAll("form")].filter((form) =>
    form !== answered && (written(form) || (form.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))));

  // Takes them out before a swap; the function it returns puts them into the new root.
  Alignment.keep = (root, answered) => {
    const active = document.activeElement;
    const selection = [active.selectionStart, active.selectionEnd];
    const open = new Set(folds(root).filter(([fold]) => fold.open).map(([, name]) => name));
    const busy = Alignment.busy(root, answered);
    const fetched = opened(root, answered);
    const kept = busy.filter((form) => !fetched.some((fold) => fold.contains(form)));
    [...kept, ...fetched].forEach((element) => element.remove());
    return (fresh) => {
      for (const [fold, name] of folds(fresh)) if (open.has(name)) fold.open = true;
      for (const form of kept) {
        const twin = [...fresh.querySelectorAll("form")].find((other) => named(other) === named(form));
        twin ? twin.replaceWith(form) : fresh.querySelector("main")?.prepend(form);
        for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      }
      for (const fold of fetched) {
        // The same form, whatever place the page would lead back to.
        const { pathname } = new URL(fold.dataset.from, location);
        const link = [...fresh.querySelectorAll("a[data-load]")].find((other) => other.pathname === pathname);
        if (link) link.replaceWith(fold);
        else if (busy.some((form) => fold.contains(form))) fresh.querySelector("main")?.prepend(fold);
      }
      if (![...kept, ...fetched].some((element) => element.contains(active))) return;
      active.focus({ preventScroll: true });
      if (selection[0] !== null && active.setSelectionRange) active.setSelectionRange(...selection);
    };
  };
}
