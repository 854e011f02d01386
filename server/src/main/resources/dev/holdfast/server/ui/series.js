// Figures over time: how they are asked for, and how a plot is given them.
import { now, query } from './api.js';
import { useQuery } from './hooks.js';

export const WINDOWS = [['1h', '1 h'], ['6h', '6 h'], ['24h', '24 h'], ['7d', '7 d']];

/** The length of each window, and the steps in which it is drawn, in seconds. */
const LENGTHS = {
  '1h': { length: 3600, step: 60 },
  '6h': { length: 6 * 3600, step: 300 },
  '24h': { length: 86_400, step: 600 },
  '7d': { length: 7 * 86_400, step: 3600 },
};
const EVERY_MS = 5000;
const YOUNG_SHARE = 0.15; // of a step: before that, its rate says nothing

/** The window that an address names; an hour without one. */
export function windowOf(params) {
  const named = params.get('window');
  return Object.hasOwn(LENGTHS, named) ? named : '1h';
}

/** The length of a window, in seconds. */
export function lengthOf(window) {
  return LENGTHS[window].length;
}

/**
 * Reads figures up to now.
 * @param {{by?: string, queue?: string, type?: string}|null} of null for nothing
 */
export function useSeries(window, of = {}) {
  const { length, step } = LENGTHS[window];
  const asked = () => {
    const from = Math.floor((now() / 1000 - length) / step) * step;
    return '/api/v1/stats/series' + query({ from: new Date(from * 1000).toISOString(), step: `${step}s`, ...of });
  };
  return useQuery(of && `/api/v1/stats/series${query({ window, ...of })}`, { every: EVERY_MS, asked });
}

/** The times of a series, in seconds since 1970. */
export function timesOf(series) {
  return series.points.map((point) => Date.parse(point.at) / 1000);
}

/**
 * The rate of an event, per second: the last step is not over yet.
 * @param {string} name such as completed
 * @param {number} step in seconds
 */
export function rates(series, name, step) {
  const here = now() / 1000;
  return series.points.map((point) => {
    const passed = Math.min(step, here - Date.parse(point.at) / 1000);
    return passed < step * YOUNG_SHARE ? null : point[name] / passed;
  });
}

/** The last value that is one. */
export function lastOf(values) {
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}
