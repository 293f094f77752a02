// Light or dark as the link asks, and the look of a frame on paper: conditions of the style sheet, set anew.

import { isFramed, state } from "./state.js";

const conditions = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule.type === CSSRule.MEDIA_RULE).map(({ media }) => ({ media, declared: media.mediaText }));

export function drawScheme() {
  for (const { media, declared } of conditions) {
    const text = condition(declared);
    if (media.mediaText !== text) media.mediaText = text;
  }
}

// In a frame of another page the paper is that page's: the frame is printed as it is seen.
function condition(declared) {
  if (declared.includes("prefers-color-scheme: dark")) return { dark: "screen", light: "not all" }[state.scheme] ?? declared;
  if (!isFramed()) return declared;
  return declared.includes("print") ? "not all" : declared.replace("screen", "all");
}
