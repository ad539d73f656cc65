// Words that are not saved yet wait in this browser, one draft a form and user, until they are saved or the user signs out.
{
  const prefix = () => `draft:${document.body.dataset.user}:`;
  const ours = new Set(["", "csrfmiddlewaretoken", "version", "stored_version", "keep", "token"]);

  // The typed values of a form, without its token and version: {name: [value, …]}.
  const values = (form) => {
    const typed = {};
    for (const [name, value] of new FormData(form)) {
      if (!ours.has(name) && typeof value === "string") (typed[name] ??= []).push(value);
    }
    return typed;
  };
  const put = (form, typed) => {
    for (const field of form.elements) {
      if (ours.has(field.name) || ["file", "submit", "button", "fieldset"].includes(field.type)) continue;
      const wanted = typed[field.name] ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
      else if (wanted.length) field.value = wanted[0];
    }
  };
  // The server trims what it stores, so spaces at the ends make no difference.
  const plain = (typed) => JSON.stringify(typed, (_, value) => (typeof value === "string" ? value.trim() : value));
  // Forms of one page can share action and fields; what tells them apart are their hidden values, such as about=risk-7.
  const key = (form) => {
    const fields = [...form.elements].filter((field) => !ours.has(field.name));
    const names = new Set(fields.map(({ name, type, value }) => (type === "hidden" ? `${name}=${value}` : name)));
    return `${prefix()}${form.getAttribute("action")}:${[...names]}`;
  };

  Alignment.drafts = {
    key,
    values,
    put,
    same: (one, other) => plain(one) === plain(other),
    keep: (form) => {
      try {
        localStorage.setItem(key(form), JSON.stringify({ version: form.elements.version.value, typed: values(form) }));
        return true;
      } catch {
        return false;
      }
    },
    drop: (form) => localStorage.removeItem(key(form)),
    // Puts a draft back over the stored words, with the version it was typed on. False when there is nothing to send.
    restore: (form, stored) => {
      const draft = JSON.parse(localStorage.getItem(key(form)) ?? "null");
      if (!draft || plain(draft.typed) === plain(stored)) return localStorage.removeItem(key(form)), false;
      put(form, draft.typed);
      form.elements.version.value = draft.version;
      return true;
    },
  };

  Alignment.behave("signout", (form) => form.addEventListener("submit", () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith(prefix())) localStorage.removeItem(name);
  }));
}
