// JSON and other texts to the letter.
import { html } from '../vendor/preact.js';
import { pieces, pretty } from '../json.js';
import { Copy } from './basics.js';

const KINDS = { text: 'j-t', number: 'j-n', word: 'j-w' };
const COLOURED_MAX = 60_000; // characters; longer ones are shown without colours

/** A JSON text in lines, with colours. */
export function Json({ text, label = 'JSON' }) {
  const isShort = text.length <= COLOURED_MAX;
  const shown = isShort
    ? pieces(text).map(({ kind, text: part }) => (KINDS[kind] ? html`<span class=${KINDS[kind]}>${part}</span>` : part))
    : pretty(text);
  return html`<div class="code" tabindex="0" role="region" aria-label=${label}><${Copy} text=${text} /><pre>${shown}</pre></div>`;
}

/** Any text, such as a stack trace. */
export function Text({ text, label }) {
  return html`<div class="code" tabindex="0" role="region" aria-label=${label}><${Copy} text=${text} /><pre class="lines">${text}</pre></div>`;
}
