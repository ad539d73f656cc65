// [data-load] is a link to the page of a form or of a row; with script that comes in its place. One whose words wait in
// this browser, because they could not be sent, opens by itself, and so does its row.
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
  const sentTo = link.pathname.replace(/forms\/(?:comment|row)\/(.+)\//, "update/?on=$1");
  if (Alignment.drafts.waits(sentTo, sentTo === link.pathname ? link.search : "")) open();
});
