// [data-autosave]: saves while typing, one request at a time, the last typed words win; what cannot be sent is kept here.
{
  const PAUSE = 700, LONGEST = 4000;
  const { drafts, refused, state } = Alignment;
  Alignment.behave("autosave", (form) => {
    let saved = drafts.values(form), busy = false, held = false, kept = true, timer, wait, since;
    const changed = () => !drafts.same(drafts.values(form), saved);
    const soon = (after) => (clearTimeout(timer), (timer = setTimeout(save, after)));
    const later = (status) => {
      soon((wait = Math.min((wait ?? 2.5) * 2, 60)) * 1000);
      state(form, kept ? "kept" : "lost", Alignment.reason(status));
    };
    const done = (sent, at) => {
      [saved, wait, kept] = [sent, undefined, true];
      if (changed()) return soon(PAUSE);
      drafts.drop(form);
      state(form, "saved", at);
    };
    const compare = (html) => {
      [held, saved] = [true, null]; // whatever stays must be sent
      state(form, "conflict");
      Alignment.conflict(form, html, (send) => ((held = false), send ? save() : done(drafts.values(form))));
    };
    const answer = async (response, sent) => {
      if (Alignment.signedOut(response)) return state(form, kept ? "out" : "lost");
      if (response.status === 409) return compare(await response.text());
      if (response.status === 422) return refused.show(form, await response.text()), state(form, "refused");
      if (!response.ok) return later(response.status);
      const from = form.elements.version.value, to = response.headers.get("X-Version") ?? from;
      form.elements.version.value = to;
      refused.clear(form);
      done(sent, response.headers.get("X-Saved-At"));
      form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: { from, to } }));
      Alignment.fire(form, response.headers.get("HX-Trigger"));
    };
    const save = async () => {
      since = clearTimeout(timer);
      if (busy || held || !changed()) return;
      const sent = ((busy = true), drafts.values(form));
      state(form, "saving");
      const response = await Alignment.send(form, JSON.stringify(sent).length).catch(() => null);
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
    const shown = form.querySelector("[data-conflict] [data-version]")?.outerHTML;
    if (shown) compare(shown);
    else if (drafts.restore(form, saved)) save();
  });
}
