// A 409 answer holds both texts and the version now stored. Nothing is sent until the user chooses.
{
  // settled(theirs) is called once the form holds what shall stay; `theirs` are the texts that need not be sent.
  Alignment.conflict = (form, html, settled) => {
    const { values, put, hidden, same } = Alignment.fields, slot = form.querySelector("[data-conflict]");
    slot.innerHTML = html;
    const { version } = slot.querySelector("[data-version]").dataset;
    const fields = [...slot.querySelectorAll("[data-theirs]")].map(({ dataset, textContent }) => (
      { name: dataset.theirs, text: dataset.value ?? textContent, separator: dataset.separator }));
    const typed = (name) => values(form)[name]?.[0] ?? "";
    // Only words can stand one after the other; of a date or a choice the typed one stays.
    const both = (mine, { text, separator }) =>
      (mine.trim() === text.trim() ? text : !mine || !text ? mine || text : separator ? text + separator + mine : mine);

    const settle = (keep) => {
      const mine = values(form), base = JSON.parse(form.elements.base?.value || "{}");
      for (const field of fields) {
        base[field.name] = field.text;
        if (keep !== "mine") mine[field.name] = [keep === "theirs" ? field.text : both(typed(field.name), field)];
      }
      put(form, mine);
      hidden(form, "version", version);
      hidden(form, "base", JSON.stringify(base));
      slot.replaceChildren();
      settled(keep === "theirs" && Object.fromEntries(fields.map(({ name, text }) => [name, [text]])));
    };

    if (fields.every(({ name, text }) => same(typed(name), text))) return settle("theirs");
    slot.querySelectorAll("[data-keep]").forEach((button) => button.addEventListener("click", (event) => {
      event.preventDefault();
      settle(button.dataset.keep);
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
    }));
  };
}
