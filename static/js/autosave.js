// [data-autosave]: saves while typing, one request at a time, the last typed words win; what cannot be sent is kept here.
{
  const PAUSE = 700, LONGEST = 4000;
  const { fields, drafts, refused, state } = Alignment;
  Alignment.behave("autosave", (form) => {
    let saved, busy = false, held = false, kept = true, timer, wait, since;
    const changed = () => !fields.same(fields.values(form), saved);
    const soon = (after) => (clearTimeout(timer), (timer = setTimeout(save, after)));
    const stands = (typed) => fields.setBase(form, (saved = typed));
    const later = (status) => {
      soon((wait = Math.min((wait ?? 2.5) * 2, 60)) * 1000);
      state(form, kept ? "kept" : "lost", Alignment.reason(status));
    };
    const done = (sent, at) => {
      stands(sent);
      [wait, kept] = [undefined, true];
      if (changed()) return drafts.keep(form), soon(PAUSE);
      drafts.drop(form);
      state(form, "saved", at);
    };
    const compare = (html) => {
      const before = saved;
      [held, saved] = [true, null]; // what stays must be sent, also where it is what stood there at first
      state(form, "conflict");
      Alignment.conflict(form, html, (theirs) => {
        held = false;
        if (theirs) saved = { ...before, ...theirs };
        changed() ? save() : done(fields.values(form));
      });
    };
    const answer = async (response, sent) => {
      if (Alignment.signedOut(response)) return state(form, kept ? "out" : "lost");
      if (response.status === 409) return compare(await response.text());
      if (response.status === 422) return refused.show(form, await response.text()), state(form, "refused");
      if (!response.ok) return later(response.status);
      form.elements.version.value = response.headers.get("X-Version") ?? form.elements.version.value;
      refused.clear(form);
      done(sent, response.headers.get("X-Saved-At"));
      form.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
      Alignment.fire(form, response.headers.get("HX-Trigger"));
    };
    const save = async () => {
      since = clearTimeout(timer);
      if (busy || held || !changed()) return;
      const sent = ((busy = true), fields.values(form));
      state(form, "saving");
      const response = await Alignment.send(form).catch(() => null);
      busy = false;
      return response ? answer(response, sent).catch(() => later(0)) : later(0);
    };

    const typed = () => {
      kept = drafts.keep(form);
      if (!held && !busy) state(form, changed() ? "typing" : "saved");
      if (!busy && !changed()) return drafts.drop(form);
      since ??= Date.now();
      soon(Math.min(PAUSE, since + LONGEST - Date.now()));
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", () => (typed(), save()));
    form.addEventListener("submit", (event) => event.submitter?.hasAttribute("formaction") || (event.preventDefault(), save()));
    for (const name of ["online", "pagehide", "visibilitychange"]) addEventListener(name, save, true);
    addEventListener("beforeunload", (event) => !kept && changed() && event.preventDefault());
    stands(fields.values(form));
    const shown = form.querySelector("[data-conflict] [data-version]")?.outerHTML;
    if (shown) compare(shown);
    else if (drafts.restore(form, saved)) save();
  });
}
