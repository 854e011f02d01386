// Alerts: what is watched, and what is not as it should be.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { may } from '../session.js';
import { seconds, whole } from '../format.js';
import { Age, Answer, Button, Head } from '../parts/basics.js';
import { Field, Form, confirm, filled, given, number, open } from '../parts/dialog.js';
import { Table } from '../parts/table.js';

export function Page() {
  useTitle('Alerts');
  const list = useQuery('/api/v1/alerts');
  const alerts = [...(list.data?.alerts || [])].sort((a, b) => Number(!a.raised_at) - Number(!b.raised_at) || a.name.localeCompare(b.name));
  const remove = (name) => confirm({ title: `Remove the alert ${name}?`, verb: 'Remove it', danger: true, action: () => api.removeAlert(name), done: 'It was removed.' });
  const columns = [
    { id: 'name', title: 'Alert', phone: 'a', cell: (one) => html`<b>${one.name}</b>` },
    { id: 'state', title: 'State', phone: 'b', cell: (one) => stateOf(one) },
    { id: 'rule', title: 'Rule', phone: 'c', cell: (one) => inWords(one) },
    { id: 'value', title: 'Measured', kind: 'right', cell: (one) => measured(one) },
    { id: 'checked', isWide: true, title: 'Checked', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.checked_at} /></span>` },
    { id: 'by', isWide: true, title: 'Made by', cell: (one) => html`<span class="second">${one.created_by}</span>` },
    may('administer') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => html`<${Button} label=${`change ${one.name}`} onClick=${() => edit(one)}>Change…<//><${Button} danger label=${`remove ${one.name}`} onClick=${() => remove(one.name)}>Remove…<//>` },
  ];
  return html`<${Head} title="Alerts">${may('administer') && html`<${Button} onClick=${() => edit()}>New alert…<//>`}<//>
    <${Answer} query=${list} isEmpty=${alerts.length === 0} empty="Nothing is watched. An alert is raised when the oldest job of a queue waits too long, when too many jobs of a type fail, or when jobs are stuck; webhooks tell of it.">
      <${Table} label="alerts" columns=${columns} rows=${alerts} keyOf=${(one) => one.name} /><//>`;
}

function stateOf(alert) {
  if (alert.raised_at) return html`<span class="bad">▲ raised <${Age} at=${alert.raised_at} /></span>`;
  return alert.checked_at ? html`<span class="good">● quiet</span>` : html`<span class="dim">○ not checked yet</span>`;
}

function inWords({ kind, queue, type, over_seconds: over, threshold, at_least: least }) {
  const of = [queue && `queue ${queue}`, type && `type ${type}`].filter(Boolean).join(', ') || 'all jobs';
  if (kind === 'QUEUE_AGE') return `${of}: ${threshold > 1 ? `${whole(threshold)} jobs wait` : 'a job waits'} for more than ${seconds(over)}`;
  if (kind === 'FAILURE_RATE') return `${of}: ${threshold} % or more fail within ${seconds(over)}, of at least ${whole(least)}`;
  return `${of}: ${threshold > 1 ? `${whole(threshold)} jobs run` : 'a job runs'} for more than ${seconds(over)}`;
}

function measured({ kind, value }) {
  if (value === null) return html`<span class="dim">–</span>`;
  return kind === 'FAILURE_RATE' ? `${whole(value)} %` : whole(value);
}

function edit(alert = null) {
  const action = (form) => api.putAlert(given(form, 'name') || '', filled({
    kind: form.get('kind'), queue: given(form, 'queue'), type: given(form, 'type'), over: given(form, 'over') || '',
    threshold: number(form, 'threshold'), at_least: number(form, 'at_least'),
  }));
  const kinds = [['QUEUE_AGE', 'jobs wait too long'], ['FAILURE_RATE', 'too many fail'], ['STUCK', 'jobs run too long']];
  open(() => html`<${Form} title=${alert ? `Alert ${alert.name}` : 'New alert'} verb="Save" action=${action} done="It is watched from now on.">
    <${Field} label="Name"><input type="text" name="name" value=${alert?.name || ''} readonly=${Boolean(alert)} required /><//>
    <${Field} label="Raised when"><select name="kind">${kinds.map(([kind, words]) => html`<option key=${kind} value=${kind} selected=${kind === alert?.kind}>${words}</option>`)}</select><//>
    <div class="fields"><${Field} label="Queue" help="empty: all"><input type="text" name="queue" value=${alert?.queue || ''} /><//>
    <${Field} label="Type" help="empty: all"><input type="text" name="type" value=${alert?.type || ''} /><//></div>
    <div class="fields"><${Field} label="Over" help="a time such as 10m"><input type="text" name="over" value=${alert ? `${alert.over_seconds}s` : ''} required /><//>
    <${Field} label="Threshold" help="jobs; percent where too many fail"><input type="number" name="threshold" min="1" value=${alert?.threshold ?? ''} /><//>
    <${Field} label="Of at least" help="ended jobs, where too many fail"><input type="number" name="at_least" min="1" value=${alert?.at_least ?? ''} /><//></div>
  <//>`);
}
