// Tooltips of [data-tip]: the coins chip and its kin. CSS alone shows them on hover and focus; here they
// become popovers, so that no frame clips them, and answer touch and Escape (WCAG 1.4.13).
const GRACE_MS = 140;
let open = null;
let closing = 0;

function place(chip, bubble) {
  const at = chip.getBoundingClientRect();
  const size = bubble.getBoundingClientRect();
  const below = at.bottom + 6 + size.height <= window.innerHeight;
  const left = at.left + at.width / 2 - size.width / 2;
  const most = document.documentElement.clientWidth - size.width - 8;
  bubble.style.left = `${Math.max(8, Math.min(left, most))}px`;
  bubble.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - size.height)}px`;
}

function show(chip) {
  clearTimeout(closing);
  const bubble = chip.querySelector("[role=tooltip]");
  if (!bubble || open === chip) return;
  hide();
  bubble.popover = "manual";
  bubble.showPopover();
  place(chip, bubble);
  open = chip;
}

function hide() {
  clearTimeout(closing);
  const bubble = open?.querySelector("[role=tooltip]");
  if (bubble?.matches(":popover-open")) bubble.hidePopover();
  open = null;
}

const chipOf = (event) => event.target.closest?.("[data-tip]");

if ("popover" in HTMLElement.prototype) {
  document.addEventListener("pointerover", (event) => {
    const chip = chipOf(event);
    if (chip && event.pointerType !== "touch") show(chip);
  });
  document.addEventListener("pointerout", (event) => {
    const chip = chipOf(event);
    if (!chip || chip.contains(event.relatedTarget) || chip.contains(document.activeElement)) return;
    clearTimeout(closing);
    closing = setTimeout(hide, GRACE_MS);
  });
  document.addEventListener("focusin", (event) => (chipOf(event) ? show(chipOf(event)) : hide()));
  document.addEventListener("click", (event) => (chipOf(event) ? show(chipOf(event)) : hide()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    hide();
    event.preventDefault();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  window.addEventListener("resize", hide);
  document.addEventListener("htmx:beforeSwap", hide);
}
