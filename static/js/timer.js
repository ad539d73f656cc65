// [data-timer="name"]: counts on from the server's data-spent seconds while data-running; shows the time spent, or
// data-under / data-beyond with {} as the time left or over of data-planned. The server's word counts at every swap,
// but a difference of less than a second and a half is only the way it took: the timer does not jump for it.
{
  const started = new Map(); // name → when, by this machine's clock, the time spent was zero
  const shown = (seconds) => `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;

  const show = (element) => {
    const { spent, planned, soon, running, under, beyond, timer } = element.dataset;
    const seconds = running ? Math.floor((Date.now() - started.get(timer)) / 1000) : +spent;
    const over = planned && seconds > +planned;
    const words = over ? beyond : under;
    const text = words === undefined ? shown(seconds) : words.replace("{}", shown(Math.abs(planned - seconds)));
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("timer--over", Boolean(over));
    element.classList.toggle("timer--soon", Boolean(soon && !over && seconds >= +soon));
  };

  Alignment.behave("timer", (element) => {
    const { spent, running, timer } = element.dataset;
    const began = Date.now() - spent * 1000;
    if (!running) started.delete(timer);
    else if (!(Math.abs(started.get(timer) - began) < 1500)) started.set(timer, began);
    show(element);
    const interval = setInterval(() => (element.isConnected ? running && show(element) : clearInterval(interval)), 250);
  });
}
