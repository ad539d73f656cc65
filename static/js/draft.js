// [data-draft]: what is typed in a form that is sent as a whole waits in this browser until the server says that it is
// saved. Who comes back finds it again, on what it was typed on, wherever the form would lead; its token makes it one row.
Alignment.behave("draft", (form) => {
  const { fields, drafts } = Alignment, shown = fields.values(form);
  const refused = form.querySelector(".conflict, .errors, [aria-invalid]"); // what stands there is not saved
  const keep = () => {
    if (!form.elements.draft) fields.hidden(form, "draft", `${Date.now()}-${Math.random()}`.slice(0, 32));
    drafts.keep(form);
  };
  const say = () => {
    const note = Object.assign(document.createElement("p"), { className: "small", textContent: "Your earlier draft was restored. It is not saved yet.  " });
    const discard = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: "Discard draft" });
    discard.addEventListener("click", () => (drafts.drop(form), location.reload()));
    note.append(discard);
    form.prepend(note);
  };
  if (refused) keep();
  else if (drafts.restore(form, shown)) {
    say();
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  form.addEventListener("input", () => (!refused && fields.same(fields.values(form), shown) ? drafts.drop(form) : keep()));
});
