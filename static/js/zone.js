// [data-zone] on a time zone field: the browser's own zone, as long as nobody typed another.
Alignment.behave("zone", (field) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && field.value === field.defaultValue && !field.matches("[aria-invalid]")) field.value = zone;
});
