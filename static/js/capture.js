// [data-capture]: the one line of the page in session. c, d and i choose what it becomes, Enter keeps it; it stays
// where it is while the page changes, empties once it is kept, and its words wait in this browser until then.
Alignment.behave("capture", (form) => {
  const { fields, drafts } = Alignment, { text, about, section, token, owner, due } = form.elements;
  const empty = fields.values(form);
  const kinds = [...form.querySelectorAll("[data-kind]")];
  const note = form.querySelector("[data-capture-about]");
  const said = { commitment: "Commitment added.", decision: "Decision added.", issue: "Issue raised." };
  let kind = kinds[0], busy = false;

  const say = (words, name = "") => Object.assign(form.querySelector("[data-save-state]"), { textContent: words }).setAttribute("data-state", name);
  const choose = (button) => {
    kind = button;
    kinds.forEach((each) => each.classList.toggle("button--main", each === kind));
    owner.hidden = due.hidden = kind.dataset.kind !== "commitment";
  };
  const concern = (item = "", name = "", of = document.querySelector("[data-revision]").dataset.section) => {
    [about.value, section.value] = [item, of === "closing" ? "issues" : of];
    note.hidden = !item;
    note.textContent = item && `About ${name} ×`;
    note.setAttribute("aria-label", `About ${name}: remove`);
  };
  const another = () => {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${bytes.slice(0, 12)}4${bytes.slice(13, 16)}a${bytes.slice(17)}`;
  };
  const kept = () => {
    drafts.drop(form);
    [text.value, token.value] = ["", another()];
    Alignment.refused.clear(form);
    concern();
    say(said[kind.dataset.kind], "saved");
    document.dispatchEvent(new Event("captured"));
  };
  const send = async () => {
    if (busy || !text.value.trim()) return text.focus();
    busy = true;
    const response = await Alignment.send(form, kind.formAction, { title: text.value }).catch(() => null);
    busy = false;
    if (response && Alignment.signedOut(response)) return say("You are signed out; your text is stored on this device.", "out");
    if (response?.status === 422) return say(""), Alignment.refused.show(form, await response.text());
    response?.ok ? kept() : say(`Not saved yet: ${Alignment.reason(response?.status ?? 0)}`, "kept");
  };

  form.addEventListener("submit", (event) => (event.preventDefault(), send()));
  form.addEventListener("input", () => (text.value ? drafts.keep(form) : drafts.drop(form), say("")));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault(), send();
    if (event.key === "Escape") text.blur();
  });
  note.addEventListener("click", () => (concern(), text.focus()));
  kinds.forEach((button) => button.addEventListener("click", (event) => (event.preventDefault(), choose(button), send())));
  document.addEventListener("htmx:afterSwap", () => text.value || about.value || concern());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#stage a[href]");
    const button = link && kinds.find((each) => new URL(each.formAction).pathname === link.pathname);
    if (!button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const asks = new URL(link.href).searchParams;
    concern(asks.get("about") ?? "", link.closest(".row")?.querySelector("h3")?.firstChild.textContent ?? "", asks.get("section"));
    choose(button);
    text.focus();
  });
  if (drafts.restore(form, empty)) concern();
});
