// [data-once]: the buttons of a form rest while it is sent. (The server refuses doubles by itself; this is courtesy.)
Alignment.behave("once", (form) => {
  const rest = (resting) => form.querySelectorAll("button").forEach((button) => (button.disabled = resting));
  form.addEventListener("submit", (event) => setTimeout(() => event.defaultPrevented || rest(true)));
  form.addEventListener("htmx:beforeRequest", () => rest(true));
  form.addEventListener("htmx:afterRequest", () => rest(false));
  addEventListener("pageshow", () => rest(false));
});
