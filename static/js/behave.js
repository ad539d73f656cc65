// The registry: Alignment.behave("autosave", form => …) runs once for each [data-autosave], also in swapped-in fragments.
{
  const behaviours = new Map();
  const seen = new WeakMap();

  const wake = (root) => {
    for (const [name, start] of behaviours) {
      const selector = `[data-${name}]`;
      for (const element of [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)]) {
        const names = seen.get(element) ?? seen.set(element, new Set()).get(element);
        if (!names.has(name)) {
          names.add(name);
          start(element);
        }
      }
    }
  };

  globalThis.Alignment = {
    behave: (name, start) => behaviours.set(name, start),
    start: () => {
      wake(document);
      document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
    },
    // Fires the events an answer names in HX-Trigger, so that fragments listening for them refresh.
    fire: (element, names) => {
      for (const name of (names ?? "").split(/[\s,]+/)) if (/^[\w:-]+$/.test(name)) globalThis.htmx?.trigger(element, name);
    },
    token: () => document.querySelector('meta[name="csrf-token"]')?.content ?? "",
    time: (date = new Date()) => `${date.getHours()}`.padStart(2, "0") + ":" + `${date.getMinutes()}`.padStart(2, "0"),
  };
}
