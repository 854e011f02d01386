// A webhook: its deliveries, and what became of them.
import { html } from '../vendor/preact.js';
import { api, query as queryOf } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link, go } from '../route.js';
import { member } from '../json.js';
import { Age, Answer, Button, Facts, JobLink, Section, State } from '../parts/basics.js';
import { confirm, open } from '../parts/dialog.js';
import { Json } from '../parts/json-view.js';
import { showSecret } from '../parts/secret.js';
import { Table } from '../parts/table.js';
import { act } from '../parts/toasts.js';
import { editWebhook, ofWhat } from './webhooks.js';

const PAGE = 50;

export function Page({ params }) {
  useTitle('Webhook');
  const id = params.get('id') || '';
  const before = params.get('before') || '';
  const base = `/api/v1/webhooks/${encodeURIComponent(id)}`;
  const query = useQuery(base);
  const list = useQuery(base + '/deliveries' + queryOf({ before, limit: PAGE }));
  const webhook = query.data;
  return html`<${Answer} query=${query}>${webhook && html`
    <div class="head"><h1 tabindex="-1">Webhook</h1><span class="sub">${webhook.url}</span><${Actions} webhook=${webhook} /></div>
    <${Facts} rows=${[
      ['state', webhook.enabled ? 'on' : html`<span class="warn">off: nothing is delivered</span>`],
      ['events', webhook.events.join(', ')],
      ['of', ofWhat(webhook)],
      ['made by', webhook.created_by],
      ['old secret', webhook.old_secret_until && html`signs too until <${Age} at=${webhook.old_secret_until} />`],
    ]} />
    <${Section} title="Deliveries"><${Answer} query=${list} isEmpty=${list.data?.deliveries.length === 0} empty=${before ? 'There are no older deliveries.' : 'Nothing was delivered yet. Test sends one.'}>
      <${Deliveries} webhook=${webhook} list=${list} />
      <div class="pager"><span>newest first · ${PAGE} a page</span>${before && html`<${Link} to="webhook" params=${{ id }}>newest<//>`}${list.data?.next && html`<${Link} to="webhook" params=${{ id, before: list.data.next }}>older<//>`}</div><//><//>`}<//>`;
}

function Actions({ webhook }) {
  const { id } = webhook;
  const rotate = async () => {
    const answer = await act(() => api.rotateSecret(id), '');
    if (answer) showSecret('The new secret', answer.data.secret, 'It is shown this once. The old one signs deliveries too for a day.');
  };
  const remove = () => confirm({
    title: 'Remove this webhook?', verb: 'Remove it', danger: true, text: webhook.url, done: 'It was removed.',
    action: async () => {
      await api.removeWebhook(id);
      go('webhooks', {}, { replace: true });
    },
  });
  return html`<div class="actions">
    <${Button} onClick=${() => act(() => api.testWebhook(id), 'A test is on its way.')}>Test<//>
    <${Button} onClick=${() => editWebhook(webhook)}>Change…<//>
    <${Button} onClick=${() => confirm({ title: 'Make a new secret?', verb: 'Make it', action: rotate, text: 'The old one signs deliveries too for a day.' })}>New secret…<//>
    <${Button} danger onClick=${remove}>Remove…<//></div>`;
}

function Deliveries({ webhook, list }) {
  const show = (delivery) => open(({ close }) => html`<div class="body"><h2 id="dialog-title">${delivery.event}</h2><${Json} text=${dataOf(list.text, delivery)} label="what was sent" /><div class="actions"><${Button} main onClick=${close}>Close<//></div></div>`, { wide: true });
  const columns = [
    { id: 'number', isWide: true, title: 'No.', kind: 'right', cell: (one) => html`<span class="second">${one.number}</span>` },
    { id: 'event', title: 'Event', phone: 'a', cell: (one) => one.event },
    { id: 'subject', title: 'About', phone: 'd', cell: (one) => (one.event.startsWith('job.') ? html`<${JobLink} id=${one.subject.slice(0, 36)} />` : html`<span class="second">${one.subject}</span>`) },
    { id: 'at', title: 'At', kind: 'right', phone: 'b', cell: (one) => html`<span class="second"><${Age} at=${one.at} /></span>` },
    { id: 'state', title: 'Delivery', phone: 'c', cell: (one) => (one.state ? html`<${State} state=${one.state} />` : html`<span class="dim">waits to be sent</span>`) },
    { id: 'job', title: 'Its job', kind: 'tight', cell: (one) => one.job_id && html`<${JobLink} id=${one.job_id} />` },
    { id: 'actions', title: '', kind: 'actions', cell: (one) => html`<${Button} label=${`show delivery ${one.number}`} onClick=${() => show(one)}>Show<//>${['COMPLETED', 'FAILED', 'CANCELLED'].includes(one.state) && html`<${Button} label=${`deliver ${one.number} again`} onClick=${() => act(() => api.redeliver(webhook.id, one.number), 'It is delivered again.')}>Again<//>`}` },
  ];
  return html`<${Table} label="deliveries" columns=${columns} rows=${list.data?.deliveries || []} keyOf=${(one) => String(one.number)} />`;
}

/** The data of a delivery; where the letters of the whole answer are kept, to the letter. */
function dataOf(text, delivery) {
  const start = text.indexOf(`"number":${delivery.number},`);
  const from = start < 0 ? -1 : text.lastIndexOf('{', start);
  return (from >= 0 && member(objectAt(text, from), 'data')) || JSON.stringify(delivery.data);
}

/** The object that begins there. Braces within texts do not count. */
function objectAt(text, from) {
  let depth = 0;
  let isText = false;
  for (let i = from; i < text.length; i++) {
    if (isText) {
      if (text[i] === '\\') i++;
      else if (text[i] === '"') isText = false;
    } else if (text[i] === '"') isText = true;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(from, i + 1);
  }
  return text.slice(from);
}
