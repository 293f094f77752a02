// In a frame the page says how high its content is, so that the page around can give it the room.

import { byId } from "./dom.js";
import { isFramed } from "./state.js";

const [BESIDE, BELOW] = [340, 280]; // pixels of height for the map beside the answer, or below it
const BELOW_ANSWER = "(max-width: 479px)";

export function reportHeight() {
  if (!isFramed()) return;
  const answer = byId("answer");
  const { top } = answer.getBoundingClientRect();
  const ends = [...answer.children].map((part) => part.getBoundingClientRect()).filter(({ height }) => height > 0).map(({ bottom }) => bottom);
  if (!ends.length) return; // not shown yet
  const content = Math.ceil(Math.max(...ends) - top + answer.scrollTop) + 10;
  const foot = document.querySelector(".foot").offsetHeight;
  const height = foot + (matchMedia(BELOW_ANSWER).matches ? content + BELOW : Math.max(content, BESIDE));
  window.parent.postMessage({ urbanlayer: "height", height }, "*");
}
