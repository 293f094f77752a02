// The plan: weights, ranks with their reasons, sites, programme and scenarios.

import { atlas, indicatorNamed, needAt, vocabulary } from "./atlas.js";
import { byId, el, icon, keepingFocus } from "./dom.js";
import { emit } from "./events.js";
import { save } from "./export.js";
import { hover } from "./map.js";
import { swatch } from "./panel.js";
import { change, state } from "./state.js";
import { moved, needsBy, normalised, ofTheme, ranksOf, reasonsOf } from "./weights.js";
import { followed, full, headed, metres, neighbourhoodName, number, perCent, plainName, short, t } from "./words.js";

const { plan } = atlas;
const ranking = plan?.ranking ?? null;
const REASONS = 3;
const words = () => vocabulary[state.language].plan;

// ---- what the map and the table show: needs by the weights, results of a scenario

const asTheyAre = new Map();
const valuesToday = (indicator) => asTheyAre.get(indicator)?.[0] ?? indicator.values;

export function usePlan() {
  if (!plan) return;
  if (ranking) {
    const themes = ranking.themes.map(({ parts }) => ofTheme(parts, optionOf));
    atlas.indicators[needAt].values = needsBy(themes, state.weights ?? declared(), ranking.aggregate);
  }
  for (const one of plan.scenarios) {
    const indicator = atlas.indicators[one.indicator];
    if (!asTheyAre.has(indicator)) asTheyAre.set(indicator, [indicator.values, indicator.city]);
    [indicator.values, indicator.city] = asTheyAre.get(indicator);
  }
  for (const one of plan.scenarios.filter(({ id }) => id === state.scenario)) {
    const indicator = atlas.indicators[one.indicator];
    indicator.values = one.values;
    [, indicator.city] = one.city;
  }
}

// The threshold of a result that was chosen; the declared one stands first.
const optionOf = ({ options }) => options.find(({ id }) => state.thresholds?.includes(id)) ?? options[0];
const asDeclared = () => state.weights === null && state.thresholds === null;
const declared = () => ranking.themes.map(({ weight }) => weight);
const shownWeights = () => state.weights ?? declared().map((weight) => Math.round(weight * 1000) / 10);

// ---- the panel

export function drawPlan() {
  const pane = byId("plan");
  const shown = state.view === "plan";
  pane.hidden = !shown;
  byId("answer").hidden = shown;
  if (!shown) {
    pane.replaceChildren();
    return;
  }
  if (isMoving) {
    showWeights();
    byId("plan-priorities").replaceWith(ranksPart());
    byId("plan-neediest").textContent = neediest();
    return;
  }
  keepingFocus(["plan"], () => pane.replaceChildren(
    el("h2", {}, t("plan_title")),
    headline(plan.programme?.feasible ? plan.programme : null),
    ...(ranking ? [weightsPart(), ranksPart()] : []),
    ...plan.siting.map(sitingPart),
    ...(plan.programme ? [programmePart(plan.programme)] : []),
    ...scenariosPart(),
    ...plan.enterprises.map(enterprisePart),
    ...plan.goals.map(goalPart),
  ));
}

const part = (title, ...children) => el("section", { class: "plan-part" }, el("h3", {}, title), ...children);
const people = (count) => (count === null ? "–" : number(count));

// A slider that is dragged stays in the page: one that is put in its place would lose the pointer.
// The others follow from their weights before the movement, so that a way through 100 % and back
// changes nothing; the page is drawn once a frame, and the link written at the end.
let movement = null; // the theme that moves, the weights before, its value, the frame to come
let isMoving = false;

function move(at, value) {
  if (movement?.at !== at) movement = { at, before: shownWeights(), frame: null };
  movement.value = value;
  movement.frame ??= requestAnimationFrame(drawMovement);
}

function drawMovement() {
  if (!movement?.frame) return;
  movement.frame = null;
  isMoving = true;
  try {
    change({ weights: moved(movement.before, movement.at, movement.value), indicator: needAt }, true);
  } finally {
    isMoving = false;
  }
}

