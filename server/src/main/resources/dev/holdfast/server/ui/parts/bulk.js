// Actions on many jobs: first a dry run that says how many, then the work. Of more than a thousand
// the server makes an operation, which goes on without the page.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery } from '../hooks.js';
import { useKey } from '../keys.js';
import { beat } from '../live.js';
import { go } from '../route.js';
import { seesAll } from '../session.js';
import { ACTIONS } from '../states.js';
import { count, whole } from '../format.js';
import { Button, Trouble } from './basics.js';
import { Field, open } from './dialog.js';

const PROGRESS_EVERY_MS = 1000;

/**
 * Opens the dialog of an action.
 * @param {string} action one of ACTIONS
 * @param {{ids?: string[], filter?: object}} chosen which jobs, as the API takes them
 * @param {function(): void} [after] called when it was done
 */
export function askMany(action, chosen, after = () => {}) {
  open(({ close }) => html`<${Many} action=${action} chosen=${chosen} close=${close} after=${after} />`);
}

/** A button for each action. */
export function BulkButtons({ chosen, after }) {
  return Object.entries(ACTIONS).filter(([, one]) => !one.isHidden).map(([action, { verb, danger, field }]) => html`
    <${Button} key=${action} danger=${danger} onClick=${() => askMany(action, chosen, after)}>${verb}${field ? '…' : ''}<//>`);
}

/** The keys of those that are needed most; none while nothing is chosen. */
export function useBulkKeys(chosen, after) {
  useKey('r', 'Retry the chosen', chosen && (() => askMany('retry', chosen, after)));
  useKey('c', 'Cancel the chosen', chosen && (() => askMany('cancel', chosen, after)));
}

function Many({ action, chosen, close, after }) {
  const { verb, danger, states, field } = ACTIONS[action];
  const [dry, setDry] = useState(null);
  const [error, setError] = useState(null);
  const [answer, setAnswer] = useState(null);
  const [given, setGiven] = useState('');
  const isBusy = useRef(false); // enter, pressed twice, asks once
  useEffect(() => {
    // what a job is moved to does not change how many there are
    api.bulk({ action, ...chosen, ...(field && { [field.name]: field.example }), dry_run: true }).then(({ data }) => setDry(data), setError);
  }, []);

  const run = async (event) => {
    event.preventDefault();
    if (!isReady || isBusy.current) return;
    isBusy.current = true;
    setError(null);
    try {
      const { data } = await api.bulk({ action, ...chosen, ...(field && { [field.name]: field.read(given) }) });
      setAnswer(data);
      beat();
      after();
    } catch (refused) {
      setError(refused);
    }
    isBusy.current = false;
  };

  const many = dry && (dry.more ? `${whole(dry.count)}+ jobs` : count(dry.count, 'job'));
  const isReady = dry && dry.count > 0 && (!field || given.trim() !== '');
  if (answer?.operation) return html`<${Going} action=${action} first=${answer.operation} close=${close} />`;
  if (answer) return html`<${Done} action=${action} answer=${answer} close=${close} />`;
  return html`<form class="body" onSubmit=${run}>
    <h2 id="dialog-title">${verb} ${many || 'jobs'}?</h2>
    <${Trouble} error=${error} />
    ${!dry && !error && html`<p class="waiting" role="status">counting …</p>`}
    ${dry && html`<p>${dry.count === 0
      ? `None of them is in a state that this fits: ${oneOf(states)}.`
      : `Those that are ${oneOf(states)} by then. Others stay as they are.`}${action === 'delete' ? ' Their history and log go with them.' : ''}${dry.more ? ' It goes on by itself, and can be cancelled.' : ''}</p>`}
    ${field && dry?.count !== 0 && html`<${Field} label=${field.label}><input type=${field.type} name=${field.name} value=${given} required autofocus onInput=${(event) => setGiven(event.target.value)} /><//>`}
    <div class="actions"><${Button} onClick=${close}>Not now<//><${Button} type="submit" main danger=${danger} disabled=${!isReady}>${verb} ${many}<//></div>
  </form>`;
}

function oneOf(states) {
  return states.join(', ').replace(/, (\w+)$/, ' or $1').toLowerCase();
}

/** The result for a thousand jobs or fewer. */
function Done({ action, answer, close }) {
  const left = answer.results.filter((one) => !one.done).length;
  return html`<div class="body"><h2 id="dialog-title">${ACTIONS[action].verb} jobs</h2>
    <p role="status">${count(answer.count, 'job')} ${ACTIONS[action].done}${left ? `; ${whole(left)} stayed as they were` : ''}.</p>
    <div class="actions"><${Button} main onClick=${close}>Close<//></div></div>`;
}

/** An operation that goes on, as far as it is; only who sees the whole queue can follow it. */
function Going({ action, first, close }) {
  const [refused, setRefused] = useState(null);
  const query = useQuery(seesAll() ? `/api/v1/bulk-operations/${first.id}` : null);
  const now = query.data || first;
  const isRunning = now.state === 'RUNNING';
  useEffect(() => {
    const timer = isRunning ? setInterval(query.reload, PROGRESS_EVERY_MS) : 0;
    return () => clearInterval(timer);
  }, [isRunning]);
  const cancel = () => api.cancelOperation(now.id).then(beat, setRefused);
  const toAll = () => {
    close();
    go('operations');
  };
  return html`<div class="body"><h2 id="dialog-title">${ACTIONS[action].verb} jobs</h2>
    <${Trouble} error=${refused || query.error} />
    <p role="status">${progress(now)}</p>
    ${isRunning && html`<p class="second">It goes on when this is closed.${seesAll() && html` <button type="button" class="plain" onClick=${toAll}>All operations</button>`}</p>`}
    <div class="actions">${isRunning && seesAll() && html`<${Button} danger onClick=${cancel}>Cancel the rest<//>`}<${Button} main onClick=${close}>Close<//></div></div>`;
}

const ENDS = { RUNNING: ' so far …', DONE: '.', CANCELLED: '; the rest was cancelled.' };

/** The progress of an operation, in words. */
function progress({ action, state, done, left_alone: left }) {
  return `${count(done, 'job')} ${ACTIONS[action].done}${left ? `; ${whole(left)} left alone` : ''}${ENDS[state]}`;
}
