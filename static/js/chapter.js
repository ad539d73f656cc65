// [data-chapter]: a part of a page that an act in one of its rows swaps. It takes nothing from who writes in it, and the
// focus stays at the row, or goes to the one that is new.
{
  const put = new Map();
  let place;

  const leave = (chapter, answered) => {
    place = answered?.closest("article[id], li[id]")?.id ?? chapter.id;
    put.set(chapter.id, Alignment.keep(chapter, answered?.closest("form")));
  };
  const swaps = (element) => element?.matches?.("[data-chapter]");
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.shouldSwap && swaps(detail.target)) leave(detail.target, detail.requestConfig.elt);
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
    if (swaps(target)) put.set(target.id, Alignment.keep(target));
  });

  // An act's answer brings along what is still to do: while it is on its way, that is not fetched by itself.
  let acts = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const todo = document.getElementById("needed");
    if (!todo) return;
    if (event.detail.elt === todo) return acts && event.preventDefault();
    if (event.detail.requestConfig.verb !== "post") return;
    acts += 1;
    htmx.trigger(todo, "htmx:abort");
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => (acts = Math.max(0, acts - (detail.requestConfig.verb === "post"))));

  Alignment.behave("chapter", (chapter) => {
    put.get(chapter.id)?.(chapter);
    if (!put.delete(chapter.id) || !document.activeElement.matches("body")) return;
    const row = document.getElementById(place);
    if (!row || !chapter.contains(row)) return;
    row.tabIndex = -1;
    row.focus();
  });
}
