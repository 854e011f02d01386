// Numbers, times and sizes as people read them.
import { now } from './api.js';

const WHOLE = new Intl.NumberFormat('en-US');

/** 12,345 */
export function whole(n) {
  return n === null || n === undefined ? '–' : WHOLE.format(n);
}

/** Formats numbers from a million on as 9.4 M, for narrow places. */
export function about(n) {
  if (n < 1e6) return whole(n);
  return n < 1e9 ? `${(n / 1e6).toFixed(1)} M` : `${(n / 1e9).toFixed(1)} G`;
}

/** 1 job, 2 jobs */
export function count(n, one, many = one + 's') {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

/** 12 ms, 1.2 s, 3 m 20 s, 2 h 5 m, 4 d 3 h */
export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '';
  if (ms < 0) return '0 s';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  return parts(Math.round(s));
}

function parts(s) {
  const pairs = [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]];
  const first = pairs.findIndex(([, length]) => s >= length);
  const [unit, length] = pairs[first];
  const rest = pairs[first + 1];
  const left = rest ? Math.floor((s % length) / rest[1]) : 0;
  return `${Math.floor(s / length)} ${unit}` + (left ? ` ${left} ${rest[0]}` : '');
}

/** per minute, per 5 m */
export function per(s) {
  const names = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day' };
  return `per ${names[s] || seconds(s)}`;
}

/** Seconds as a duration. */
export function seconds(s) {
  return s === null || s === undefined ? '' : duration(s * 1000);
}

/** Formats a time relative to now: 3 m ago, in 2 h. */
export function age(iso) {
  if (!iso) return '';
  const ms = now() - Date.parse(iso);
  if (ms < 0) return 'in ' + coarse(-ms);
  return ms < 1000 ? 'now' : coarse(ms) + ' ago';
}

/** The time since then, without words. */
export function since(iso) {
  return iso ? coarse(Math.max(0, now() - Date.parse(iso))) : '';
}

/** One unit is enough for ages. */
export function coarse(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m`;
  if (s < 86400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

/** 2026-11-30 12:40:17.402, in the reader's time zone. */
export function instant(iso, { millis = true } = {}) {
  if (!iso) return '';
  const d = new Date(iso);
  return `${day(d)} ${clock(d)}` + (millis ? `.${String(d.getMilliseconds()).padStart(3, '0')}` : '');
}

/** 12:40:17, with the day before it if that is another one than today. */
export function time(iso) {
  if (!iso) return '';
  const d = new Date(iso);
  return day(d) === day(new Date(now())) ? clock(d) : `${day(d).slice(5)} ${clock(d).slice(0, 5)}`;
}

/** 12:40:17.402 */
export function preciseTime(iso) {
  const d = new Date(iso);
  return `${clock(d)}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

function day(d) {
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

function clock(d) {
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

function two(n) {
  return String(n).padStart(2, '0');
}

/** Milliseconds between two instants; until now if the later one is missing. */
export function between(from, to) {
  return from ? (to ? Date.parse(to) : now()) - Date.parse(from) : null;
}

/** 4.1 MB */
export function bytes(n) {
  if (n === null || n === undefined) return '';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return `${i === 0 ? n : n.toFixed(1)} ${units[i]}`;
}

/** 38 % */
export function percent(share) {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(share > 0.1 || share === 0 ? 0 : 1)} %`;
}

/** The first digits of an id, enough to tell jobs of a page apart; ids begin with their time. */
export function short(id) {
  return id ? `${id.slice(0, 8)}…${id.slice(-4)}` : '';
}

/** Running, from RUNNING. */
export function title(word) {
  return word ? word[0].toUpperCase() + word.slice(1).toLowerCase().replace(/_/g, ' ') : '';
}

/** A text that begins with a capital letter. */
export function capital(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : '';
}

/** The first line of a text. */
export function firstLine(text) {
  return text ? text.split('\n', 1)[0] : '';
}

const ISO_DURATION = /\bP(?:T(?=\d))?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?\b/g;
const ISO_INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A text of the server with its durations and instants as people read them. */
export function humane(text) {
  return text
    .replace(ISO_INSTANT, (iso) => time(iso))
    .replace(ISO_DURATION, (whole_, d, h, m, s) =>
      whole_.length < 3 ? whole_ : duration((((+d || 0) * 24 + (+h || 0)) * 60 + (+m || 0)) * 60000 + (+s || 0) * 1000));
}
