// Words that are not saved yet wait in this browser, one draft a form and user, until the server says that they are
// saved or the user signs out. With them waits what is `carried`: what they were typed on, what makes them one change.
{
  const prefix = () => `draft:${document.body.dataset.user}:`;
  const { values, put, hidden, same, carried, ours } = Alignment.fields;

  // Forms of one page can share action and fields; what tells them apart are their hidden values, such as about=risk-7.
  const key = (form) => {
    if (form.dataset.draftName) return `${prefix()}${location.pathname}:${form.dataset.draftName}`;
    const fields = [...form.elements].filter((field) => !ours.has(field.name));
    const names = new Set(fields.map(({ name, type, value }) => (type === "hidden" ? `${name}=${value}` : name)));
    return `${prefix()}${form.getAttribute("action")}:${[...names]}`;
  };
  const all = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix()));
  const read = (name) => JSON.parse(localStorage.getItem(name) ?? "null");

  // False where the browser keeps nothing.
  const keep = (form) => {
    const draft = { typed: values(form) };
    for (const name of carried) draft[name] = form.elements[name]?.value;
    try {
      localStorage.setItem(key(form), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  };
  const drop = (form) => localStorage.removeItem(key(form));
  // Puts a draft over the words as stored. False when there is none, or when it says nothing else.
  const restore = (form, stored) => {
    const draft = read(key(form));
    if (!draft || same(draft.typed, stored)) return drop(form), false;
    put(form, draft.typed);
    for (const name of carried) if (draft[name] !== undefined) hidden(form, name, draft[name]);
    return true;
  };

  // Whether words wait for a form that is sent there and is not on the page yet; `search` is what its link asks for.
  const waits = (action, search = "") => {
    const asked = [...new URLSearchParams(search)].filter(([name]) => name !== "next").map((pair) => pair.join("="));
    return all().some((name) => name.startsWith(`${prefix()}${action}:`) && asked.every((pair) => name.includes(pair)));
  };

  Alignment.drafts = { keep, drop, restore, waits };

  // The server says of a form sent as a whole, by the name it gave its draft, that it is saved.
  Alignment.behave("saved", ({ dataset: { saved } }) =>
    saved && all().filter((name) => read(name)?.draft === saved).forEach((name) => localStorage.removeItem(name)));
  Alignment.behave("signout", (form) => form.addEventListener("submit", () => all().forEach((name) => localStorage.removeItem(name))));
}
