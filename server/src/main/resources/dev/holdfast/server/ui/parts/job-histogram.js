// When the jobs of a search were enqueued, or ended: bars over time, to drag over.
import { html, useMemo } from '../vendor/preact.js';
import { go } from '../route.js';
import { withSpan } from '../search.js';
import { per, whole } from '../format.js';
import { timesOf, useSeries } from '../series.js';
import { Plot } from './plot.js';

const HEIGHT = 84;

/** By the one state that is searched for: what is counted, and which times a span is of. */
const COUNTED = {
  FAILED: ['failed', 'finished', 'failed'],
  COMPLETED: ['completed', 'finished', 'completed'],
  CANCELLED: ['cancelled', 'finished', 'cancelled'],
};
const ENQUEUED = ['enqueued', 'created', 'cancelled'];

/** Only these narrow what the figures count. */
function isOfFigures({ queue = [], type = [] }) {
  return queue.length <= 1 && type.length <= 1;
}

/** @param {*} aside stands next to the title */
export function Histogram({ text, values, window, aside }) {
  const [name, kind, colour] = values.state?.length === 1 ? COUNTED[values.state[0]] || ENQUEUED : ENQUEUED;
  const of = isOfFigures(values) ? { queue: values.queue?.[0], type: values.type?.[0] } : {};
  const query = useSeries(window, of);
  const series = query.data?.series[0];
  const at = useMemo(() => (series ? timesOf(series) : []), [series]);
  const drawn = useMemo(() => {
    const counts = series ? series.points.map((point) => point[name] || null) : [];
    return [{ label: 'in all', colour, kind: 'bars', values: counts, now: whole(counts.reduce((a, b) => a + b, 0)) }];
  }, [series, name]);
  if (!series) return html`<div class="histogram">${aside}</div>`;
  const onSelect = (from, to) => go('jobs', { q: withSpan(text, kind, from, to), window: window === '1h' ? null : window });
  const where = [of.queue && `queue ${of.queue}`, of.type && `type ${of.type}`].filter(Boolean).join(', ');
  return html`<div class="histogram"><${Plot} key=${name} title=${`Jobs ${name}${where ? ` of ${where}` : ''}`} unit=${`${per(query.data.step_seconds)} · drag to search`}
    at=${at} series=${drawn} write=${whole} aside=${aside} height=${HEIGHT} onSelect=${onSelect} /></div>`;
}
