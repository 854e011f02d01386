// What a schedule did at its last times, as a strip: oldest at the left.
import { html } from '../vendor/preact.js';
import { instant } from '../format.js';
import { Link } from '../route.js';

export const KINDS = {
  ON_TIME: ['●', 'completed', 'on time'],
  LATE: ['◑', 'pending', 'late'],
  BY_HAND: ['▲', 'running', 'by hand'],
  MISSED: ['✕', 'failed', 'missed'],
  OVERLAPPED: ['⊘', 'cancelled', 'left out, as the last job still ran'],
};

/** A fire in words, with its mark. */
export function Fire({ fire }) {
  const [mark, colour, word] = KINDS[fire.kind];
  return html`<span class="state"><i class=${`mark-${colour}`} aria-hidden="true">${mark}</i>${word}</span>`;
}

export function Strip({ fires }) {
  return html`<span class="strip">${[...fires].reverse().map((fire) => {
    const [mark, colour, word] = KINDS[fire.kind];
    const said = `${instant(fire.slot, { millis: false })} ${word}`;
    return fire.job_id
      ? html`<${Link} key=${fire.slot + fire.kind} to="job" params=${{ id: fire.job_id }} class=${`mark-${colour}`} title=${said} aria-label=${said}>${mark}<//>`
      : html`<span key=${fire.slot + fire.kind} class=${`mark-${colour}`} title=${said} role="img" aria-label=${said}>${mark}</span>`;
  })}</span>`;
}
