// Forms that change a job, signal it, or put a new one in. JSON is sent as it was typed.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { member, pretty } from '../json.js';
import { go } from '../route.js';
import { Field, Form, filled, given, number, open } from './dialog.js';

/** An object whose member stays the text that was typed, so that no number is rounded. */
function withRaw(fields, name, raw) {
  if (raw === null) return JSON.stringify(fields);
  checkJson(raw);
  const rest = JSON.stringify(fields);
  return `${rest.slice(0, -1)}${rest === '{}' ? '' : ','}${JSON.stringify(name)}:${raw}}`;
}

/** Fields that nobody is shown stand in an answer as this word, which must not become their value. */
const REDACTED = '"[redacted]"';

function checkJson(raw) {
  if (raw.includes(REDACTED)) {
    throw new Error('The payload has fields that are not shown: give their values in place of [redacted].');
  }
  try {
    JSON.parse(raw);
  } catch (malformed) {
    throw new Error(`The payload is not JSON: ${malformed.message}`);
  }
}

/** Changes what has not begun: payload, priority, time. */
export function changeJob(job, text) {
  const payload = pretty(member(text, 'payload') || 'null');
  const action = (form) => {
    const typed = given(form, 'payload');
    const priority = number(form, 'priority');
    const fields = filled({ priority: priority === job.priority ? null : priority, delay: given(form, 'delay') });
    return api.replace(job.id, withRaw(fields, 'payload', typed === payload ? null : typed));
  };
  open(() => html`<${Form} title=${`Change this ${job.type}`} verb="Change" action=${action} done="It was changed.">
    <${Field} label="Payload, JSON"><textarea name="payload" rows="10" spellcheck=${false}>${payload}</textarea><//>
    <div class="fields"><${Field} label="Priority"><input type="number" name="priority" value=${job.priority} /><//>
    <${Field} label="Run in" help="such as 0s, 10m or 2h; empty: as it is"><input type="text" name="delay" placeholder="as it is" /><//></div>
  <//>`);
}

/** Sends a signal. */
export function signalJob(job, name = '') {
  const action = (form) => api.signal(job.id, withRaw({ name: given(form, 'name') || '' }, 'payload', given(form, 'payload')));
  const done = ({ data }) => (data.taken ? 'The signal was taken.' : 'It had a signal of this name before; that one counts.');
  open(() => html`<${Form} title=${`Signal this ${job.type}`} verb="Send" action=${action} done=${done}>
    <${Field} label="Name of the signal"><input type="text" name="name" value=${name} required autofocus /><//>
    <${Field} label="Payload, JSON" help="may be left out"><textarea name="payload" rows="5" spellcheck=${false}></textarea><//>
  <//>`);
}

/** Puts a new job in, like another one or from nothing. */
export function enqueueLike(job = null, text = '{}') {
  const payload = job ? pretty(member(text, 'payload') || 'null') : '';
  const action = (form) => {
    const fields = filled({
      type: given(form, 'type') || '',
      queue: given(form, 'queue'),
      priority: number(form, 'priority'),
      delay: given(form, 'delay'),
      group: given(form, 'group'),
      tags: (given(form, 'tags') || '').split(/[\s,]+/).filter(Boolean),
      max_attempts: number(form, 'max_attempts'),
      payload_version: job?.payload_version,
      requires: job?.requires,
    });
    return api.enqueue(withRaw(fields, 'payload', given(form, 'payload')));
  };
  const after = ({ data }) => {
    go('job', { id: data.id });
  };
  open(({ close }) => html`<${Form} title=${job ? 'Copy as a new job' : 'New job'} verb="Enqueue" action=${action} done="It was enqueued."
      after=${(answer) => { close(); after(answer); }}>
    <div class="fields"><${Field} label="Type"><input type="text" name="type" value=${job?.type || ''} required autofocus /><//>
    <${Field} label="Queue"><input type="text" name="queue" value=${job?.queue || ''} placeholder="default" /><//></div>
    <${Field} label="Payload, JSON"><textarea name="payload" rows="9" spellcheck=${false}>${payload}</textarea><//>
    <div class="fields"><${Field} label="Priority"><input type="number" name="priority" value=${job?.priority ?? ''} placeholder="0" /><//>
    <${Field} label="Run in"><input type="text" name="delay" placeholder="now" /><//>
    <${Field} label="Group"><input type="text" name="group" value=${job?.group || ''} /><//>
    <${Field} label="Tags"><input type="text" name="tags" value=${(job?.tags || []).join(' ')} /><//>
    <${Field} label="Attempts"><input type="number" name="max_attempts" min="1" value=${job?.max_attempts ?? ''} /><//></div>
  <//>`, { wide: true });
}
