// [data-once]: the buttons of a form rest while it is sent. (The server refuses doubles by itself; this is courtesy.)
Alignment.behave("once", (form) => {
  let resting = [];
  const rest = () => {
    resting.push(...form.querySelectorAll("button:enabled"));
    resting.forEach((button) => (button.disabled = true));
  };
  const wake = () => {
    resting.forEach((button) => (button.disabled = false));
    resting = [];
  };
  form.addEventListener("submit", (event) => setTimeout(() => event.defaultPrevented || rest()));
  form.addEventListener("htmx:beforeRequest", rest);
  form.addEventListener("htmx:afterRequest", wake);
  addEventListener("pageshow", wake);
});
