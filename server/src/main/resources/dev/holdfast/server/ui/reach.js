// Whether the server answers. Where it does not, it is asked again, later each time, and the page
// says so in one place.
import { call, onReach } from './api.js';
import { hold } from './live.js';
import { Shared } from './shared.js';

const DELAYS_S = [2, 4, 8, 15, 30];

/** isLost: no answer came. lastAt: when the last one came. nextAt: when it is asked again. */
const reach = new Shared({ isLost: false, lastAt: Date.now(), nextAt: 0 });
const finders = new Set();
let tries = 0;
let timer = 0;

onReach((isReached) => {
  if (isReached) find();
  else lose();
});
window.addEventListener('online', tryNow);

/** Notes that there is no answer, or none that helps, until the next one. */
export function lose() {
  if (timer) return;
  const delay = DELAYS_S[Math.min(tries++, DELAYS_S.length - 1)] * 1000;
  timer = setTimeout(ask, delay);
  hold(true);
  reach.set({ ...reach.get(), isLost: true, nextAt: Date.now() + delay });
}

async function ask() {
  clearTimeout(timer);
  timer = 0;
  try {
    await call('GET', '/api/v1/session');
  } catch (refused) {
    // call has told whether the server was reached
  }
}

function find() {
  clearTimeout(timer);
  timer = 0;
  tries = 0;
  const wasLost = reach.get().isLost;
  reach.set({ isLost: false, lastAt: Date.now(), nextAt: 0 });
  if (!wasLost) return;
  hold(false);
  for (const finder of [...finders]) finder();
}

/** Asks at once, where there was no answer. */
export function tryNow() {
  if (reach.get().isLost) ask();
}

/** Calls a function whenever the server answers again. */
export function onFound(finder) {
  finders.add(finder);
}

export function useReach() {
  return reach.use();
}
