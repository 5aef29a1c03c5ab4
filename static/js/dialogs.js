// Dialogs open by <button command="show-modal" commandfor="id">, which new browsers do by themselves;
// this teaches it to the others, and opens what the server sent already open.
function run(button) {
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  const command = button.getAttribute("command");
  if (command === "show-modal" && !dialog?.open) dialog?.showModal();
  if (command === "close") dialog?.close();
}

if (!("command" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    if (button) run(button);
  });
}

function openLoaded(root) {
  const dialogs = [...(root.querySelectorAll?.("dialog[data-open-on-load]") ?? [])];
  if (root.matches?.("dialog[data-open-on-load]")) dialogs.push(root);
  dialogs.filter((dialog) => !dialog.open).forEach((dialog) => dialog.showModal());
}

openLoaded(document);
document.addEventListener("htmx:load", (event) => openLoaded(event.target));

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
});
