// One clock for all refreshes of a page. It beats when something happened (live), every 5 or 30
// seconds, or not at all; in a hidden tab it rests. Events come by one connection for all tabs.
import { address } from './api.js';
import { Shared } from './shared.js';
import { Stream } from './stream.js';

export const MODES = ['live', '5s', '30s', 'paused'];
const PERIOD_MS = { live: 5000, '5s': 5000, '30s': 30000 };
const EVENTS_MS = 1000; // events come in swarms; a page is read again at most this often
const STORED = 'holdfast.clock';

const subscribers = new Set();
const mode = new Shared(storedMode());
let timer = 0;
let swarm = 0;
let isOn = false;
let isHeld = false;
let happened = [];

const stream = new Stream(address('/api/v1/events'), (event) => {
  happened.push(event);
  if (!swarm) swarm = setTimeout(() => beat(happened), EVENTS_MS);
});

function storedMode() {
  try {
    const stored = sessionStorage.getItem(STORED);
    return MODES.includes(stored) ? stored : 'live';
  } catch (blocked) {
    return 'live';
  }
}

/**
 * Calls a function at each beat, until the returned function is called.
 * @param {function(boolean): void} refresh is told whether something happened
 * @param {{every?: number, about?: function(object): boolean}} [options] every: not more often
 *     than this, in milliseconds; about: which events concern it, all if left out
 */
export function subscribe(refresh, { every = 0, about } = {}) {
  const subscriber = { refresh, every, about, last: Date.now() };
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}

/** Refreshes what is shown: all of it, or what these events concern. */
export function beat(events) {
  clearTimeout(swarm);
  swarm = 0;
  happened = [];
  const at = Date.now();
  for (const one of [...subscribers]) {
    const concerns = !events || !one.about || events.some(one.about);
    if (concerns && (!events || at - one.last >= one.every)) {
      one.last = at;
      one.refresh(true);
    }
  }
}

function tick() {
  const at = Date.now();
  for (const one of [...subscribers]) {
    if (at - one.last >= Math.max(one.every, PERIOD_MS[mode.get()]) - 250) {
      one.last = at;
      one.refresh(false);
    }
  }
}

function arrange() {
  clearInterval(timer);
  const isAwake = isOn && !isHeld && mode.get() !== 'paused' && !document.hidden;
  timer = isAwake ? setInterval(tick, PERIOD_MS[mode.get()]) : 0;
  if (isAwake && mode.get() === 'live') {
    stream.open();
  } else {
    stream.close();
    clearTimeout(swarm);
    swarm = 0;
  }
}

/** Lets the clock run, once it is known who asks; stops it when that is no longer known. */
export function run(is) {
  isOn = is;
  arrange();
}

/** Holds the clock while the server does not answer, and beats when it does again. */
export function hold(is) {
  if (is === isHeld) return;
  isHeld = is;
  arrange();
  if (!is && isOn) beat();
}

export function currentMode() {
  return mode.get();
}

/** Sets how the clock beats. */
export function setMode(next) {
  const isWoken = mode.get() === 'paused';
  mode.set(next);
  try {
    sessionStorage.setItem(STORED, next);
  } catch (blocked) {
    // then it holds for this page alone
  }
  arrange();
  if (isWoken) beat();
}

export function useMode() {
  return mode.use();
}

document.addEventListener('visibilitychange', () => {
  arrange();
  if (isOn && !isHeld && !document.hidden && mode.get() !== 'paused') beat();
});
window.addEventListener('pagehide', () => stream.close());
window.addEventListener('pageshow', arrange);
