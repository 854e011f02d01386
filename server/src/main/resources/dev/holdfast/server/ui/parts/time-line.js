// The life of a job, drawn to scale: waiting, each attempt, and how it ended. Long idle times are
// folded, so that what ran can be seen.
import { html } from '../vendor/preact.js';
import { now } from '../api.js';
import { duration, humane, instant, time, title } from '../format.js';
import { Words } from './words.js';

const IDLE = new Set(['SCHEDULED', 'BLOCKED', 'PENDING', 'INTERRUPTED']);
const FINISHED = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);
const IDLE_SHARE_MAX = 0.22; // of the whole line, for one stretch of idling
const SHARE_MIN = 0.006; // so that a short stretch can be seen

/**
 * The stretches of a job's life.
 * @param {object[]} events of the history, in the order of time
 * @returns {{state: string, from: number, to: number, attempt: number, by: string, end: object|null}[]}
 *     end: the event that ended it; null if it goes on
 */
export function stretches(events) {
  const found = [];
  events.forEach((event, i) => {
    if (FINISHED.has(event.to)) return;
    const end = events[i + 1] || null;
    found.push({
      state: event.to,
      attempt: event.attempt,
      by: event.by,
      from: Date.parse(event.at),
      to: end ? Date.parse(end.at) : now(),
      end,
    });
  });
  return found;
}

/** The share of the line that each stretch takes; idle ones are cut to a share of it. */
export function shares(all) {
  const lengths = all.map((one) => Math.max(1, one.to - one.from));
  const busy = lengths.filter((_, i) => !IDLE.has(all[i].state)).reduce((a, b) => a + b, 0);
  const cut = all.map((one, i) => {
    const most = (busy || Math.max(...lengths)) * IDLE_SHARE_MAX * 2;
    const isFolded = IDLE.has(one.state) && lengths[i] > most;
    return { length: isFolded ? most : lengths[i], isFolded };
  });
  const whole = cut.reduce((sum, one) => sum + one.length, 0);
  return cut.map(({ length, isFolded }) => ({ share: Math.max(SHARE_MIN, length / whole), isFolded }));
}

function isGood(end) {
  return !end || end.to === 'COMPLETED' || !end.failure;
}

/** The name of a stretch: attempt 2 on worker-1, waited. */
function nameOf(stretch, nameOfNode) {
  if (stretch.state === 'RUNNING') return `attempt ${stretch.attempt}${stretch.by ? ` on ${nameOfNode(stretch.by)}` : ''}`;
  return { SCHEDULED: 'scheduled', BLOCKED: 'blocked', PENDING: 'waited', INTERRUPTED: 'interrupted' }[stretch.state];
}

/** Why it ended, where that is worth a word. */
function endOf({ state, end }) {
  if (!end) return state === 'RUNNING' ? 'running' : 'until now';
  if (end.failure) return `${end.failure.kind}: ${end.failure.message.split('\n', 1)[0]} – ${humane(end.why)}`;
  return end.why === 'claimed' || end.why === 'due' ? '' : humane(end.why);
}

/**
 * @param {object[]} events
 * @param {function(string): string} nameOfNode
 */
export function TimeLine({ events, nameOfNode }) {
  const all = stretches(events);
  if (all.length === 0) return null;
  const parts = shares(all);
  const last = events[events.length - 1];
  return html`<div class="timeline">
    <div class="line" role="img" aria-label=${`${all.length} stretches, told below`}>${all.map((one, i) => {
      const kind = `stretch is-${one.state.toLowerCase()}${parts[i].isFolded ? ' folded' : ''}${isGood(one.end) ? '' : ' broke'}`;
      const style = { flexGrow: parts[i].share * 1000 };
      return html`<span key=${i} class=${kind} style=${style} title=${`${nameOf(one, nameOfNode)}: ${duration(one.to - one.from)}`}>${parts[i].isFolded && html`<i>${duration(one.to - one.from)}</i>`}</span>`;
    })}</div>
    <ol>${all.map((one, i) => html`<li key=${i} class=${isGood(one.end) ? '' : 'broke'}>
      <time title=${instant(new Date(one.from).toISOString())}>${time(new Date(one.from).toISOString())}</time>
      <span class="what"><i class=${`swatch is-${one.state.toLowerCase()}`} aria-hidden="true"></i>${nameOf(one, nameOfNode)}</span>
      <span class="long">${duration(one.to - one.from)}</span>
      <span class="end"><${Words} text=${endOf(one)} /></span></li>`)}
      ${FINISHED.has(last.to) && html`<li class=${last.to === 'FAILED' ? 'broke' : ''}><time title=${instant(last.at)}>${time(last.at)}</time><span class="what"><i class=${`swatch is-${last.to.toLowerCase()}`} aria-hidden="true"></i>${title(last.to).toLowerCase()}</span><span class="long"></span><span class="end second">${last.from === 'RUNNING' || !last.by ? '' : `by ${nameOfNode(last.by)}`}</span></li>`}
    </ol>
  </div>`;
}
