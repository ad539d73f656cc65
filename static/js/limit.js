// [data-limit]: near its limit a field says how many characters are left, and past it how many to take out.
Alignment.behave("limit", (field) => {
  const limit = Number(field.dataset.limit), note = document.createElement("output");
  note.className = "limit small";
  const say = () => {
    const left = limit - [...field.value.trim()].length;
    const near = left <= Math.min(200, limit / 5);
    if (near && !note.isConnected) field.after(note);
    note.textContent = !near ? "" : left < 0 ? `${-left} characters too many: shorten it to save` : `${left} characters left`;
    note.classList.toggle("bad", left < 0);
  };
  field.addEventListener("input", say);
  say();
});
