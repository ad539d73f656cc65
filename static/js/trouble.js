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
    403: "You may not do this, or you signed in or out in another window. Nothing was changed; load the page again.",
    404: "This is no longer there. Nothing was changed; load the page again.",
    413: "This is too large. Nothing was changed.",
  };
  document.addEventListener("htmx:responseError", (event) =>
    say(words[event.detail.xhr.status] ?? "That did not work, through a fault of ours. Nothing was lost; try again."));
  document.addEventListener("htmx:sendError", () => say("There is no connection. Nothing was changed; try again when it is back."));
}
