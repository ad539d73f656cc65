// What a form says about its words: saving, saved at, kept here, signed out, refused, two versions.
{
  const words = {
    typing: () => "",
    saving: () => "Saving…",
    saved: (at) => `Saved ${at || Alignment.time()}`,
    kept: (why) => `Not saved yet, stored on this device${why ? `: ${why}` : ""}`,
    lost: () => "Not saved, and not stored in this browser. Keep this page open",
    refused: () => "Not saved: see the message next to the field",
    conflict: () => "Edited in two places: choose a version",
    out: () => "You are signed out; your text is stored on this device. ",
  };
  const reasons = {
    0: "no connection, retrying",
    403: "reload the page, or ask who can edit this",
    404: "this no longer exists",
    413: "the text is too long",
  };

  Alignment.state = (form, name, detail) => {
    const place = form.querySelector("[data-save-state]");
    if (!place) return;
    place.dataset.state = name;
    place.textContent = words[name](detail);
    if (name === "out") {
      const href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
      place.append(Object.assign(document.createElement("a"), { href, textContent: "Sign in" }));
    }
  };

  // Why a request failed, in words; status 0 means that there was no answer.
  Alignment.reason = (status) => reasons[status] ?? "something went wrong on our side, retrying";

  // One request of a form; a small one survives the closing of the page. Rejects without an answer in 20 seconds.
  Alignment.send = (form, action = form.getAttribute("action"), more = {}) => {
    const headers = { "X-CSRFToken": Alignment.token(), "X-Autosave": "1", Accept: "text/html" };
    const body = new FormData(form);
    for (const name in more) body.set(name, more[name]);
    const options = { keepalive: JSON.stringify([...body]).length < 2e4, signal: AbortSignal.timeout(20000) };
    return fetch(action, { method: "POST", body, headers, ...options });
  };

  Alignment.signedOut = (response) =>
    response.status === 401 ||
    response.headers.has("HX-Redirect") ||
    (response.redirected && new URL(response.url).pathname.startsWith("/accounts/"));
}
