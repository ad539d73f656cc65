// [data-opens-here]: the column at which a table that scrolls opens, beside the heads of its rows.
Alignment.behave("opens-here", (head) => {
  head.closest(".table").scrollLeft = head.offsetLeft - head.parentElement.firstElementChild.offsetWidth;
});
// [data-cells]: a grid of fields. Enter and the arrow keys move; cells copied from a spreadsheet fill right and down; the
// field one stays on shows how it came about. What the cells mean is the server's business.
Alignment.behave("cells", (form) => {
  const rows = () => [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td input")]).filter((row) => row.length);
  const place = (input) => {
    const all = rows(), down = all.findIndex((row) => row.includes(input));
    return { all, down, right: down < 0 ? -1 : all[down].indexOf(input) };
  };
  const go = (input, event) => {
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  };
  const steps = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  form.addEventListener("keydown", (event) => {
    const step = steps[event.key], input = event.target, { all, down, right } = place(input);
    if (!step || down < 0 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const marked = input.selectionStart !== input.selectionEnd && input.selectionEnd - input.selectionStart < input.value.length;
    const inside = step[1] < 0 ? input.selectionStart > 0 : input.selectionEnd < input.value.length;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (step[1] && !whole && (marked || inside)) return;
    const back = event.key === "Enter" && event.shiftKey ? -1 : 1;
    if (event.key === "Enter") event.preventDefault();
    go(all[down + step[0] * back]?.[right + step[1]], event);
  });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, ""), { all, down, right } = place(event.target);
    if (down < 0 || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    let put = 0, left = 0;
    text.split(/\r?\n/).forEach((line, below) => line.split("\t").forEach((cell, beside) => {
      const input = all[down + below]?.[right + beside];
      if (!input) return void left++;
      input.value = cell.trim();
      put++;
    }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
    const over = left ? ` ${left} did not fit and ${left === 1 ? "was" : "were"} left out.` : "";
    form.querySelector("[data-cells-said]").textContent = `${put} cells filled.${over} Save to set them.`;
  });
  let waiting = 0;
  form.addEventListener("focusin", (event) => {
    clearTimeout(waiting);
    const { down } = place(event.target), [, month] = event.target.name.split("-");
    if (down < 0) return;
    const { href } = event.target.closest("tr").querySelector("th a");
    const shown = () => htmx.ajax("GET", `${href}?month=${month}`, "#cell-history");
    waiting = setTimeout(shown, 500);
  });
});
