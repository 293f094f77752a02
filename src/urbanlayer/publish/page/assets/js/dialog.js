// The one dialog.

import { byId, el, icon } from "./dom.js";
import { emit } from "./events.js";
import { t } from "./words.js";

let opener = null;

export function openDialog(title, ...parts) {
  const dialog = byId("dialog");
  opener = document.activeElement;
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.replaceChildren(
    el("div", { class: "dialog-head" }, el("h2", { id: "dialog-title" }, title), el("button", { type: "button", class: "close", "aria-label": t("close"), click: closeDialog }, icon("close"))),
    el("div", { class: "dialog-body" }, parts),
  );
  if (!dialog.open) dialog.showModal();
}

export function closeDialog() {
  byId("dialog").close();
}

export function buildDialog() {
  const dialog = byId("dialog");
  dialog.addEventListener("click", (event) => { if (event.target === dialog) closeDialog(); });
  dialog.addEventListener("close", () => { if (opener?.isConnected) opener.focus(); });
}

let fading = 0;
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  emit("announce", text);
  clearTimeout(fading);
  fading = setTimeout(() => { box.hidden = true; }, 4000);
}
