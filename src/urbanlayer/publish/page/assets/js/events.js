// What happened, told to whoever draws; so that no part needs to know the others.

const listeners = new Map();

export function when(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

export function tell(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}
