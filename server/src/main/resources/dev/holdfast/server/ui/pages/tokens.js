// Tokens: who may do what, from which time to which.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { useSession } from '../session.js';
import { Age, Answer, Button, Head } from '../parts/basics.js';
import { Field, Form, confirm, filled, given, open } from '../parts/dialog.js';
import { showSecret } from '../parts/secret.js';
import { Table } from '../parts/table.js';

const ROLES = [['viewer', 'sees'], ['operator', 'sees and controls jobs'], ['producer', 'sees and puts jobs in'], ['worker', 'claims and runs jobs'], ['admin', 'may do everything']];

export function Page() {
  useTitle('Tokens');
  const session = useSession();
  const list = useQuery('/api/v1/tokens');
  const tokens = [...(list.data?.tokens || [])].sort((a, b) => Number(b.valid) - Number(a.valid) || a.name.localeCompare(b.name));
  const revoke = (name) => confirm({
    title: `Revoke the token ${name}?`, verb: 'Revoke it', danger: true, action: () => api.revokeToken(name), done: 'It ends within a second.',
    text: name === session.name ? 'It is the one that you are signed in with: this page ends with it. Its name is never free again.' : 'Who uses it is refused from then on. Its name is never free again.',
  });
  const columns = [
    { id: 'name', title: 'Token', phone: 'a', cell: (one) => html`<b>${one.name}</b>` },
    { id: 'role', title: 'Role', phone: 'c', cell: (one) => one.role },
    { id: 'groups', title: 'Groups', cell: (one) => html`<span class="second">${one.groups ? one.groups.join(', ') : 'all'}</span>` },
    { id: 'state', title: 'State', phone: 'b', cell: (one) => stateOf(one) },
    { id: 'used', title: 'Last used', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.last_used_at} /></span>` },
    { id: 'created', isWide: true, title: 'Created', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.created_at} /> by ${one.created_by}</span>` },
    { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => one.valid && html`<${Button} danger label=${`revoke ${one.name}`} onClick=${() => revoke(one.name)}>Revoke…<//>` },
  ];
  return html`<${Head} title="Tokens"><${Button} onClick=${() => create(!session.hasToken)}>New token…<//><//>
    <${Answer} query=${list} isEmpty=${tokens.length === 0} empty="There are no tokens: everybody on this machine may do everything, and nobody else reaches the server. The first token ends that, for good.">
      <${Table} label="tokens" columns=${columns} rows=${tokens} keyOf=${(one) => one.name} /><//>`;
}

function stateOf(token) {
  if (token.revoked_at) return html`<span class="dim">revoked <${Age} at=${token.revoked_at} /></span>`;
  if (!token.valid) return html`<span class="dim">expired <${Age} at=${token.expires_at} /></span>`;
  return html`<span class="good">● valid${token.expires_at ? html`, ends <${Age} at=${token.expires_at} />` : ''}</span>`;
}

/** @param {boolean} isFirst whether the server is open until there is one */
function create(isFirst) {
  const action = (form) => api.createToken(filled({
    name: given(form, 'name') || '', role: form.get('role'), valid_for: given(form, 'valid_for'),
    groups: given(form, 'groups')?.split(/[\s,]+/).filter(Boolean),
  }));
  const after = ({ data }) => showSecret(`The token ${data.name}`, data.secret, 'It is shown this once: nobody can read it again.');
  open(() => html`<${Form} title="New token" verb="Make it" action=${action} after=${after}>
    ${isFirst && html`<div class="note warning"><div>This server asks for no token now. From the first one on it does, of everybody, this page too.</div></div>`}
    <div class="fields"><${Field} label="Name"><input type="text" name="name" required autofocus /><//>
    <${Field} label="Role"><select name="role">${ROLES.map(([role, words]) => html`<option key=${role} value=${role}>${role} – ${words}</option>`)}</select><//></div>
    <div class="fields"><${Field} label="Groups" help="empty: the jobs of all groups"><input type="text" name="groups" /><//>
    <${Field} label="Valid for" help="such as 90d; empty: without end"><input type="text" name="valid_for" /><//></div>
  <//>`);
}
