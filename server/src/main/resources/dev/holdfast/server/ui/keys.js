// The keyboard: single keys of the page that is shown, and g with a letter for other pages.
import { useLayoutEffect, useRef } from './vendor/preact.js';
import { Shared } from './shared.js';

const bound = new Map(); // key → { run, label }, the newest binding of each key
const changes = new Shared(0);
const PREFIX_MS = 1500;
let prefix = '';
let prefixTimer = 0;

/** Binds a key while the component is there; null for the function binds nothing. */
export function useKey(key, label, run) {
  const latest = useRef(run);
  latest.current = run;
  const isBound = Boolean(run);
  // before the next key can come, so that a fast hand finds it bound
  useLayoutEffect(() => {
    if (!isBound) return undefined;
    const before = bound.get(key);
    const binding = { label, run: () => latest.current?.() };
    bound.set(key, binding);
    changes.set(changes.get() + 1);
    return () => {
      if (bound.get(key) !== binding) return;
      if (before) bound.set(key, before);
      else bound.delete(key);
      changes.set(changes.get() + 1);
    };
  }, [key, isBound]);
}

/** The keys that are bound now: [key, label], in the order of binding. */
export function boundKeys() {
  return [...bound].map(([key, { label }]) => [key, label]);
}

/** The same, drawn again when another page binds others. */
export function useBoundKeys() {
  changes.use();
  return boundKeys();
}

/** Does what a key does. */
export function press(key) {
  bound.get(key)?.run();
}

function isWriting(target) {
  return target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable]');
}

function nameOf(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return 'mod+k';
  if (event.ctrlKey || event.metaKey || event.altKey) return '';
  return event.key === 'Enter' ? 'enter' : event.key;
}

document.addEventListener('keydown', (event) => {
  const name = nameOf(event);
  const isFree = name === 'mod+k' || (!isWriting(event.target) && !document.querySelector('dialog[open]'));
  if (!name || !isFree || event.defaultPrevented) return;
  clearTimeout(prefixTimer);
  const key = prefix ? `${prefix} ${name}` : name;
  prefix = '';
  if (bound.has(key)) {
    event.preventDefault();
    bound.get(key).run();
  } else if ([...bound.keys()].some((one) => one.startsWith(key + ' '))) {
    prefix = key;
    prefixTimer = setTimeout(() => (prefix = ''), PREFIX_MS);
  }
});