function endMovement() {
  if (movement?.frame) cancelAnimationFrame(movement.frame);
  drawMovement();
  movement = null;
  showWeights();
  change({});
}

// What the plan comes to, before its parts: whom it serves for how much and when, by what, and who needs it most.
function headline(programme) {
  const sites = plan.siting.filter(({ feasible }) => feasible);
  const served = programme ? programme.years.reduce((sum, [, , , count]) => sum + (count ?? 0), 0) : sites[0]?.new;
  const years = programme?.years.map(([when]) => when) ?? [];
  const paid = programme && [sumOf(programme.years, 2), sumOf(programme.years, 1)];
  return el("div", { class: "plan-lead" },
    served === undefined ? null : el("p", {}, el("b", {}, t("plan_new", { count: served ?? 0 }))),
    programme ? el("p", {}, headed([...new Set([years[0], years.at(-1)])].join("–"),
      t("plan_spent", { spent: number(paid[0]), budget: moneyOf(programme.currency)(paid[1]) }))) : null,
    programme?.actions.length ? el("p", {}, headed(t("plan_actions"), programme.actions.map(([id]) => actionName(id)).join(", "))) : null,
    programme ? null : sites.map((one) => el("p", {}, headed(headed(t("plan_sites"), words().siting[plan.siting.indexOf(one)]), siteNames(one).join(", ")))),
    ranking ? el("p", { id: "plan-neediest" }, neediest()) : null);
}

const sumOf = (rows, at) => rows.reduce((sum, row) => sum + row[at], 0);
const moneyOf = (currency) => (amount) => `${number(amount)}${"\u00a0"}${currency}`;
const siteNames = (siting) => siting.chosen.map((key, n) => keyed(key, words().sites[plan.siting.indexOf(siting)][n]));
const MOST_NEEDY = 3;
const neediest = () => headed(t("plan_neediest"), byRank(ranksOf(atlas.indicators[needAt].values)).slice(0, MOST_NEEDY).map(neighbourhoodName).join(", "));
const byRank = (ranks) => atlas.rows.filter((row) => ranks[row] !== null)
  .sort((a, b) => ranks[a] - ranks[b] || (atlas.residents[b] ?? 0) - (atlas.residents[a] ?? 0) || a - b);

const percent = (weight) => perCent(weight / 100);

function showWeights() {
  const weights = shownWeights();
  document.querySelectorAll("#plan .weight").forEach((label, n) => {
    label.querySelector("output").textContent = percent(weights[n]);
    if (n !== movement?.at) label.querySelector("input").value = weights[n];
  });
  byId("plan-declared").setAttribute("aria-pressed", String(asDeclared()));
}

function setThreshold({ options }, id) {
  const others = (state.thresholds ?? []).filter((chosen) => options.every((option) => option.id !== chosen));
  const thresholds = id === options[0].id ? others : [...others, id];
  change({ thresholds: thresholds.length ? thresholds : null, indicator: needAt });
}

// The thresholds that were computed of a theme's results, each with the result of the whole city.
function thresholdsOf({ parts }) {
  const option = ({ id }, chosen) => {
    const at = indicatorNamed(id);
    return el("option", { value: id, selected: id === chosen }, headed(words().results[id], short(at, atlas.indicators[at].city)));
  };
  return parts.filter(({ options }) => options.length > 1).map((choice) => el("label", { class: "threshold" },
    el("span", {}, t("plan_threshold")),
    el("select", { name: choice.options[0].id, change: (event) => setThreshold(choice, event.target.value) },
      choice.options.map((one) => option(one, optionOf(choice).id)))));
}

