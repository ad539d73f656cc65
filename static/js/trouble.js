// htmx requests carry the CSRF token; when one fails, say so instead of doing nothing.
{
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = Alignment.token();
  });

  const say = (text) => {
    const message = document.createElement("div");
    message.className = "message bad";
    message.append(Object.assign(document.createElement("p"), { textContent: text }));
    document.getElementById("messages")?.replaceChildren(message);
  };

  const words = {
    403: "You can’t do this, or you signed in or out in another window. Nothing was changed. Reload the page.",
    404: "This no longer exists. Nothing was changed. Reload the page.",
    413: "This is too large. Nothing was changed.",
  };
  document.addEventListener("htmx:responseError", (event) =>
    say(words[event.detail.xhr.status] ?? "Something went wrong on our side. Nothing was lost. Try again."));
  document.addEventListener("htmx:sendError", () => say("You are offline. Nothing was changed. Try again when you are back online."));
}
