// A 409 answer holds both texts and the version now stored. Nothing is sent until the user chooses.
{
  const theirs = (slot) =>
    Object.fromEntries([...slot.querySelectorAll("[data-theirs]")].map((e) => [e.dataset.theirs, [e.dataset.value ?? e.textContent]]));

  const both = (mine, other) => {
    const joined = {};
    for (const name in other) {
      const [a, b] = [other[name][0], mine[name]?.[0] ?? ""];
      joined[name] = [a === b || !b ? a : a ? `${a}\n\n${b}` : b];
    }
    return joined;
  };

  // settled(send) is called once the form holds what shall stay; `send` says whether the server must be told.
  Alignment.conflict = (form, html, settled) => {
    const slot = form.querySelector("[data-conflict]");
    slot.innerHTML = html;
    const box = slot.querySelector("[data-version]");
    const other = theirs(slot);

    const settle = (keep) => {
      const mine = Alignment.drafts.values(form);
      form.elements.version.value = box.dataset.version;
      if (keep !== "mine") {
        const text = (name) => form.elements[name]?.matches?.('textarea, [type="text"]');
        const chosen = keep === "theirs" ? other : both(mine, other);
        // Only words can stand one after the other; of a date or a choice the typed one stays.
        for (const name in chosen) if (keep === "both" && !text(name) && mine[name]?.[0]) chosen[name] = mine[name];
        Alignment.drafts.put(form, { ...mine, ...chosen });
      }
      slot.replaceChildren();
      settled(keep !== "theirs");
    };

    const mine = Alignment.drafts.values(form);
    const agree = Object.keys(other).every((name) => Alignment.drafts.same(mine[name] ?? [""], other[name]));
    if (agree) return settle("theirs");

    slot.querySelectorAll("[data-keep]").forEach((button) => button.addEventListener("click", (event) => {
      event.preventDefault();
      settle(button.dataset.keep);
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
    }));
  };
}