function weightsPart() {
  const weights = shownWeights();
  const slider = ({ id }, n) => el("label", { class: "weight" },
    el("span", {}, words().themes[n]), el("output", {}, percent(weights[n])),
    el("input", {
      type: "range", min: 0, max: 100, step: 1, value: weights[n], name: id,
      input: (event) => move(n, Number(event.target.value)), change: endMovement,
    }));
  const button = (text, attributes) => el("button", { type: "button", class: "action plain", ...attributes }, text);
  const themes = ranking.themes.map((theme, n) => [slider(theme, n), thresholdsOf(theme)]);
  return part(t("plan_weights"), themes,
    el("div", { class: "field" },
      button(t("plan_declared"), { id: "plan-declared", "aria-pressed": String(asDeclared()), click: () => change({ weights: null, thresholds: null, indicator: needAt }) }),
      button(t("plan_save"), { click: saveVote })));
}

// A vote is a file with the weight of each theme, for `urbanlayer plan --weights`.
function saveVote() {
  const weights = normalised(state.weights ?? declared());
  const vote = { city: atlas.city.id, weights: Object.fromEntries(ranking.themes.map(({ id }, n) => [id, weights[n]])) };
  save(`${JSON.stringify(vote, null, 1)}\n`, "application/json", "json", "weights");
}

const FIRST = 10; // neighbourhoods that are listed before the reader asks for the others
let othersOpen = false;
const rankList = (order, ranks) => el("ol", { class: "plan-ranks" }, order.map((row) => el("li", {}, rankRow(row, ranks[row]))));

function ranksPart() {
  const { values } = atlas.indicators[needAt];
  const ranks = ranksOf(values);
  const order = byRank(ranks);
  const silent = atlas.rows.filter((row) => ranks[row] === null);
  const ranked = part(t("plan_ranks"),
    el("p", { class: "small" }, t(asDeclared() ? "plan_ranks_note" : "plan_own_note")),
    rankList(order.slice(0, FIRST), ranks),
    order.length > FIRST ? othersPart(order.slice(FIRST), ranks) : null,
    silent.length ? el("p", { class: "small" }, headed(t("plan_not_ranked"), silent.map(neighbourhoodName).join(", "))) : null,
    words().warnings.map((text) => el("p", { class: "small" }, text)));
  ranked.id = "plan-priorities";
  return ranked;
}

// On paper nothing is folded.
let asItWas = null;
export function unfoldPlan() {
  if (state.view !== "plan" || asItWas !== null) return;
  asItWas = othersOpen;
  othersOpen = true;
  drawPlan();
  document.querySelectorAll("#plan details").forEach((part_) => { part_.open = true; });
}

export function foldPlan() {
  if (asItWas === null) return;
  othersOpen = asItWas;
  asItWas = null;
  drawPlan();
}

// The list of the others is made when it is opened, so that a weight that moves need not wait for it.
function othersPart(order, ranks) {
  const toggle = ({ target }) => {
    othersOpen = target.open;
    if (othersOpen && target.childElementCount === 1) target.append(rankList(order, ranks));
  };
  return el("details", { open: othersOpen, toggle },
    el("summary", {}, t("plan_others"), icon("down")), othersOpen ? rankList(order, ranks) : null);
}

function rankRow(row, rank) {
  const [low, high] = ranking.rows[row];
  const range = asDeclared() && low !== null ? rangeOfRank(low, high) : "";
  const reasons = reasonsOf(ranking.themes, state.weights ?? declared(), optionOf, row).slice(0, REASONS);
  return el("button", {
    type: "button", class: `plan-rank${row === state.neighbourhood ? " current" : ""}`, click: () => emit("choose", { row, focus: true }),
    pointerenter: () => hover(row), pointerleave: () => hover(null),
  },
  el("b", { class: "plan-number" }, number(rank)), swatch(row, needAt),
  el("span", { class: "row-name" }, el("b", {}, neighbourhoodName(row)),
    el("small", {}, [range, ...reasons.map((reason) => reasonText(reason, row))].filter(Boolean).map((text) => el("span", {}, text)))),
  el("b", {}, short(needAt, atlas.indicators[needAt].values[row])));
}

const rangeOfRank = (low, high) => (low === high ? t("plan_same_rank") : t("plan_range", { low: number(low), high: number(high) }));

