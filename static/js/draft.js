// [data-draft]: what is typed in a form that is sent as a whole waits in this browser until it is sent, so that another
// act on the page takes nothing from it. One who comes back to it finds it again, and its token makes it one row.
Alignment.behave("draft", (form) => {
  const { drafts } = Alignment, name = drafts.key(form), blank = drafts.values(form);
  const write = (sent) => {
    const typed = drafts.values(form);
    try {
      if (drafts.same(typed, blank)) return localStorage.removeItem(name);
      localStorage.setItem(name, JSON.stringify({ typed, token: form.elements.token?.value, sent }));
    } catch {} // a browser that keeps nothing still sends
  };
  const draft = JSON.parse(localStorage.getItem(name) ?? "null");
  const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (draft && (cameBack || !draft.sent)) {
    drafts.put(form, draft.typed);
    if (draft.token) form.elements.token.value = draft.token;
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  } else localStorage.removeItem(name);
  form.addEventListener("input", () => write(false));
  form.addEventListener("submit", () => write(true));
});
