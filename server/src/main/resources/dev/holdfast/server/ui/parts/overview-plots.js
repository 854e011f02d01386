// The four plots of the overview: how many end, how long they take, and what waits.
import { html, useMemo } from '../vendor/preact.js';
import { go } from '../route.js';
import { about, coarse, duration, per } from '../format.js';
import { lastOf, rates, timesOf, useSeries } from '../series.js';
import { spanOf } from '../search.js';
import { Plot } from './plot.js';

const COLOURS = ['series-1', 'series-3', 'series-4', 'series-2'];
const MINUTE_S = 60;

/** @param {string} window such as 1h */
export function Plots({ window }) {
  const all = useSeries(window);
  const queues = useSeries(window, { by: 'queue' });
  if (!all.data || !queues.data) return html`<p class="waiting" role="status">reading …</p>`;
  const step = all.data.step_seconds;
  return html`<div class="columns plots">
    <${Throughput} series=${all.data.series[0]} step=${step} />
    <${Times} series=${all.data.series[0]} />
    <${ByQueue} title="Depth" unit="pending" field="depth" series=${queues.data.series} write=${about} />
    <${ByQueue} title="Oldest pending" unit="age" field="oldest_seconds" series=${queues.data.series} write=${inWords} />
  </div>`;
}

function inWords(s) {
  return s < MINUTE_S ? duration(s * 1000) : coarse(s * 1000);
}

/** Jobs that ended while somebody dragged over them. */
function showEnded(from, to) {
  go('jobs', { q: spanOf('finished', from, to) });
}

/** In jobs a second, or a minute where that is more than none. */
function Throughput({ series, step }) {
  const at = useMemo(() => timesOf(series), [series]);
  const { lines, unit } = useMemo(() => {
    const found = ['completed', 'retried', 'failed'].map((name) => rates(series, name, step));
    const isSlow = Math.max(...found.flat()) < 1;
    return { lines: found.map((values) => (isSlow ? values.map((n) => n && n * MINUTE_S) : values)), unit: isSlow ? MINUTE_S : 1 };
  }, [series, step]);
  const drawn = useMemo(() => [['completed', 'completed', 'area'], ['retried', 'interrupted'], ['failed', 'failed']].map(([label, colour, kind], i) => ({
    label, colour, kind, values: lines[i], now: rate(lastOf(lines[i])),
  })), [lines]);
  return html`<${Plot} title="Throughput" unit=${`jobs ${per(unit)}`} at=${at} series=${drawn} write=${rate} onSelect=${showEnded} />`;
}

function rate(n) {
  if (n === null) return '–';
  return n > 0 && n < 10 ? String(Math.round(n * 10) / 10) : about(Math.round(n));
}

/** Half of the jobs wait and run no longer than p50, all but one in a hundred no longer than p99. */
function Times({ series }) {
  const at = useMemo(() => timesOf(series), [series]);
  const drawn = useMemo(() => [['wait', 'p50', 'series-1'], ['wait', 'p99', 'series-1', 'dashed'], ['run', 'p50', 'series-2'], ['run', 'p99', 'series-2', 'dashed']].map(([field, share, colour, kind]) => {
    const values = series.points.map((point) => point[field]?.[`${share}_seconds`] ?? null);
    return { label: `${field} ${share}`, colour, kind, values, now: said(lastOf(values)) };
  }), [series]);
  return html`<${Plot} title="Waiting and running" unit="time" at=${at} series=${drawn} write=${inWords} onSelect=${showEnded} />`;
}

function said(s) {
  return s === null ? '–' : inWords(s);
}

/** The queues in which most waits, a line each. */
function ByQueue({ title, unit, field, series, write }) {
  const chosen = useMemo(() => {
    const most = (one) => Math.max(0, ...one.points.map((point) => point[field] ?? 0));
    return series.filter((one) => most(one) > 0).sort((a, b) => most(b) - most(a)).slice(0, COLOURS.length).sort((a, b) => a.queue.localeCompare(b.queue));
  }, [series]);
  const at = useMemo(() => (series[0] ? timesOf(series[0]) : []), [series]);
  const drawn = useMemo(() => chosen.map((one, i) => {
    const values = one.points.map((point) => point[field]);
    const last = lastOf(values);
    return { label: one.queue, colour: COLOURS[i], values, now: last === null ? '–' : write(last) };
  }), [chosen]);
  if (drawn.length === 0) return html`<figure class="plot"><figcaption><b>${title}</b><span class="unit">${unit}</span></figcaption><p class="dim">Nothing has waited in this time.</p></figure>`;
  return html`<${Plot} key=${chosen.map((one) => one.queue).join()} title=${title} unit=${unit} at=${at} series=${drawn} write=${write} />`;
}
