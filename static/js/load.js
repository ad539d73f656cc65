// [data-load] is a link to the page of a form; with script the form comes in its place. A comment that could not be sent,
// and waits in this browser, opens by itself.
Alignment.behave("load", (link) => {
  const open = () => htmx.ajax("GET", link.getAttribute("href"), { source: link, target: link, swap: "outerHTML" });
  // The page may have been fetched anew while the form was on its way: it then opens at the link that stands there now.
  link.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (link.isConnected) return;
    const now = [...document.querySelectorAll("a[data-load]")].find((other) => other.pathname === link.pathname);
    now ? (detail.target = now) : (detail.shouldSwap = false);
  });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  const sentTo = link.pathname.replace(/forms\/comment\/(.+)\//, "update/?on=$1");
  if (sentTo !== link.pathname && Alignment.drafts.waits(sentTo)) open();
});
