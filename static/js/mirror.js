// [data-mirror="name"] repeats what the field of that name in its row says, so that a folded row never shows what it said before.
{
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  const said = (field) => {
    if (field.type === "date") return field.valueAsDate ? day.format(field.valueAsDate) : "–";
    return field.selectedOptions?.[0]?.textContent ?? field.value;
  };
  Alignment.behave("mirror", (place) => {
    const field = place.closest(".row").querySelector(`[name="${place.dataset.mirror}"]`);
    field?.addEventListener("input", () => (place.textContent = said(field)));
  });
}
