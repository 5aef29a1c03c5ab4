// The sale on one screen: amounts are selected when the focus comes to them, so that what is typed
// replaces what the panel filled in; what was chosen brings its step to the front on a phone.
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".tender input[inputmode=decimal], .quantity input")) event.target.select();
});

const payment = () =>
  document.querySelector("#tenders .tender input[inputmode=decimal]") ??
  document.querySelector("#tenders .modes button") ??
  document.querySelector("#tenders #confirm");

document.addEventListener("click", (event) => {
  const step = event.target.closest?.("[data-go]")?.dataset.go;
  if (!step) return;
  event.preventDefault();
  if (window.matchMedia("(width < 40rem)").matches) window.location.hash = step;
  if (step === "payment") payment()?.focus();
});

// The server may say where the focus goes next: <form id="tenders" data-focus="t0-amount">, a field of
// the panel, another field of the page ("find"), or the panel itself ("tenders").
function follow(form) {
  const name = form?.dataset?.focus;
  if (!name) return;
  const field = form.elements.namedItem(name) ?? document.getElementById(name);
  (field && field !== form ? field : payment())?.focus();
}

// The last seat of a category takes its prices off sale, a seat given back puts them on again. They keep
// the focus and still answer when pressed: the server says why not.
function mark(left) {
  const none = Number(left.dataset.left) <= 0;
  left
    .closest("[data-category]")
    ?.querySelectorAll("[data-arrow-item]")
    .forEach((price) => price.setAttribute("aria-disabled", String(none)));
}

document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.("[data-left]")) mark(event.target);
  if (event.target.id === "tenders") follow(event.target);
});
follow(document.getElementById("tenders"));
