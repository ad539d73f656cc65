// [data-current]: a row that scrolls sideways begins with the page that is open in view.
Alignment.behave("current", (row) => {
  const open = row.querySelector("[aria-current]");
  if (open) row.scrollLeft = open.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
});
