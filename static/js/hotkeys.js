// Keyboard shortcuts. An element says its key: data-hotkey="F2", "/", "?", "e", "Enter", "Delete", "+".
// Inside [data-hotkey-scope] a key works only while the focus is in that scope (WCAG 2.1.4).
// Single characters outside a scope can be switched off: <html data-hotkeys="off">.
document.documentElement.classList.add("js");

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function isTyping(target, key) {
  if (!target.matches?.(TYPING) || key.length > 1) return false;
  // an amount or a quantity holds digits and separators only: every other key is free for shortcuts
  const numeric = target.matches("[inputmode=decimal], [inputmode=numeric]");
  return !numeric || /[\d\s.,'’+-]/.test(key);
}

function candidates(key) {
  const root = document.querySelector("dialog:modal") ?? document;
  const wanted = key.toLowerCase();
  return [...root.querySelectorAll("[data-hotkey]")].filter(
    (element) =>
      element.dataset.hotkey.toLowerCase() === wanted &&
      !element.disabled &&
      element.checkVisibility(),
  );
}

function choose(key, focused) {
  const found = candidates(key);
  const depth = (scope) => (scope ? 1 + depth(scope.parentElement?.closest("[data-hotkey-scope]")) : 0);
  const scoped = found
    .map((element) => ({ element, scope: element.closest("[data-hotkey-scope]") }))
    .filter(({ scope }) => scope?.contains(focused))
    .sort((one, other) => depth(other.scope) - depth(one.scope));
  if (scoped.length) return scoped[0].element;
  if (key.length === 1 && document.documentElement.dataset.hotkeys === "off") return null;
  return found.find((element) => !element.closest("[data-hotkey-scope]")) ?? null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const focused = document.activeElement ?? document.body;
  if (isTyping(event.target, event.key)) return;
  const native = event.target.closest?.("a, button, input, select, textarea, summary");
  if (event.key === "Enter" && native) return;
  if (["Delete", "Backspace"].includes(event.key) && event.target.matches?.(TYPING)) return;
  const element = choose(event.key, focused);
  if (!element) return;
  event.preventDefault();
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
});

// Arrows move among [data-arrow-item] of one [data-arrows] block; ↓ leaves its search field for the list.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const block = event.target.closest?.("[data-arrows]");
  if (!step || !block || event.defaultPrevented) return;
  if (event.target.matches("input[type=number], select, textarea")) return;
  const items = [...block.querySelectorAll("[data-arrow-item]")].filter((item) => item.checkVisibility());
  const at = items.indexOf(event.target.closest("[data-arrow-item]"));
  if (at === 0 && step < 0) {
    block.querySelector("input[type=search]")?.focus();
  } else {
    items[Math.min(at + step, items.length - 1)]?.focus();
  }
  event.preventDefault();
});

document.querySelector("[data-autofocus]")?.focus();
document.addEventListener("htmx:load", (event) => event.target.querySelector?.("[data-autofocus]")?.focus());
