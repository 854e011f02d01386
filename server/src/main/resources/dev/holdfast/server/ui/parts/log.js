// Lines that handlers logged.
import { html, useLayoutEffect, useRef } from '../vendor/preact.js';
import { instant, preciseTime } from '../format.js';
import { JobLink } from './basics.js';

export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

const NEAR_END_PX = 30;

/**
 * @param {boolean} isOfAll whether lines say of which job they are
 * @param {boolean} isGrowing whether it shows its end, and new lines as they come
 */
export function Log({ lines, isOfAll = false, isGrowing = false }) {
  const element = useRef(null);
  const isAtEnd = useRef(isGrowing);
  const last = lines[lines.length - 1];
  useLayoutEffect(() => {
    if (isAtEnd.current) element.current.scrollTop = element.current.scrollHeight;
  }, [lines.length, last?.at]);
  const onScroll = ({ target }) => {
    isAtEnd.current = isGrowing && target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_END_PX;
  };
  return html`<div class=${'code log' + (isOfAll ? ' of-all' : '')} ref=${element} onScroll=${onScroll} role="log" aria-label="log" tabindex="0">${lines.map((line, i) => html`
    <div class=${'line' + (isOfAll ? ' of' : '')} key=${line.at + i}>
      <time datetime=${line.at} title=${instant(line.at)}>${preciseTime(line.at)}</time>
      <span class=${line.level}>${line.level}</span>
      ${isOfAll && html`<${JobLink} id=${line.job_id}>${line.job_id.slice(-6)}<//>`}
      <pre>${line.message}${line.details ? ' ' + JSON.stringify(line.details) : ''}</pre>
    </div>`)}</div>`;
}
