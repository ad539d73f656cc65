// [data-revision] is the page in session. It is fetched anew when somebody changed something, and takes nothing from the
// person in front of it: while they type in a section the page stays there and says where the meeting is.
{
  const stage = () => document.querySelector("[data-revision]");
  let putBack, was;

  // Fetch the page anew: where this browser looks, or `at`.
  Alignment.refresh = (at) => {
    const here = at ?? new URLSearchParams(location.search).get("at");
    return htmx.ajax("GET", stage().dataset.fresh + (here ? `?at=${here}` : ""), { target: "#stage" });
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, detail } = event;
    if (target.id !== "stage" || !detail.shouldSwap) return;
    const { section, fresh } = stage().dataset;
    const goes = /data-section="(\w+)"/.exec(detail.serverResponse)?.[1];
    if (!goes || target.querySelector("dialog[open]")) return (detail.shouldSwap = false);
    if (detail.pathInfo.requestPath.startsWith(fresh) && goes !== section && Alignment.busy(target).length) {
      detail.shouldSwap = false;
      return setTimeout(Alignment.refresh, 0, section);
    }
    was = { ...stage().dataset };
    putBack = Alignment.keep(target, detail.requestConfig.elt.closest?.("form"));
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!putBack) return;
    putBack(document.getElementById("stage"));
    putBack = undefined;
    const { now, nowName, section } = stage().dataset;
    if (now !== was.now) document.getElementById("announcement").textContent = `The meeting is at ${nowName} now.`;
    if (section !== was.section) scrollTo(0, 0);
  });
}
