// The dialog in which an indicator is chosen, by theme.

import { atlas } from "./atlas.js";
import { byId, el, icon } from "./dom.js";
import { closeDialog, openDialog } from "./dialog.js";
import { emit } from "./events.js";
import { state } from "./state.js";
import { signed, t, themeName, wordsOf } from "./words.js";

export function chooseIndicator(event, title = t("choose"), current = state.indicator, chosen = (n) => emit("indicator", n)) {
  const themes = [...new Set(atlas.indicators.map(({ theme }) => theme))];
  const option = (n) => el("button", {
    type: "button", class: "option", role: "radio", "aria-checked": String(n === current), tabindex: n === current ? "0" : "-1", "data-number": n,
    click: () => { closeDialog(); chosen(n); },
  }, el("span", {}, wordsOf(n).title, el("small", {}, wordsOf(n).definition)), el("b", {}, atlas.indicators[n].city === null ? "–" : signed(n, atlas.indicators[n].city)));
  const section = (theme) => el("section", {}, el("h3", {}, icon(`theme-${theme}`), themeName(theme)),
    atlas.indicators.map((indicator, n) => (indicator.theme === theme ? option(n) : null)));
  const group = el("div", { class: "themes", role: "radiogroup", "aria-label": title, keydown: walk }, themes.map(section));
  openDialog(title, group);
  byId("dialog").querySelector("[aria-checked=true]")?.focus();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const options = [...event.currentTarget.querySelectorAll("[role=radio]")];
  const next = options[(options.indexOf(document.activeElement) + step + options.length) % options.length];
  for (const option of options) option.setAttribute("tabindex", option === next ? "0" : "-1");
  next.focus();
}
