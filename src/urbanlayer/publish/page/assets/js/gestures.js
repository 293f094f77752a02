// Gestures that do not trap the reader: in an embed the wheel and one finger belong to the page.

import { byId } from "./dom.js";
import { map } from "./map.js";
import { state } from "./state.js";
import { t } from "./words.js";

let hint = 0;

function explainGesture(key) {
  const box = byId("gesture");
  box.textContent = t(key);
  box.hidden = false;
  clearTimeout(hint);
  hint = setTimeout(() => { box.hidden = true; }, 1500);
}

export function buildGestures() {
  const container = map.getContainer();
  container.addEventListener("wheel", (event) => {
    if (!state.embed) return;
    if (event.ctrlKey) event.preventDefault();
    else { event.stopImmediatePropagation(); explainGesture("use_ctrl"); }
  }, { capture: true, passive: false });
  container.addEventListener("touchmove", (event) => {
    if (state.embed && event.touches.length === 1) explainGesture("use_two_fingers");
  }, { passive: true });
}

export function drawGestures() {
  map.getContainer().classList.toggle("page-first", state.embed);
  const coarse = matchMedia("(pointer: coarse)").matches;
  if (state.embed && coarse) map.dragging.disable();
  else map.dragging.enable();
}
