// Fields grow with their text where the browser cannot do it by CSS (field-sizing: content).
if (!CSS.supports("field-sizing", "content")) {
  const grow = ({ target }) => {
    if (!target.matches?.("textarea")) return;
    const lines = target.value.split("\n").reduce((sum, line) => sum + Math.ceil((line.length + 1) / 70), 1);
    target.rows = Math.max(3, Math.min(20, lines));
  };
  for (const name of ["input", "focusin"]) document.addEventListener(name, grow);
}
