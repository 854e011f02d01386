// Says that the server does not answer, since when, and when it is asked again.
import { html, useLayoutEffect, useState } from '../vendor/preact.js';
import { time } from '../format.js';
import { tryNow, useReach } from '../reach.js';
import { Button } from './basics.js';

/** @param {string} [text] what is wrong, if it is something else */
export function Lost({ text = 'The server does not answer.' }) {
  const { isLost, lastAt, nextAt } = useReach();
  const [, count] = useState(0);
  useLayoutEffect(() => {
    if (!isLost) return undefined;
    const timer = setInterval(() => count((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [isLost]);
  if (!isLost) return null;
  const left = Math.ceil((nextAt - Date.now()) / 1000);
  return html`<div class="note error lost"><div><b role="alert">${text}</b>
      <span class="second"> ${left > 0 ? `Next try in ${left} s.` : 'Trying …'} Last answer: ${time(lastAt)}.</span></div>
    <div class="actions"><${Button} onClick=${tryNow}>Try now<//></div></div>`;
}
