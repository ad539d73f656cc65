// A form that is sent as a whole waits for the words beside it that are on their way, three seconds at most: the page
// that comes next then shows them. What takes longer stays in this browser and goes out from there.
{
  const onTheirWay = () => document.querySelector('[data-autosave] :is([data-state="typing"], [data-state="saving"])');
  const waiting = new WeakSet(), goes = new WeakSet();

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (form.matches("[data-autosave]") || goes.delete(form) || !onTheirWay()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.add(form);
    const until = Date.now() + 3000;
    const look = () => {
      if (onTheirWay() && Date.now() < until) return setTimeout(look, 50);
      waiting.delete(form);
      goes.add(form);
      if (!form.isConnected) document.body.append(form); // the page was refreshed meanwhile
      if (submitter && submitter.form !== form) form.append(submitter);
      form.requestSubmit(submitter);
    };
    look();
  }, true);
}
