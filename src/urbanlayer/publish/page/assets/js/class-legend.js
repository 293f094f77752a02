// The legend: each neighbourhood a dot over five classes in words; a class is a filter.

import { along, atlas, classAt, valueOf } from "./atlas.js";
import { byId, el, keepingFocus } from "./dom.js";
import { emit } from "./events.js";
import { hover } from "./map.js";
import { change, isPhone, state } from "./state.js";
import { dotPath } from "./panes.js";
import { classWords, followed, full, headed, neighbourhoodName, number, rangeText, reasonOf, short, t, unitName } from "./words.js";

const WIDTH = 368;

export function drawClassLegend() {
  const n = state.indicator;
  const { better } = atlas.indicators[n];
  const silent = atlas.rows.filter((row) => valueOf(row, n) === null);
  byId("legend").replaceChildren(...[
    el("p", { class: "legend-note" }, el("span", { class: "each-dot" }, `${t("each_dot")} `), t(`better_${better}`)),
    plot(n),
    el("div", { class: "classes", role: "group", "aria-label": t("key") }, [1, 2, 3, 4, 5].map((number_) => classButton(n, number_))),
    silent.length ? silentButton(n, silent) : null,
  ].filter(Boolean));
}

function plot(n) {
  const indicator = atlas.indicators[n];
  const height = isPhone() ? 74 : 84;
  const base = height - 4;
  const svg = el("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": t("dots", { count: indicator.order.length }) });
  const { dots, radius } = stacked(n, indicator, base);
  svg.append(...lines(n, indicator, base), ...drawnDots(n, dots, radius));
  pointed(svg, n, dots, radius);
  return svg;
}

function lines(n, indicator, base) {
  const line = (value, style, key, text) => {
    const label = t(key, { value: short(n, value) });
    return { x: along(n, value) * WIDTH, style, text, label, room: 7 * label.length + 8, y: 14 };
  };
  const { target } = indicator;
  const drawn = [];
  if (!indicator.total && indicator.city !== null) drawn.push(line(indicator.city, "city-line", "city_line", ""));
  if (target !== null && target !== undefined) drawn.push(line(target, "target-line", "target_line", "target-text"));
  placeLabels([...drawn].sort((one, other) => one.x - other.x));
  return drawn.flatMap(({ x, style, text, label, y, before }) => [
    el("line", { class: style, x1: x, x2: x, y1: 6, y2: base + 4 }),
    el("text", { class: text, x: x + (before ? -6 : 6), y, "text-anchor": before ? "end" : "start" }, label),
  ]);
}

// The labels of two lines stand on their outer sides; where one has no room there, between the lines or in a second row.
function placeLabels(drawn) {
  const last = drawn.at(-1);
  if (!last) return;
  last.before = last.x + last.room > WIDTH;
  if (drawn.length < 2) return;
  const [first] = drawn;
  first.before = first.x > first.room;
  const needed = (first.before ? 0 : first.room) + (last.before ? last.room : 0);
  if (needed > last.x - first.x) last.y = 27;
}

function stacked(n, indicator, base) {
  const count = indicator.order.length;
  const bins = count > 120 ? 50 : 25;
  const width = WIDTH / bins;
  const stacks = new Map();
  for (const row of indicator.order) {
    const bin = Math.min(bins - 1, Math.floor(along(n, indicator.values[row]) * bins));
    stacks.set(bin, [...(stacks.get(bin) ?? []), row]);
  }
  const tallest = Math.max(1, ...[...stacks.values()].map((stack) => stack.length));
  const { radius, columns } = dotSize(tallest, width, base - 24);
  const step = 2 * radius + 0.6;
  const dots = [...stacks].flatMap(([bin, stack]) => {
    const across = Math.min(columns, stack.length);
    const left = (bin + 0.5) * width - ((across - 1) * step) / 2;
    return stack.sort((a, b) => indicator.values[a] - indicator.values[b])
      .map((row, place) => ({ row, x: left + (place % across) * step, y: base - radius - Math.floor(place / across) * step }));
  });
  return { dots, radius };
}

