// Schedules: recurring jobs, when they fire next, and what became of the last times.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link, change } from '../route.js';
import { may } from '../session.js';
import { Age, Answer, Button, Head } from '../parts/basics.js';
import { Strip } from '../parts/fires.js';
import { editSchedule, inWords } from '../parts/schedule-form.js';
import { Table } from '../parts/table.js';
import { act } from '../parts/toasts.js';

const SHOWN = 16;

export function Page({ params }) {
  useTitle('Schedules');
  const wanted = (params.get('q') || '').toLowerCase();
  const list = useQuery('/api/v1/schedules');
  const rows = (list.data?.schedules || []).filter((one) => `${one.name} ${one.job.type} ${one.cron || ''}`.toLowerCase().includes(wanted));
  const columns = [
    { id: 'name', title: 'Schedule', phone: 'a', cell: (one) => html`<${Link} to="schedule" params=${{ name: one.name }}>${one.name}<//>${one.paused_at && html` <span class="warn">‖ paused</span>`}` },
    { id: 'when', title: 'When', phone: 'c', cell: (one) => html`${inWords(one)} ${one.cron && html`<code class="dim">${inWords(one) === one.cron ? '' : one.cron} ${one.zone}</code>`}` },
    { id: 'type', isWide: true, title: 'Type', cell: (one) => html`<span class="second">${one.job.type}</span>` },
    { id: 'next', title: 'Next', kind: 'right', phone: 'b', cell: (one) => (one.paused_at ? html`<span class="dim">–</span>` : html`<${Age} at=${one.next_slot} />`) },
    { id: 'last', title: 'Last times', cell: (one) => html`<${Last} name=${one.name} of=${one.last_slot} />` },
    may('operate') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => html`<${ScheduleActions} schedule=${one} />` },
  ];
  const search = (event) => change({ q: event.target.value }, { replace: true });
  return html`<${Head} title="Schedules"><input type="search" class="filter" aria-label="find schedules" placeholder="name, type or expression" value=${params.get('q') || ''} onInput=${search} />
      ${may('administer') && html`<${Button} onClick=${() => editSchedule()}>New schedule…<//>`}<//>
    <${Answer} query=${list} isEmpty=${rows.length === 0} empty=${wanted ? 'No schedule matches.' : html`No job recurs. A first schedule:<code>holdfast schedule add nightly --cron '0 3 * * *' --type report</code>`}>
      <${Table} label="schedules" columns=${columns} rows=${rows} keyOf=${(one) => one.name} /><//>`;
}

/** Asked for each schedule, as the list does not tell it; again when it has fired. */
function Last({ name, of }) {
  const one = useQuery(`/api/v1/schedules/${encodeURIComponent(name)}?fires=${SHOWN}${of ? `#${of}` : ''}`, { isStill: true });
  return one.data ? html`<${Strip} fires=${one.data.fires} />` : '';
}

export function ScheduleActions({ schedule }) {
  const { name, paused_at: isPaused } = schedule;
  return html`<${Button} label=${`Run now: ${name}`} onClick=${() => act(() => api.runSchedule(name), 'Its job was enqueued.')}>Run now<//>
    ${isPaused
      ? html`<${Button} main label=${`resume ${name}`} onClick=${() => act(() => api.resumeSchedule(name), `${name} fires again.`)}>Resume<//>`
      : html`<${Button} label=${`pause ${name}`} onClick=${() => act(() => api.pauseSchedule(name), `${name} does not fire until it is resumed.`)}>Pause<//>`}`;
}
