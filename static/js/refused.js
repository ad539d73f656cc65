// A 422 answer is <p data-error-for="field">…</p> for each field: show it there, joined to the field for screen readers.
// It may have a button [data-offer]: the address that takes the text instead, by one tap.
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

  // The draft goes along to the other address, so that nothing is lost on the way either.
  const offer = (form, button) => {
    button.dataset.refused = "";
    button.addEventListener("click", () => {
      Alignment.drafts.drop(form);
      form.setAttribute("action", button.dataset.offer);
      form.elements.version.value = 0;
      Alignment.drafts.keep(form);
      clear(form);
      form.addEventListener("saved", () => {
        form.append(Object.assign(document.createElement("p"), { className: "good", role: "status", textContent: button.dataset.done }));
      }, { once: true });
      const send = () => (form.querySelector('[data-state="saving"]') ? setTimeout(send, 50) : form.requestSubmit());
      send(); // what is on its way to the first address comes back first
    });
    form.append(button);
  };

  const show = (form, html) => {
    clear(form);
    const answer = new DOMParser().parseFromString(html, "text/html");
    const notes = answer.querySelectorAll("[data-error-for]");
    const other = answer.querySelector("[data-offer]");
    if (other) offer(form, document.adoptNode(other));
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