// The largest dots with which the tallest stack has room, in one column or in several.
function dotSize(tallest, width, room) {
  for (let radius = 5.4; radius > 1.2; radius -= 0.2) {
    const step = 2 * radius + 0.6;
    const columns = Math.max(1, Math.floor(width / step));
    if (Math.floor(room / step) * columns >= tallest) return { radius, columns };
  }
  return { radius: 1.2, columns: Math.max(1, Math.floor(width / 3)) };
}

// All dots of a class are one path, over one of their rims; the chosen one stands out.
function drawnDots(n, dots, radius) {
  const drawn = (some, style, width) => el("path", { class: style, d: dotPath(some.map(({ x, y }) => [x.toFixed(1), y.toFixed(1)])), "stroke-width": width.toFixed(1) });
  const chosen = dots.filter(({ row }) => row === state.neighbourhood);
  return [1, 2, 3, 4, 5].flatMap((number_) => {
    const some = dots.filter(({ row }) => classAt(row, n) === number_);
    if (!some.length) return [];
    const faded = state.only !== null && state.only !== number_ ? " faded" : "";
    return [drawn(some, `dot-outline${faded}`, 2 * radius + 0.5), drawn(some, `dot-ink-${number_}${faded}`, 2 * radius - 0.7)];
  }).concat(chosen.length ? [drawn(chosen, "dot-outline on", 2 * radius + 3), drawn(chosen, `dot-ink-${classAt(state.neighbourhood, n)}`, 2 * radius - 1)] : []);
}

// The dot under the pointer says its name, and is its neighbourhood.
function pointed(svg, n, dots, radius) {
  const title = el("title", {});
  const under = (event) => {
    const { left, top, width } = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top].map((pixels) => (pixels * WIDTH) / width);
    return dots.find((dot) => Math.hypot(dot.x - x, dot.y - y) <= radius + 1)?.row ?? null;
  };
  svg.append(title);
  svg.addEventListener("pointermove", (event) => {
    const row = under(event);
    hover(row);
    svg.classList.toggle("pointing", row !== null);
    title.textContent = row === null ? "" : `${neighbourhoodName(row)} ${full(n, valueOf(row, n))}`;
  });
  svg.addEventListener("pointerleave", () => hover(null));
  svg.addEventListener("click", (event) => {
    const row = under(event);
    if (row !== null) emit("choose", { row });
  });
}

function classButton(n, number_) {
  const { breaks } = atlas.indicators[n];
  const count = atlas.rows.filter((row) => classAt(row, n) === number_).length;
  const range = rangeText(n, breaks[number_ - 1], breaks[number_]);
  return el("button", {
    type: "button", class: "class-button", "aria-pressed": String(state.only === number_), title: t(state.only === number_ ? "all_classes" : "only_class"),
    click: () => only(number_),
  },
  el("i", { class: `swatch fill-${number_}` }), el("span", { class: "word" }, classWords(n)[number_ - 1]),
  el("span", { class: "span" }, range), el("span", { class: "hidden-text" }, ` ${unitName(n)} (${t("class_count", { count: number(count) })})`));
}

function silentButton(n, rows) {
  const reasons = followed([...new Set(rows.map((row) => reasonOf(row, n)))]);
  const why = rows.length <= 3 ? headed(rows.map(neighbourhoodName).join(", "), reasons) : reasons;
  return el("button", { type: "button", class: "silent", "aria-pressed": String(state.only === 0), click: () => only(0) },
    el("i", { class: "swatch fill-0" }),
    el("span", {}, el("b", {}, t("no_answer_count", { count: number(rows.length) })), el("span", { class: "why" }, ` (${why})`)));
}

function only(number_) {
  keepingFocus(["legend"], () => change({ only: state.only === number_ ? null : number_ }));
}
