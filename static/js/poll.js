// [data-poll]: asks every second and a half whether anything is new, less often unseen or cut off, and says when it
// is. When the meeting was closed or the session ended while somebody types, the page stays until they leave it.
{
  const VISIBLE = 1500, HIDDEN = 5000, LONGEST = 30000;

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const href = xhr.getResponseHeader("HX-Redirect");
    const line = document.querySelector("[data-poll]");
    if (!href || !line || requestConfig.elt !== document.body || !Alignment.busy(document.body).length) return;
    event.preventDefault();
    line.dataset.over = "";
    const out = href.startsWith("/accounts/");
    line.textContent = `${out ? "You are signed out." : "The meeting has been closed."} What you typed is still here: send or copy it, then `;
    line.append(Object.assign(document.createElement("a"), { href, textContent: out ? "sign in" : "go to the record" }));
  });

  Alignment.behave("poll", (line) => {
    let failures = 0, timer;
    const look = async () => {
      clearTimeout(timer);
      if (!line.isConnected || "over" in line.dataset) return;
      const { revision } = document.querySelector("[data-revision]").dataset;
      const response = await fetch(`${line.dataset.poll}?revision=${revision}`, { signal: AbortSignal.timeout(8000) }).catch(() => null);
      if (response?.status === 404) return location.reload();
      failures = response?.ok ? 0 : failures + 1;
      line.textContent = failures > 1 ? "Not connected; the timer keeps running. What you type is not lost." : "";
      if (response?.status === 200) await Alignment.refresh().catch(() => null);
      timer = setTimeout(look, failures ? Math.min(LONGEST, VISIBLE * 2 ** (failures - 1)) : document.hidden ? HIDDEN : VISIBLE);
    };
    timer = setTimeout(look, VISIBLE);
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => document.hidden || look());
    document.addEventListener("captured", look);
  });
}
