// Maintenance: the database itself, its backups, its health, and what is removed when.
import { html, useState } from '../vendor/preact.js';
import { address, api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { bytes, count } from '../format.js';
import { Answer, Button, Facts, Head, Section, Trouble } from '../parts/basics.js';
import { Field, Form, confirm, filled, given, number, open } from '../parts/dialog.js';
import { act } from '../parts/toasts.js';
import { Words } from '../parts/words.js';

export function Page() {
  useTitle('Maintenance');
  const status = useQuery('/api/v1/status', { every: 10_000 });
  const database = status.data?.database;
  const isSqlite = database?.kind === 'sqlite';
  return html`<${Head} title="Maintenance" />
    <${Answer} query=${status}>${database && html`
      <${Facts} rows=${[
        ['database', `${isSqlite ? 'SQLite' : 'PostgreSQL'} · ${database.name}`],
        ['size', bytes(database.bytes)],
        ...Object.entries(database.settings).map(([name, value]) => [name.replace(/_/g, ' '), String(value)]),
        ['metrics', html`<a href=${address('/metrics')}>for Prometheus</a>`],
        ['API', html`<a href=${address('/docs')}>its description, to try</a>`],
      ]} />
      <${Doctor} />
      ${isSqlite && html`<${Backup} />`}
      <${Section} title="Remove what ended long ago">
        <p class="second">Nodes do so by themselves, as retention is configured. This does it now.</p>
        <p class="row"><${Button} onClick=${cleanup}>Remove…<//></p><//>
      <${Section} title="The database itself">
        <ul class="tasks">
          <li><${Button} onClick=${() => act(() => api.analyze(), 'The database has counted what it has.')}>Analyze<//><span class="second">lets it learn how much it has of what, so that it finds things fast</span></li>
          ${isSqlite && html`<li><${Button} onClick=${() => act(() => api.checkpoint(), ({ data }) => `${count(data.moved, 'page')} of ${data.pages} moved into the file.`)}>Checkpoint<//><span class="second">moves the write-ahead log into the file</span></li>`}
          <li><${Button} danger onClick=${vacuum(isSqlite)}>Vacuum…<//><span class="second">gives the space of removed jobs back${isSqlite ? '; nobody can write until it is done' : ''}</span></li>
        </ul><//>`}<//>`;
}

function vacuum(isSqlite) {
  return () => confirm({
    title: 'Vacuum the database?', verb: 'Vacuum', danger: true, action: () => api.vacuum(),
    text: isSqlite ? 'Nobody can write until it is done: with many jobs that takes minutes.' : 'It stops nothing else.',
    done: ({ data }) => `From ${bytes(data.bytes_before)} to ${bytes(data.bytes_after)}.`,
  });
}

/** Examines the whole queue, on request: it reads everything. */
function Doctor() {
  const [state, setState] = useState({ isBusy: false, report: null, error: null });
  const run = async () => {
    setState({ isBusy: true, report: null, error: null });
    try {
      setState({ isBusy: false, report: (await api.checkIntegrity()).data, error: null });
    } catch (error) {
      setState({ isBusy: false, report: null, error });
    }
  };
  const { report } = state;
  return html`<${Section} title="Doctor"><p class="second">Examines every row. It changes nothing, and takes a while on a large queue.</p>
    <p class="row"><${Button} onClick=${run} disabled=${state.isBusy}>${state.isBusy ? 'examining …' : 'Examine the queue'}<//></p>
    <${Trouble} error=${state.error} />
    <div role="status">${report?.ok && report.findings.length === 0 && html`<p class="good">● All is in order.</p>`}
    ${report?.findings.map((one, i) => html`<div key=${i} class=${`note ${one.gravity}`}><div><p><b>${one.code}</b> <${Words} text=${one.text} /></p><p class="advice"><${Words} text=${one.cure} /></p></div></div>`)}</div><//>`;
}

function Backup() {
  const ask = () => {
    const action = (form) => api.backup(filled({ name: given(form, 'name'), keep: number(form, 'keep') }));
    const done = ({ data }) => `${data.file}, ${bytes(data.bytes)}${data.removed.length ? `; removed: ${count(data.removed.length, 'older one')}` : ''}.`;
    open(() => html`<${Form} title="Back the database up" verb="Back up" action=${action} done=${done}>
      <div class="fields"><${Field} label="Name" help="small letters, digits, hyphens; empty: the time"><input type="text" name="name" autofocus /><//>
      <${Field} label="Keep the newest" help="older ones are removed; empty: keep all"><input type="number" name="keep" min="1" /><//></div><//>`);
  };
  return html`<${Section} title="Backup"><p class="second">Copies the file into the folder of backups, while it is in use.</p><p class="row"><${Button} onClick=${ask}>Back up…<//></p><//>`;
}

function cleanup() {
  const action = (form) => api.cleanup(filled({ completed: given(form, 'completed'), failed: given(form, 'failed'), cancelled: given(form, 'cancelled'), logs: given(form, 'logs') }));
  const ages = [['completed', '30d'], ['failed', '90d'], ['cancelled', '30d'], ['logs', '30d']];
  open(() => html`<${Form} title="Remove what ended long ago" verb="Remove" danger action=${action} done=${({ data }) => `${count(data.count, 'job')} removed.`}>
    <p>Jobs that are older than these ages, with their history and log. An empty field keeps all; all empty, the defaults of retention hold.</p>
    <div class="fields">${ages.map(([name, age]) => html`<${Field} key=${name} label=${name}><input type="text" name=${name} placeholder=${age} /><//>`)}</div><//>`);
}
