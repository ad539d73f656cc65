// A 422 answer is <p data-error-for="field">…</p> for each field: show it there, joined to the field for screen readers.
{
  let named = 0;
  const clear = (form) => {
    form.querySelectorAll("[data-refused]").forEach((note) => note.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("_error"));
      if (others.length) field.setAttribute("aria-describedby", others.join(" "));
      else field.removeAttribute("aria-describedby");
      field.closest(".field")?.querySelectorAll(":scope > .error").forEach((note) => note.remove());
    });
  };

  const show = (form, html) => {
    clear(form);
    const notes = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-error-for]");
    for (const note of notes) {
      const field = [...form.elements].find((e) => e.name === note.dataset.errorFor && e.type !== "hidden");
      const shown = Object.assign(document.createElement("p"), { className: "error", textContent: note.textContent });
      shown.dataset.refused = "";
      if (!field) {
        form.prepend(shown);
        continue;
      }
      field.id ||= `refused-${++named}`; // many forms of one page have fields of that name
      shown.id = `${field.id}_error`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${shown.id}`.trim());
      (field.closest(".field") ?? field.parentElement).append(shown);
    }
  };

  Alignment.refused = { clear, show };
}
