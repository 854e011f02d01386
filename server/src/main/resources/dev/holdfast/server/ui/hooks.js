// How pages read: a path of the API, read again at each beat of the clock.
import { useEffect, useLayoutEffect, useRef, useState } from './vendor/preact.js';
import { call } from './api.js';
import { subscribe } from './live.js';

const KEPT_MAX = 60;
const kept = new Map(); // the last answers, so that Back shows something at once

function keep(path, answer) {
  kept.delete(path);
  kept.set(path, answer);
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
}

/** Forgets all answers: they were another reader's. */
export function forget() {
  kept.clear();
}

/**
 * Reads a path, and reads it again at each beat. While it is read again the last answer stays.
 * @param {string|null} path null for nothing
 * @param {{every?: number, about?: function(object): boolean, isStill?: boolean, asked?: function(string): string}} [options] see
 *     live.subscribe; isStill: read once, and after actions; asked: what is really asked for, where
 *     that changes with the time
 * @returns {{data: *, text: string, error: Error|null, reload: function(): Promise<void>}}
 */
export function useQuery(path, { every, about, isStill = false, asked: write = (same) => same } = {}) {
  const [state, setState] = useState({ path: null, data: null, text: '', error: null });
  const latest = useRef(null);
  latest.current = path;

  const read = useRef(null);
  read.current = async (signal) => {
    const asked = latest.current;
    if (asked === null) return;
    try {
      const answer = await call('GET', write(asked), undefined, signal);
      keep(asked, answer);
      if (latest.current === asked) setState({ path: asked, ...answer, error: null });
    } catch (error) {
      if (error.name === 'AbortError' || latest.current !== asked) return;
      const known = kept.get(asked) || { data: null, text: '' };
      setState({ path: asked, ...(error.status === 404 ? { data: null, text: '' } : known), error });
    }
  };

  useLayoutEffect(() => {
    if (path === null) return undefined;
    const aborts = new AbortController();
    let isReading = false;
    let isOld = false;
    const refresh = async (isNews) => {
      if (isReading) {
        isOld ||= isNews; // what is being read may be from before
        return; // an answer that is slow is not asked for twice
      }
      isReading = true;
      do {
        isOld = false;
        await read.current(aborts.signal);
      } while (isOld && !aborts.signal.aborted);
      isReading = false;
    };
    refresh(false);
    const unsubscribe = subscribe(refresh, { every: isStill ? Infinity : every, about });
    return () => {
      unsubscribe();
      aborts.abort();
    };
  }, [path]);

  const shown = state.path === path ? state : { data: null, text: '', error: null, ...kept.get(path) };
  return { ...shown, reload: () => read.current() };
}

/** A value that is set once nothing has changed it for a while. */
export function useSettled(value, delayMs) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The title of the window, while a page is shown. */
export function useTitle(title) {
  useEffect(() => {
    document.title = title + ' · Holdfast';
  }, [title]);
}
