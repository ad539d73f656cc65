// What a form says about its words: saving, saved at, kept here, signed out, refused, two versions.
{
  const words = {
    typing: () => "",
    saving: () => "Saving…",
    saved: (at) => `Saved ${at || Alignment.time()}`,
    kept: (why) => `Not saved, kept here${why ? `: ${why}` : ""}`,
    lost: () => "Not saved, and this browser cannot keep it: do not close this page",
    refused: () => "Not saved: see the note at the field",
    conflict: () => "Two versions: choose what stays",
    out: () => "You are signed out; your words are kept here. ",
  };
  const reasons = {
    0: "no connection, trying again",
    403: "load the page again, or ask who may write here",
    404: "this is no longer there",
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
  Alignment.reason = (status) => reasons[status] ?? "a fault of ours, trying again";

  // One request of a form; a small one survives the closing of the page. Rejects without an answer in 20 seconds.
  Alignment.send = (form, length) => {
    const headers = { "X-CSRFToken": Alignment.token(), "X-Autosave": "1", Accept: "text/html" };
    const options = { keepalive: length < 2e4, signal: AbortSignal.timeout(20000) };
    return fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers, ...options });
  };

  Alignment.signedOut = (response) =>
    response.status === 401 ||
    response.headers.has("HX-Redirect") ||
    (response.redirected && new URL(response.url).pathname.startsWith("/accounts/"));
}
