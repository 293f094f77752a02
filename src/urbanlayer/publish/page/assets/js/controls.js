// The head of the page, the buttons of the map and the row of things to take along.

import { atlas, needAt } from "./atlas.js";
import { byId, el, icon, keepingFocus } from "./dom.js";
import { drawLayersButton } from "./layers.js";
import { locate } from "./locate.js";
import { fitWholeCity, map } from "./map.js";
import { change, state } from "./state.js";
import { openExport } from "./export.js";
import { cityName, dateText, headed, languageName, t, wordsOf } from "./words.js";

const VIEWS = [["map", "map"], ["table", "table"], ["compare", "compare"], ["pair", "pair"]];
const PLAN = atlas.plan ? [["plan", "plan"]] : [];

// The plan begins with the needs on the map.
const startOf = (view) => (view === "plan" && needAt >= 0 ? { indicator: needAt } : {});

export function drawControls() {
  drawLanguages();
  drawMapButtons();
  drawExport();
  drawTexts();
}

export function drawViews() {
  const button = ([view, name]) => el("button", {
    type: "button", "aria-pressed": String(state.view === view), click: () => keepingFocus(["views", "tabs"], () => change({ view, ...startOf(view) })),
  }, icon(name), el("span", {}, t(view)));
  const enough = [...(atlas.indicators.length > 1 ? VIEWS : VIEWS.slice(0, 3)), ...PLAN];
  byId("views").replaceChildren(...enough.map(button));
  byId("views").setAttribute("aria-label", t("view"));
  byId("tabs").classList.toggle("five", PLAN.length > 0);
  byId("tabs").replaceChildren(...VIEWS.slice(0, 3).map(button), ...PLAN.map(button), el("button", { type: "button", click: () => openExport("share") }, icon("share"), el("span", {}, t("share"))));
  byId("tabs").setAttribute("aria-label", t("view"));
}

function drawLanguages() {
  const set = (tag) => keepingFocus(["languages"], () => change({ language: tag }));
  byId("languages").replaceChildren(...atlas.languages.map((tag) => el("button", { type: "button", lang: tag, "aria-pressed": String(state.language === tag), click: () => set(tag) }, languageName(tag))));
  byId("languages").setAttribute("aria-label", t("language"));
  const select = byId("language-select");
  select.replaceChildren(...atlas.languages.map((tag) => el("option", { value: tag, lang: tag, selected: tag === state.language }, languageName(tag))));
  select.value = state.language;
  select.onchange = () => change({ language: select.value });
  document.body.classList.toggle("one-language", atlas.languages.length < 2);
}

// A row of languages where it has room, else a list to choose from.
export function drawRoomForLanguages() {
  const { classList } = document.body;
  const head = document.querySelector(".top");
  classList.remove("many-languages");
  classList.toggle("many-languages", head.scrollWidth > head.clientWidth);
}

function drawMapButtons() {
  drawLayersButton();
  const button = (name, text, act, style = "") => el("button", { type: "button", class: `map-button ${style}`, "aria-label": t(text), title: t(text), click: act }, icon(name));
  byId("map-bottom").replaceChildren(
    button("locate", "locate", locate, "locate"),
    el("div", { class: "zoom" }, button("plus", "zoom_in", () => map.zoomIn(0.5)), button("fit", "whole_city", fitWholeCity, "whole"), button("minus", "zoom_out", () => map.zoomOut(0.5))),
  );
}

function drawExport() {
  const parts = [["download", "download"], ["share", "share"], ["embed", "embed"], ["print", "print"]];
  byId("export").replaceChildren(...parts.map(([name, picture]) => el("button", {
    type: "button", click: () => (name === "print" ? window.print() : openExport(name)),
  }, icon(picture), el("span", {}, t(name)))));
  byId("export").setAttribute("aria-label", t("export"));
}

function drawTexts() {
  document.documentElement.lang = state.language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text, { city: cityName(), date: dateText(atlas.city.date) });
  for (const node of document.querySelectorAll("[data-city]")) node.textContent = cityName();
  byId("page-title").textContent = headed(cityName(), t("atlas"));
  for (const node of document.querySelectorAll("[data-date]")) node.textContent = t("data_of", { date: dateText(atlas.city.date) });
  byId("handle").setAttribute("aria-label", t("more_or_less"));
  byId("tabs").setAttribute("aria-label", t("view"));
  byId("demonstration")?.setAttribute("aria-label", t("demonstration"));
  map.getContainer().setAttribute("aria-label", t("map"));
}

// The line at the foot; who made the background map is named while it is seen.
export function drawSources() {
  const behind = state.layers.tiles ? [atlas.tiles.attribution] : [];
  const text = [t("data_of", { date: dateText(atlas.city.date) }), ...atlas.licences, ...behind].join(" · ");
  for (const node of document.querySelectorAll("[data-source]")) node.textContent = text;
}

export function drawTitle() {
  document.title = `${wordsOf(state.indicator).question} ${cityName()}`;
}