function reasonText({ id, without }, row) {
  const [what, at] = [words().results[id], indicatorNamed(id)];
  return without === null ? headed(what, full(at, valuesToday(atlas.indicators[at])[row])) : t("plan_without", { count: without[row], what });
}

function sitingPart(siting, at) {
  const title = headed(t("plan_sites"), words().siting[at]);
  if (!siting.feasible) return part(title, el("p", {}, words().siting_why[at]));
  const [before, after] = siting.distance;
  const walk = after !== null; // the shortest distances were asked for
  const proof = siting.proven ? t("plan_proven") : t("plan_gap", { share: number((siting.gap ?? 1) * 100, 1) });
  return part(title,
    el("p", {}, el("b", {}, walk ? t("plan_distance", { before: metresOf(before), after: metresOf(after) }) : t("plan_new", { count: siting.new ?? 0 }))),
    walk && siting.new ? el("p", {}, t("plan_new", { count: siting.new })) : null,
    el("ul", {}, siteNames(siting).map((name) => el("li", {}, name))),
    el("p", { class: "small" }, [t("plan_served", { before: people(siting.before), after: people(siting.after) }), proof,
      siting.unreachable ? t("plan_unreachable", { count: siting.unreachable }) : ""].filter(Boolean).join(" ")));
}

const metresOf = (distance) => (distance === null ? "–" : metres(distance));

// A site or an action by its key and its name.
const keyed = (key, name) => (name === key ? key : `${key} ${plainName(name)}`);
const actionAt = (id) => plan.programme?.sheets.indexOf(id) ?? -1;
const actionName = (id) => keyed(id, words().actions[actionAt(id)] ?? id);

// An action by its name, which leads to its sheet to print.
const actionLink = (id) => el("a", { href: `plan/actions.${state.language}.html#a${actionAt(id)}`, title: t("plan_sheet") }, actionName(id));

function programmePart({ currency, feasible, years, actions, left_out: left, curve, proven, between, gap }) {
  const title = t("plan_programme");
  if (!feasible) return part(title, el("p", {}, words().programme_why));
  const money = moneyOf(currency);
  const each = (amount) => (amount === null ? "–" : money(amount));
  const year = ([when, budget, spent, served]) => el("section", {},
    el("h4", {}, headed(String(when), t("plan_spent", { spent: number(spent), budget: money(budget) }))),
    el("ul", {}, actions.filter((action) => action[1] === when).map(([id, , cost, alone, within, from, , eachAlone, eachWithin]) => el("li", {}, actionLink(id), `, ${money(cost)}`,
      el("small", {}, followed([t("plan_action", { alone: people(alone), within: people(within) }), ...(alone || within ? [t("plan_action_cost", { cost_alone: each(eachAlone), cost_within: each(eachWithin) }), t("plan_serves_from", { year: String(from) })] : [])]))))),
    el("p", { class: "small" }, t("plan_new", { count: served ?? 0 })));
  const [low, high] = (between ?? []).map(people);
  const bounds = between ? t("plan_between", { low, high }) : t("plan_gap", { share: number((gap ?? 1) * 100, 1) });
  return part(title, years.map(year), el("p", { class: "small" }, proven ? t("plan_proven") : bounds),
    left.length ? el("details", {}, el("summary", {}, t("plan_left_out"), icon("down")),
      el("ul", {}, left.map((id, n) => el("li", {}, actionLink(id), el("small", {}, words().left_out[n]))))) : null,
    curve.length > 1 ? curvePart(curve, money) : null,
    words().programme_notes.map((text) => el("p", { class: "small" }, text)));
}

const [WIDE, HIGH] = [300, 90];

