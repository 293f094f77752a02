// The lines that put the map into another page: a frame, its height, and a picture where frames are not allowed.

import { pictureAlt } from "./map-image.js";
import { link, state } from "./state.js";
import { cityName, wordsOf } from "./words.js";

// The text of an attribute, safe between quotation marks.
const attribute = (text) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function frameLine(page, scheme) {
  const title = `${wordsOf(state.indicator).definition}, ${cityName()}`;
  const src = page + link({ embed: true, scheme, view: "map", neighbourhood: null });
  return `<iframe title="${attribute(title)}" src="${attribute(src)}" width="600" height="400" style="border:0;width:100%" loading="lazy" sandbox="allow-scripts allow-downloads allow-popups"></iframe>`;
}

// For the page around: it gives each frame the height that the map inside reports.
const SCRIPT = "script"; // its end tag may not stand in the page's own script
export const HEIGHT_LINES = `<${SCRIPT}>
addEventListener("message", ({ data, source }) => {
  if (data?.urbanlayer !== "height") return;
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source) frame.style.height = Math.min(2000, Number(data.height)) + "px";
});
</${SCRIPT}>`;

export function pictureLine(page, file, [width, height]) {
  const href = page + link({ embed: false, scheme: null });
  return `<a href="${attribute(href)}"><img src="${attribute(file)}" alt="${attribute(pictureAlt())}" width="${width}" height="${height}" style="max-width:100%;height:auto"></a>`;
}
