// [data-poll]: asks every second and a half whether anything is new, less often unseen or cut off, and says when it
// is. When the meeting ended or the session did while somebody types, the page stays until they leave it; for two
// minutes it still looks whether the end was undone.
{
  const VISIBLE = 1500, HIDDEN = 5000, LONGEST = 30000, UNDONE = 120000;

  // Forms that keep somebody on the page; of one that [data-lets-go], once it is saved, the focus alone does not.
  const holding = () => Alignment.busy(document.body).filter((form) => !form.matches('[data-lets-go]:has([data-state="saved"])'));

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const href = xhr.getResponseHeader("HX-Redirect");
    const line = document.querySelector("[data-poll]");
    if (!href || !line || requestConfig.elt !== document.body || !holding().length) return;
    event.preventDefault();
    const out = href.startsWith("/accounts/");
    line.dataset.over = out ? 0 : (line.dataset.until ??= Date.now() + UNDONE);
    line.textContent = out ? "You are signed out. What you typed is still here: copy it, then " : "The meeting has ended. What you typed is still here: keep it for the next meeting, or ";
    line.append(Object.assign(document.createElement("a"), { href, textContent: out ? "sign in" : "go to the record" }));
  });

  Alignment.behave("poll", (line) => {
    let failures = 0, timer;
    const look = async () => {
      clearTimeout(timer);
      const { over } = line.dataset;
      if (!line.isConnected || Date.now() > over) return;
      const { revision } = document.querySelector("[data-revision]").dataset;
      const response = await fetch(`${line.dataset.poll}?revision=${revision}`, { signal: AbortSignal.timeout(8000) }).catch(() => null);
      if (response?.status === 404) return location.reload();
      failures = response?.ok ? 0 : failures + 1;
      if (!over) line.textContent = failures > 1 ? "Not connected; the timer keeps running. What you type is not lost." : "";
      if (response?.status === 200) {
        delete line.dataset.over; // said again below while it is
        await Alignment.refresh().catch(() => null);
        if (over && !line.dataset.over) {
          line.textContent = "";
          delete line.dataset.until;
        }
      }
      timer = setTimeout(look, failures ? Math.min(LONGEST, VISIBLE * 2 ** (failures - 1)) : document.hidden ? HIDDEN : VISIBLE);
    };
    timer = setTimeout(look, VISIBLE);
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => document.hidden || look());
    document.addEventListener("captured", look);
  });
}