function curvePart(curve, money) {
  const [most, best] = [Math.max(...curve.map(([budget]) => budget), 1), Math.max(...curve.map(([, served]) => served ?? 0), 1)];
  const at = ([budget, served]) => [(budget / most) * WIDE, HIGH - ((served ?? 0) / best) * (HIGH - 6)];
  const without = (dropped) => (dropped.length ? ` (${t("plan_curve_without", { actions: dropped.map(actionName).join(", ") })})` : "");
  const text = curve.map(([budget, served, dropped]) => headed(money(budget), people(served)) + without(dropped));
  return el("figure", { class: "plan-curve" }, el("figcaption", {}, t("plan_curve")),
    el("svg", { viewBox: `-4 -4 ${WIDE + 8} ${HIGH + 8}`, role: "img", "aria-label": text.join("; ") },
      el("path", { class: "plan-axis", d: `M0 0V${HIGH}H${WIDE}` }),
      el("path", { class: "plan-line", d: `M${curve.map((point) => at(point).map((value) => value.toFixed(1)).join(" ")).join("L")}` }),
      curve.map((point) => el("circle", { cx: at(point)[0].toFixed(1), cy: at(point)[1].toFixed(1), r: 3 }))),
    el("p", { class: "small" }, text.join("; ")));
}

function scenariosPart() {
  return [...new Set(plan.scenarios.map(({ id }) => id))].map((id) => {
    const shown = state.scenario === id;
    const rows = plan.scenarios.filter((one) => one.id === id && one.city[0] !== one.city[1]);
    return part(headed(t("plan_scenario"), words().scenarios[id] ?? id),
      el("div", { class: "segments" },
        segment(t("plan_before"), !shown, () => change({ scenario: null })),
        segment(t("plan_after"), shown, () => change({ scenario: id, indicator: rows[0]?.indicator ?? state.indicator }))),
      rows.map(({ indicator, city: [before, after, served, then] }) => el("p", {}, headed(words().results[atlas.indicators[indicator].id],
        `${short(indicator, before)} → ${full(indicator, after)}`),
      served === null ? null : el("small", {}, ` ${t("plan_served", { before: people(served), after: people(then) })}`))));
  });
}

// Scorecards: today, with the programme, at the target, and where the target is missed.

function enterprisePart(scores, at) {
  return part(headed(t("plan_enterprise"), words().enterprises[at]), scores.map(scorePart));
}

function scorePart({ indicator, target, values: [now, then, earlier], people: [served, servedThen], fails }) {
  const value = (one) => full(indicator, one);
  return [
    el("p", {}, el("b", {}, headed(words().results[atlas.indicators[indicator].id], value(now)))),
    el("ul", {}, [
      target === null ? null : headed(t("plan_target"), value(target)),
      earlier === null ? null : headed(t("plan_earlier"), value(earlier)),
      then === now ? null : headed(t("plan_with_programme"), value(then)),
      served === null ? null : t("plan_served", { before: people(served), after: people(servedThen) }),
    ].filter(Boolean).map((text) => el("li", {}, text))),
    fails.length ? el("details", {}, el("summary", {}, headed(t("plan_fails"), number(fails.length)), icon("down")),
      el("p", {}, fails.map(neighbourhoodName).join(", "))) : null,
  ];
}

// Goals: what shows the progress, then the measures with their actions and the year of each.

function goalPart({ responsible, indicator, values, measures }, at) {
  const [baseline, now, target] = values.map((one) => (one === null || indicator === null ? "–" : full(indicator, one)));
  const yearOf = (key) => plan.programme?.actions.find(([id]) => id === key)?.[1] ?? t("plan_not_planned");
  return part(headed(t("plan_goal"), words().goals[at]),
    responsible ? el("p", { class: "small" }, headed(t("plan_responsible"), plainName(responsible))) : null,
    indicator === null ? null : el("p", {}, headed(words().results[atlas.indicators[indicator].id], t("plan_progress", { baseline, now, target }))),
    el("ul", {}, measures.map(([who, actions], n) => el("li", {}, words().measures[at][n],
      el("small", {}, [who && who !== responsible ? headed(t("plan_responsible"), plainName(who)) : "", ...actions.map((key) => headed(actionName(key), String(yearOf(key))))].filter(Boolean).join("; "))))));
}

const segment = (text, pressed, click) => el("button", { type: "button", "aria-pressed": String(pressed), click }, text);
