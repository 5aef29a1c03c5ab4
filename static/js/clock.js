// The clock of the bar: the venue's time, whatever the device's zone (data-clock="Europe/Paris").
const clocks = [...document.querySelectorAll("time[data-clock]")].map((element) => ({
  element,
  format: new Intl.DateTimeFormat(document.documentElement.lang || "fr", {
    timeZone: element.dataset.clock || undefined,
    hour: "2-digit",
    minute: "2-digit",
  }),
}));

function tick() {
  const now = new Date();
  clocks.forEach(({ element, format }) => {
    const text = format.format(now);
    if (element.textContent !== text) element.textContent = text;
  });
}

if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
