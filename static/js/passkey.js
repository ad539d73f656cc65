// [data-passkey="create|get|sign-in"] on a form: asks the browser for a passkey and sends its answer as `credential`.
// The options stand in the JSON named by data-options; for signing in they are fetched from the form's own address.
{
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

  const read = ({ publicKey: told }, alone) => ({
    ...told,
    challenge: bytes(told.challenge),
    ...(told.user && { user: { ...told.user, id: bytes(told.user.id) } }),
    ...(told.excludeCredentials && { excludeCredentials: known(told.excludeCredentials) }),
    ...(told.allowCredentials && { allowCredentials: known(told.allowCredentials) }),
    ...(alone && { authenticatorSelection: { ...told.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" } }),
  });

  const written = ({ id, rawId, type, authenticatorAttachment, response, ...rest }, results) => ({
    id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: results,
    response: Object.fromEntries(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .filter((name) => response[name]).map((name) => [name, text(response[name])])),
  });

  Alignment.behave("passkey", (form) => {
    const button = form.querySelector("[data-passkey-button]");
    const said = form.querySelector("[data-passkey-said]");
    const kind = form.dataset.passkey;
    const possible = globalThis.PublicKeyCredential && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);
    if (kind === "sign-in") form.hidden = !possible;
    if (!possible) {
      button.disabled = true;
      said.textContent = "Passkeys are not available in this browser or at this address. They need https or http://localhost.";
      return;
    }
    const options = async () => kind === "sign-in"
      ? (await (await fetch(form.action, { headers: { Accept: "application/json" } })).json()).request_options
      : Object.values(JSON.parse(document.getElementById(form.dataset.options).textContent))[0];

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        const publicKey = read(await options(), kind === "create" && form.elements.passwordless?.checked);
        const found = await navigator.credentials[kind === "create" ? "create" : "get"]({ publicKey });
        form.elements.credential.value = JSON.stringify(written(found, found.getClientExtensionResults()));
        form.submit();
      } catch {
        said.textContent = "The browser did not return a passkey. Nothing was changed. Try again, or sign in another way.";
        button.disabled = false;
      }
    });
  });
}
