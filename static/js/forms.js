// Forms that move money (data-guard) are sent once: their buttons rest until the answer is there.
// The idempotency key protects the books; this protects the operator from doubt.
function buttons(form) {
  return [...form.elements].filter((element) => element.matches("button:not([type=button])"));
}

const PATIENCE_MS = 30000;

function rest(form) {
  form.dataset.sent = "yes";
  // a load that was stopped by hand must not lock the form for ever; the key makes a repeat harmless
  setTimeout(() => wake(form), PATIENCE_MS);
  // after the event, so that the pressed button's own value is still sent
  setTimeout(() => {
    buttons(form).forEach((button) => {
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    });
  });
}

function wake(form) {
  delete form.dataset.sent;
  buttons(form).forEach((button) => {
    if (button.getAttribute("aria-busy") !== "true") return;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("form[data-guard]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      rest(form);
    }
  },
  { capture: true },
);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) wake(form);
});

// the back button may bring the page back as it was left
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-guard]").forEach(wake);
});

// No answer at all: say so, and that the form is still there.
function noAnswer() {
  const template = document.getElementById("no-answer");
  const messages = document.getElementById("messages");
  if (template && messages) messages.replaceChildren(template.content.cloneNode(true));
}

["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) =>
  document.addEventListener(name, noAnswer),
);

// Minus and plus beside a number
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step-by]");
  const input = button?.parentElement.querySelector("input[type=number]");
  if (!input) return;
  const before = input.value;
  if (Number(button.dataset.stepBy) > 0) input.stepUp();
  else input.stepDown();
  if (input.value === before) return;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
