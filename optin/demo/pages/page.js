"use strict";
// Tells the demo's site what a person in front of this page really sees and does: which planted values lie within
// the window, where the widgets are on the screen, which menu item, option, key chord and text was used.
let offset = null; // from page to screen co-ordinates; any pointer event tells it exactly
let arrived = false;

function tell(fact) {
  const report = { page: document.body.dataset.page, born: performance.timeOrigin, offset, ...fact };
  fetch("/truth", { method: "POST", keepalive: true, body: JSON.stringify(report) });
}

function isShown(element) {
  if (element.closest("title")) return true;
  return [...element.getClientRects()].some((box) => {
    const width = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
    const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
    if (width < box.width / 2 || height < box.height / 2 || width <= 0 || height <= 0) return false;
    const top = document.elementFromPoint(Math.max(box.left, 0) + width / 2, Math.max(box.top, 0) + height / 2);
    return top !== null && (element.contains(top) || top.contains(element));
  });
}

function tellView() {
  if (!arrived) return;
  const secrets = [...document.querySelectorAll("[data-secret]")];
  const shown = secrets.filter(isShown).map((element) => element.dataset.secret);
  const widgets = {};
  for (const element of document.querySelectorAll("[data-widget]")) {
    const box = element.getBoundingClientRect();
    if (box.width > 0) widgets[element.dataset.widget] = [box.left, box.top, box.width, box.height].map(Math.round);
  }
  tell({ kind: "view", shown, widgets, scrolled: Math.round(scrollY) });
}

function tellSoon() { requestAnimationFrame(() => requestAnimationFrame(tellView)); }

function say(text) { document.querySelector(".status").textContent = text; }

function closeMenus() {
  for (const button of document.querySelectorAll('.menu-button[aria-expanded="true"]')) button.ariaExpanded = "false";
}

function onClick(event) {
  const button = event.target.closest(".menu-button");
  const item = event.target.closest('[role="menu"] [role="menuitem"]');
  const tab = event.target.closest('[role="tab"]');
  const opens = button !== null && button.ariaExpanded !== "true";
  closeMenus();
  if (opens) button.ariaExpanded = "true";
  if (item !== null) choose(item);
  if (tab !== null) show(tab);
  tellSoon();
}

function choose(item) {
  const menu = item.closest('[role="menu"]').previousElementSibling.textContent.trim();
  const name = item.textContent.trim();
  if (name === "Compact rows") for (const table of document.querySelectorAll("table")) table.classList.toggle("compact");
  say(name);
  tell({ kind: "menu", path: [menu, name] });
}

function show(tab) {
  for (const other of document.querySelectorAll('[role="tab"]')) {
    other.ariaSelected = String(other === tab);
    document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
  }
  tell({ kind: "tab", name: tab.textContent.trim() });
}

function onChange(event) {
  const field = event.target;
  if (field.tagName !== "SELECT") return;
  say(field.selectedOptions[0].textContent);
  tell({ kind: "dropdown", name: field.name, option: field.selectedOptions[0].textContent });
}

function onInput(event) {
  const field = event.target;
  if (field.tagName === "INPUT") tell({ kind: "typed", field: field.dataset.widget, text: field.value });
}

function onKey(event) {
  if (!event.ctrlKey || event.key.length !== 1) return;
  if (event.key === "s") {
    event.preventDefault();
    say("Saved");
  }
  tell({ kind: "shortcut", keys: `ctrl+${event.key.toLowerCase()}` });
}

function onPointer(event) {
  const now = [Math.round(event.screenX - event.clientX), Math.round(event.screenY - event.clientY)];
  if (offset !== null && offset[0] === now[0] && offset[1] === now[1]) return;
  offset = now;
  tellView();
}

addEventListener("click", onClick);
addEventListener("change", onChange);
addEventListener("input", onInput);
addEventListener("keydown", onKey);
addEventListener("mousemove", onPointer);
addEventListener("scroll", tellSoon);
addEventListener("resize", tellSoon);
addEventListener("load", () => {
  arrived = true;
  tellSoon();
});
