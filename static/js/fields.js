// What a person typed in a form, apart from what the form carries along by itself.
{
  const carried = ["version", "base", "token", "draft"];
  const ours = new Set(["", "csrfmiddlewaretoken", "next", "stored_version", "keep", ...carried]);

  // The typed values of a form, never its passwords: {name: [value, …]}.
  const values = (form) => {
    const typed = {};
    for (const [name, value] of new FormData(form)) {
      const left = ours.has(name) || typeof value !== "string" || form.elements[name]?.type === "password";
      if (!left) (typed[name] ??= []).push(value);
    }
    return typed;
  };
  const put = (form, typed) => {
    for (const field of form.elements) {
      if (ours.has(field.name) || ["file", "submit", "button", "fieldset", "password"].includes(field.type)) continue;
      const wanted = typed[field.name] ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
      else if (wanted.length) field.value = wanted[0];
    }
  };
  // A hidden field of the form, made where it is not there yet.
  const hidden = (form, name, value) => {
    if (!form.elements[name]) form.append(Object.assign(document.createElement("input"), { type: "hidden", name }));
    form.elements[name].value = value;
  };
  // The server trims what it stores, so spaces at the ends make no difference.
  const plain = (typed) => JSON.stringify(typed, (_, value) => (typeof value === "string" ? value.trim() : value));
  const same = (one, other) => plain(one) === plain(other);
  // What the server compares the next words with: the typed values as it has them now.
  const setBase = (form, typed) =>
    hidden(form, "base", JSON.stringify(Object.fromEntries(Object.entries(typed).map(([name, [first]]) => [name, first]))));

  Alignment.fields = { values, put, hidden, same, setBase, carried, ours };
}
