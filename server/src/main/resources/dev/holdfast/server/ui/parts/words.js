// Sentences of the server, with links where they name jobs.
import { html } from '../vendor/preact.js';
import { capital, humane } from '../format.js';
import { JobLink } from './basics.js';

const ID = /\b([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\b/;

/** A sentence: durations and instants readable, ids of jobs as links. */
export function Words({ text }) {
  return humane(text).split(ID).map((part, i) => (i % 2 ? html`<${JobLink} id=${part} />` : part));
}

/** A clause of the server as a sentence. */
export function sentence(text) {
  return capital(text) + '.';
}
