// Webhooks: whom the queue tells what happens.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { Answer, Button, Head } from '../parts/basics.js';
import { Field, Form, filled, given, open } from '../parts/dialog.js';
import { showSecret } from '../parts/secret.js';
import { Table } from '../parts/table.js';

const EVENTS = ['job.completed', 'job.failed', 'job.interrupted', 'job.cancelled', 'job.stuck', 'node.lost', 'alert.raised', 'alert.cleared', 'webhook.test'];

export function Page() {
  useTitle('Webhooks');
  const list = useQuery('/api/v1/webhooks');
  const columns = [
    { id: 'url', title: 'URL', phone: 'a', cell: (one) => html`<${Link} to="webhook" params=${{ id: one.id }}>${one.url}<//>` },
    { id: 'events', title: 'Events', phone: 'c', cell: (one) => html`<span class="second">${one.events.join(', ')}</span>` },
    { id: 'of', title: 'Of', cell: (one) => html`<span class="second">${ofWhat(one)}</span>` },
    { id: 'enabled', title: 'State', phone: 'b', cell: (one) => (one.enabled ? html`<span class="good">● on</span>` : html`<span class="dim">○ off</span>`) },
    { id: 'by', title: 'Made by', cell: (one) => html`<span class="second">${one.created_by}</span>` },
  ];
  return html`<${Head} title="Webhooks"><${Button} onClick=${() => editWebhook()}>New webhook…<//><//>
    <${Answer} query=${list} isEmpty=${list.data?.webhooks.length === 0} empty="Nobody is told what happens. A webhook calls a URL when jobs end, nodes are lost or alerts are raised; each call is a job of its own, and is tried again.">
      <${Table} label="webhooks" columns=${columns} rows=${list.data?.webhooks || []} keyOf=${(one) => one.id} /><//>`;
}

export function ofWhat({ queue, type, group }) {
  return [queue && `queue ${queue}`, type && `type ${type}`, group && `group ${group}`].filter(Boolean).join(', ') || 'all jobs';
}

export function editWebhook(webhook = null) {
  const action = (form) => {
    const fields = {
      url: given(form, 'url') || '', events: form.getAll('event'), queue: given(form, 'queue'), type: given(form, 'type'), group: given(form, 'group'),
      enabled: form.get('enabled') === 'on',
    };
    return webhook ? api.changeWebhook(webhook.id, fields) : api.createWebhook(filled(fields));
  };
  const after = webhook ? undefined : ({ data }) => showSecret('The secret of this webhook', data.secret, 'It signs each delivery, and is shown this once.');
  open(() => html`<${Form} title=${webhook ? 'Change this webhook' : 'New webhook'} verb="Save" action=${action} done="It was saved." after=${after}>
    <${Field} label="URL"><input type="text" name="url" value=${webhook?.url || ''} placeholder="https://" required /><//>
    <fieldset class="field"><legend>Events</legend><div class="checks">${EVENTS.map((event) => html`<label key=${event}><input type="checkbox" name="event" value=${event} checked=${webhook ? webhook.events.includes(event) : event === 'job.failed'} /> ${event}</label>`)}</div></fieldset>
    <div class="fields"><${Field} label="Queue" help="empty: all"><input type="text" name="queue" value=${webhook?.queue || ''} /><//>
    <${Field} label="Type" help="empty: all"><input type="text" name="type" value=${webhook?.type || ''} /><//>
    <${Field} label="Group" help="empty: all"><input type="text" name="group" value=${webhook?.group || ''} /><//></div>
    <div class="checks"><label><input type="checkbox" name="enabled" checked=${webhook ? webhook.enabled : true} /> on</label></div>
  <//>`);
}
