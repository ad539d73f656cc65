// [data-clock="name"]: counts on from the server's data-spent seconds while data-running; shows the time spent, or
// data-under / data-beyond with {} as the time left or over of data-planned. The server's word counts at every swap,
// but a difference of less than a second and a half is only the way it took: the clock does not jump for it.
{
  const started = new Map(); // name → when, by this machine's clock, the time spent was zero
  const shown = (seconds) => `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;

  const show = (element) => {
    const { spent, planned, soon, running, under, beyond, clock } = element.dataset;
    const seconds = running ? Math.floor((Date.now() - started.get(clock)) / 1000) : +spent;
    const over = planned && seconds > +planned;
    const words = over ? beyond : under;
    const text = words === undefined ? shown(seconds) : words.replace("{}", shown(Math.abs(planned - seconds)));
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("clock--over", Boolean(over));
    element.classList.toggle("clock--soon", Boolean(soon && !over && seconds >= +soon));
  };

  Alignment.behave("clock", (element) => {
    const { spent, running, clock } = element.dataset;
    const began = Date.now() - spent * 1000;
    if (!running) started.delete(clock);
    else if (!(Math.abs(started.get(clock) - began) < 1500)) started.set(clock, began);
    show(element);
    const timer = setInterval(() => (element.isConnected ? running && show(element) : clearInterval(timer)), 250);
  });
}
