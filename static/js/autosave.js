// [data-autosave]: saves while typing, one request at a time, the last typed words win; what cannot be sent is kept here.
{
  const PAUSE = 700;
  const { drafts, refused, state } = Alignment;
  const post = (form, length) => {
    const headers = { "X-CSRFToken": Alignment.token(), "X-Autosave": "1", Accept: "text/html" };
    const options = { keepalive: length < 2e4, signal: AbortSignal.timeout(20000) };
    return fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers, ...options });
  };

  Alignment.behave("autosave", (form) => {
    let saved = drafts.values(form), busy = false, held = false, kept = true, timer, wait;
    const changed = () => !drafts.same(drafts.values(form), saved);
    const soon = (after) => (clearTimeout(timer), (timer = setTimeout(save, after)));
    const later = (status) => {
      wait = Math.min((wait ?? 2.5) * 2, 60);
      soon(wait * 1000);
      state(form, kept ? "kept" : "lost", Alignment.reason(status));
    };
    const done = (sent, at) => {
      [saved, wait, kept] = [sent, undefined, true];
      if (changed()) return soon(PAUSE);
      drafts.drop(form);
      state(form, "saved", at);
    };
    const compare = (html) => {
      [held, saved] = [true, null];
      state(form, "conflict");
      Alignment.conflict(form, html, (send) => ((held = false), send ? save() : done(drafts.values(form))));
    };
    const answer = async (response, sent) => {
      if (Alignment.signedOut(response)) return state(form, kept ? "out" : "lost");
      if (response.status === 409) return compare(await response.text());
      if (response.status === 422) return refused.show(form, await response.text()), state(form, "refused");
      if (!response.ok) return later(response.status);
      form.elements.version.value = response.headers.get("X-Version") ?? form.elements.version.value;
      refused.clear(form);
      done(sent, response.headers.get("X-Saved-At"));
      Alignment.fire(form, response.headers.get("HX-Trigger"));
    };
    const save = async () => {
      clearTimeout(timer);
      if (busy || held || !changed()) return;
      const sent = drafts.values(form);
      busy = true;
      state(form, "saving");
      const response = await post(form, JSON.stringify(sent).length).catch(() => null);
      busy = false;
      return response ? answer(response, sent) : later(0);
    };

    form.addEventListener("input", () => ((kept = drafts.keep(form)), soon(PAUSE)));
    form.addEventListener("change", () => ((kept = drafts.keep(form)), save()));
    form.addEventListener("submit", (event) => event.submitter?.hasAttribute("formaction") || (event.preventDefault(), save()));
    for (const [target, name] of [[window, "online"], [window, "pagehide"], [document, "visibilitychange"]]) target.addEventListener(name, save);
    addEventListener("beforeunload", (event) => !kept && changed() && event.preventDefault());
    const shown = form.querySelector("[data-conflict] [data-version]");
    if (shown) compare(shown.outerHTML);
    else if (drafts.restore(form, saved)) save();
  });
}
