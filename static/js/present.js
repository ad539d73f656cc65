// The page in session: asks every second and a half whether anything is new, fetches the stage when it is, and says
// where the meeting went. While somebody types in a section, the page stays there, and says where the meeting is.
{
  const VISIBLE = 1500, HIDDEN = 5000, LONGEST = 30000;
  const stage = () => document.querySelector("[data-seen]");
  const fetched = (at) => {
    const here = at ?? new URLSearchParams(location.search).get("at");
    return htmx.ajax("GET", stage().dataset.fresh + (here ? `?at=${here}` : ""), { target: "#stage" });
  };
  let putBack, was;

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, detail } = event;
    if (target.id !== "stage" || !detail.shouldSwap) return;
    const { section, fresh } = stage().dataset;
    const goes = /data-section="(\w+)"/.exec(detail.serverResponse)?.[1];
    if (!goes || target.querySelector("dialog[open]")) return (detail.shouldSwap = false);
    const asked = detail.requestConfig.elt.closest?.("form");
    if (detail.pathInfo.requestPath.startsWith(fresh) && goes !== section && Alignment.busy(target).length) {
      detail.shouldSwap = false;
      return setTimeout(fetched, 0, section);
    }
    was = { ...stage().dataset };
    putBack = Alignment.keep(target, asked);
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!putBack) return;
    putBack(document.getElementById("stage"));
    putBack = undefined;
    const { now, nowName, section } = stage().dataset;
    if (now !== was.now) document.getElementById("told").textContent = `The meeting is at ${nowName} now.`;
    if (section !== was.section) scrollTo(0, 0);
  });

  Alignment.behave("poll", (line) => {
    let failures = 0, timer;
    const look = async () => {
      clearTimeout(timer);
      if (!line.isConnected) return;
      const address = `${line.dataset.poll}?seen=${stage().dataset.seen}`;
      const response = await fetch(address, { signal: AbortSignal.timeout(8000) }).catch(() => null);
      if (response?.status === 404) return location.reload();
      failures = response?.ok ? 0 : failures + 1;
      line.textContent = failures > 1 ? "Not connected; the clock goes on. What you type is kept." : "";
      if (response?.status === 200) await fetched().catch(() => null);
      timer = setTimeout(look, failures ? Math.min(LONGEST, VISIBLE * 2 ** (failures - 1)) : document.hidden ? HIDDEN : VISIBLE);
    };
    timer = setTimeout(look, VISIBLE);
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => document.hidden || look());
    document.addEventListener("captured", look);
  });
}
