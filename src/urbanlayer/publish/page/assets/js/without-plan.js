// What stands in for plan.js on the page of a city without a plan: nothing is drawn.

export function drawPlan() {}

export function foldPlan() {}

export function unfoldPlan() {}

export function usePlan() {}
