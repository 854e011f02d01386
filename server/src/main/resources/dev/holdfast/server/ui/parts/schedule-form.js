// The form of a schedule, and its timetable in words.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { member, pretty } from '../json.js';
import { seconds } from '../format.js';
import { Field, Form, filled, given, number, open } from './dialog.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A timetable in words, where a few say it; else the expression itself. */
export function inWords({ cron, every_seconds: every }) {
  if (every !== null) return `every ${seconds(every)}`;
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5) return cron;
  const [minute, hour, day, month, weekday] = parts;
  const isNumber = (text) => /^\d+$/.test(text);
  const clock = () => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  const isEveryDay = day === '*' && month === '*' && weekday === '*';
  if (isEveryDay && hour === '*' && minute === '*') return 'every minute';
  if (isEveryDay && hour === '*' && /^\*\/\d+$/.test(minute)) return `every ${minute.slice(2)} minutes`;
  if (isEveryDay && hour === '*' && isNumber(minute)) return `every hour, ${minute} minutes past`;
  if (isEveryDay && isNumber(hour) && isNumber(minute)) return `every day at ${clock()}`;
  if (isNumber(hour) && isNumber(minute) && day === '*' && month === '*') {
    if (weekday === '1-5') return `Monday to Friday at ${clock()}`;
    if (isNumber(weekday) && DAYS[weekday]) return `every ${DAYS[weekday]} at ${clock()}`;
  }
  if (isNumber(hour) && isNumber(minute) && isNumber(day) && month === '*' && weekday === '*') return `on day ${day} of each month at ${clock()}`;
  return cron;
}

/** @param {string} text the schedule to the letter */
export function editSchedule(schedule = null, text = '{}') {
  const job = schedule ? pretty(member(text, 'job')) : '{\n  "type": "report"\n}';
  const action = (form) => {
    const every = given(form, 'every');
    const raw = given(form, 'job') || '{}';
    try {
      JSON.parse(raw);
    } catch (malformed) {
      throw new Error(`The job is not JSON: ${malformed.message}`);
    }
    const fields = filled({
      cron: given(form, 'cron'), every, zone: given(form, 'zone'), missed: form.get('missed'), missed_after: given(form, 'missed_after'),
      catch_up: number(form, 'catch_up'), overlap: form.get('overlap'),
    });
    return api.putSchedule(given(form, 'name') || '', `${JSON.stringify(fields).slice(0, -1)},"job":${raw}}`);
  };
  const choice = (name, words, value) => html`<select name=${name}>${words.map(([word, means]) => html`<option key=${word} value=${word} selected=${word === value}>${means}</option>`)}</select>`;
  open(() => html`<${Form} title=${schedule ? `Schedule ${schedule.name}` : 'New schedule'} verb="Save" action=${action} done=${({ data }) => `The schedule was ${data.declared.toLowerCase()}.`}>
    <${Field} label="Name"><input type="text" name="name" value=${schedule?.name || ''} readonly=${Boolean(schedule)} required /><//>
    <div class="fields"><${Field} label="Cron" help="or an interval"><input type="text" name="cron" value=${schedule ? schedule.cron || '' : '0 3 * * *'} /><//>
    <${Field} label="Every" help="such as 10m or 1h"><input type="text" name="every" value=${schedule?.every_seconds ? `${schedule.every_seconds}s` : ''} /><//>
    <${Field} label="Time zone"><input type="text" name="zone" value=${schedule ? schedule.zone || '' : Intl.DateTimeFormat().resolvedOptions().timeZone} /><//></div>
    <${Field} label="Job, JSON"><textarea name="job" rows="8" spellcheck=${false}>${job}</textarea><//>
    <div class="fields"><${Field} label="When fires were missed">${choice('missed', [['SKIP', 'leave them out'], ['ONCE', 'run once for all'], ['CATCH_UP', 'run for each']], schedule?.missed || 'ONCE')}<//>
    <${Field} label="Missed after" help="empty: as by default"><input type="text" name="missed_after" value=${schedule ? `${schedule.missed_after_seconds}s` : ''} /><//>
    <${Field} label="Catch up at most"><input type="number" name="catch_up" min="1" value=${schedule?.catch_up ?? ''} /><//>
    <${Field} label="While its last job runs">${choice('overlap', [['ALLOW', 'fire anyway'], ['SKIP', 'skip the fire']], schedule?.overlap || 'ALLOW')}<//></div>
  <//>`, { wide: true });
}
