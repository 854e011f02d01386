// Dead letters by fingerprint: of one type, one kind, and one message but for its numbers and names.
import { html } from '../vendor/preact.js';
import { searchFor } from '../search.js';
import { Link } from '../route.js';

const PLACE = /(<[a-z]+>)/;

/** A message whose changing parts are set apart. */
export function Message({ text }) {
  return text.split(PLACE).map((part, i) => (i % 2 ? html`<i class="place">${part.slice(1, -1)}</i>` : part));
}

/** The longest part of a message that is the same in each of its jobs. */
function fixedPart(message) {
  return message.split(/<[a-z]+>/).map((part) => part.trim()).reduce((a, b) => (b.length > a.length ? b : a), '');
}

/** A search for the jobs of a group. */
export function jobsOf({ type, kind, message }) {
  const fixed = fixedPart(message);
  return `state:failed ${searchFor({ type, failure: kind })}${fixed ? ` ${searchFor({ failure: fixed })}` : ''}`;
}

/** Its message, leading to its jobs. */
export function GroupLink({ group }) {
  return html`<${Link} to="jobs" params=${{ q: jobsOf(group) }} title=${group.example_message}><${Message} text=${group.message || group.kind} /><//>`;
}
