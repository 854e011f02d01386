// A line of the height of a row: how something went, without axes.
import { html } from '../vendor/preact.js';

const WIDTH = 96;
const HEIGHT = 20;

/** @param {(number|null)[]} values oldest first */
export function Spark({ values, label }) {
  const most = Math.max(0, ...values.filter((value) => value !== null));
  if (most === 0) return html`<span class="spark" aria-hidden="true"></span>`;
  const x = (i) => ((i / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (value) => (HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1);
  const points = values.map((value, i) => `${x(i)},${y(value ?? 0)}`).join(' ');
  return html`<svg class="spark" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} width=${WIDTH} height=${HEIGHT} role="img" aria-label=${label}><polyline points=${points} /></svg>`;
}
