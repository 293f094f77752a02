// Panes of a map that hold paths of the ground. A path is never drawn anew: when the map zooms,
// its pane is scaled; when it is dragged, the browser moves the panes.

import { el } from "./dom.js";
import { inPanes } from "./coordinates.js";

const LOWEST = 300;

export function panes(map, names) {
  const groups = Object.fromEntries(names.map((name, order) => {
    const pane = map.createPane(name);
    pane.style.zIndex = LOWEST + order * 10;
    const group = el("g");
    pane.append(el("svg", { class: "ground" }, group));
    return [name, group];
  }));
  const follow = () => {
    const { scale, left, top } = inPanes(map);
    for (const group of Object.values(groups)) group.setAttribute("transform", `translate(${left} ${top}) scale(${scale})`);
  };
  map.on("zoom viewreset", follow);
  follow();
  return {
    groups,
    add(name, style, d, more = {}) {
      const path = el("path", { class: style, d, ...more });
      groups[name].append(path);
      return path;
    },
  };
}

// Points as a path of dots: lines without length, whose round ends are as wide as their stroke.
export const dotPath = (points) => points.map(([x, y]) => `M${x} ${y}h0`).join("");
