// [data-reveals] on a password field: a button beneath it shows what is typed, and hides it again.
Alignment.behave("reveals", (field) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide password" : "Show password";
  };
  button.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", () => show(false)); // so that browsers offer to keep it
  show(false);
  const row = document.createElement("div");
  row.className = "actions";
  row.append(button);
  field.after(row);
});
