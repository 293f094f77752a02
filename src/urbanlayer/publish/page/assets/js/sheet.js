// The sheet of the phone: peek, half, full.

import { byId } from "./dom.js";
import { change, isLow, isPhone, isShort, state } from "./state.js";

const PEEK = 150;
const CHOOSER = 72; // what the floating chooser needs above a full sheet
const HIGHEST = 0.66;

let height = 0;
export const sheetHeight = () => height;

export function drawSheet() {
  const size = state.sheet;
  const { style } = document.documentElement;
  style.setProperty("--main", `${byId("main").offsetTop}px`); // the notice above takes one line or two
  if (!isPhone() || isLow()) {
    height = 0;
    document.body.classList.remove("sheet-full");
    style.removeProperty("--sheet");
    return;
  }
  const room = byId("main").getBoundingClientRect().height;
  const heights = { full: room - (state.neighbourhood === null ? CHOOSER : 12), peek: PEEK, half: half(room) };
  height = Math.round(heights[size]);
  style.setProperty("--sheet", `${height}px`);
  document.body.classList.toggle("sheet-full", size === "full");
  byId("handle").setAttribute("aria-expanded", String(size !== "peek"));
}

// As high as its content needs: the answer, the legend and the first of the best and the worst.
function half(room) {
  if (isShort()) return room * 0.5;
  if (state.neighbourhood !== null) return Math.min(404, room * 0.6);
  const row = byId("ends").querySelector(".row");
  if (!row) return room / 2;
  const needed = row.getBoundingClientRect().bottom - byId("panel").getBoundingClientRect().top + byId("answer").scrollTop + 3;
  return Math.max(room * 0.5, Math.min(room * HIGHEST, needed));
}

export function buildSheet() {
  const next = { half: "full", full: "peek", peek: "half" };
  byId("handle").addEventListener("click", () => change({ sheet: next[state.sheet] }));
  let start = null;
  byId("handle").addEventListener("pointerdown", (event) => { start = event.clientY; });
  window.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const moved = event.clientY - start;
    start = null;
    if (Math.abs(moved) < 30) return;
    const sizes = ["peek", "half", "full"];
    const to = sizes.indexOf(state.sheet) + (moved < 0 ? 1 : -1);
    if (sizes[to]) change({ sheet: sizes[to] });
  });
}
