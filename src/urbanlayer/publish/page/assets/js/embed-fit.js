// An embed has room for everything: letters shrink where the frame is low, in a narrow one the sentence
// gives way to the map, and the page around is told how high the content is, so that it can give the
// frame that height.

import { byId } from "./dom.js";
import { isFramed, state } from "./state.js";

const [BESIDE, BELOW] = [340, 280]; // pixels of height for the map beside the answer, or below it
const BELOW_ANSWER = "(max-width: 479px)";
const LEAST = [150, 170, 190]; // of the map below the answer, before each step of what follows
const TIGHT = ["tight", "tighter", "tightest"]; // each with those before it

export function fitEmbed() {
  const { classList } = document.body;
  classList.remove(...TIGHT);
  if (!state.embed) return;
  if (isFramed()) reportHeight();
  const answer = byId("answer");
  const below = matchMedia(BELOW_ANSWER).matches;
  for (const [n, step] of TIGHT.entries()) {
    if (answer.scrollHeight <= answer.clientHeight && !(below && byId("stage").clientHeight < LEAST[n])) return;
    classList.add(step);
  }
}

function reportHeight() {
  const answer = byId("answer");
  const { top } = answer.getBoundingClientRect();
  const ends = [...answer.children].map((part) => part.getBoundingClientRect()).filter(({ height }) => height > 0).map(({ bottom }) => bottom);
  if (!ends.length) return; // not shown yet
  const content = Math.ceil(Math.max(...ends) - top + answer.scrollTop) + 10;
  const foot = document.querySelector(".foot").offsetHeight;
  const height = foot + (matchMedia(BELOW_ANSWER).matches ? content + BELOW : Math.max(content, BESIDE));
  window.parent.postMessage({ urbanlayer: "height", height }, "*");
}
