// A schedule: its timetable, its job, and what it did at its last times.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { go } from '../route.js';
import { may } from '../session.js';
import { duration, instant, seconds } from '../format.js';
import { member } from '../json.js';
import { Age, Answer, Button, Facts, JobLink, Section } from '../parts/basics.js';
import { confirm } from '../parts/dialog.js';
import { Fire, Strip } from '../parts/fires.js';
import { Json } from '../parts/json-view.js';
import { editSchedule, inWords } from '../parts/schedule-form.js';
import { Table } from '../parts/table.js';
import { ScheduleActions } from './schedules.js';

const FIRES = 100;
const MISSED = { SKIP: 'left out', ONCE: 'run once for all of them', CATCH_UP: 'each run' };

export function Page({ params }) {
  const name = params.get('name') || '';
  useTitle(name);
  const query = useQuery(`/api/v1/schedules/${encodeURIComponent(name)}?fires=${FIRES}`);
  const schedule = query.data;
  const remove = () => confirm({
    title: `Remove the schedule ${name}?`, verb: 'Remove it', danger: true, text: 'The jobs that it made stay.', done: 'It was removed.',
    action: async () => {
      await api.removeSchedule(name);
      go('schedules', {}, { replace: true });
    },
  });
  const columns = [
    { id: 'slot', title: 'Fire time', kind: 'tight', phone: 'a', cell: (fire) => instant(fire.slot, { millis: false }) },
    { id: 'kind', title: 'What it did', phone: 'c', cell: (fire) => html`<${Fire} fire=${fire} />` },
    { id: 'late', title: 'After', kind: 'right', cell: (fire) => html`<span class="second">${fire.kind === 'BY_HAND' ? '' : duration(Date.parse(fire.fired_at) - Date.parse(fire.slot))}</span>` },
    { id: 'job', title: 'Job', kind: 'right', phone: 'b', cell: (fire) => fire.job_id && html`<${JobLink} id=${fire.job_id} />` },
  ];
  return html`<div class="head"><h1 tabindex="-1">${name}</h1>${schedule && html`<div class="actions">
      ${may('operate') && html`<${ScheduleActions} schedule=${schedule} />`}
      ${may('administer') && html`<${Button} onClick=${() => editSchedule(schedule, query.text)}>Edit…<//><${Button} danger onClick=${remove}>Remove…<//>`}</div>`}</div>
    <${Answer} query=${query}>${schedule && html`
      <div class="two"><${Facts} rows=${[
        ['fires', html`${inWords(schedule)}${schedule.cron && schedule.cron !== inWords(schedule) ? html` <code class="dim">${schedule.cron}</code>` : ''}`],
        ['time zone', schedule.zone],
        ['next', schedule.paused_at ? html`<span class="warn">paused <${Age} at=${schedule.paused_at} /></span>` : html`<${Age} at=${schedule.next_slot} /> <span class="dim">${instant(schedule.next_slot, { millis: false })}</span>`],
        ['missed times', `${MISSED[schedule.missed]}; a time counts as missed after ${seconds(schedule.missed_after_seconds)}`],
        ['overlap', schedule.overlap === 'SKIP' ? 'left out while its last job runs' : 'allowed'],
        ['declared by', schedule.declared_by],
        ['last changed', html`<${Age} at=${schedule.updated_at} />`],
      ]} /><${Json} text=${member(query.text, 'job')} label="its job" /></div>
      <${Section} title="Last times" aside=${html`<${Strip} fires=${schedule.fires.slice(0, 40)} />`}>${schedule.fires.length === 0
        ? html`<p class="dim">It has not fired yet.</p>`
        : html`<${Table} label="last times" columns=${columns} rows=${schedule.fires} keyOf=${(fire) => fire.slot + fire.kind + fire.job_id} />`}<//>`}<//>`;
}
