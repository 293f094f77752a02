// Elements made without markup: text is always text.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "g", "path", "circle", "rect", "line", "text", "tspan", "use", "defs",
  "pattern", "title", "desc"]);

export const byId = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "style") for (const [key, part] of Object.entries(value)) node.style.setProperty(key, part);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  return el("svg", { class: "icon", "aria-hidden": "true" }, el("use", { href: `#icon-${name}` }));
}

// A group drawn anew gives the focus back to the same control.
export function keepingFocus(groups, draw) {
  const places = groups.map((id) => {
    const controls = [...byId(id).querySelectorAll("button, summary, select, input")];
    return [id, controls.indexOf(document.activeElement)];
  });
  draw();
  for (const [id, at] of places) {
    if (at < 0) continue;
    const control = byId(id).querySelectorAll("button, summary, select, input")[at];
    if (control) control.focus({ preventScroll: true });
  }
}
