// The current user and their permissions. The server refuses the rest, even if it is shown here.
import { api, onSignedOut } from './api.js';
import { forget } from './hooks.js';
import { run } from './live.js';
import { lose, onFound } from './reach.js';
import { Shared } from './shared.js';

/**
 * phase: unknown: not asked yet; out: a token is needed; in; failed: no answer.
 * hasEnded: it was in, and the server ended it.
 */
const session = new Shared({ phase: 'unknown', name: '', role: '', permissions: [], groups: null, hasToken: false, hasEnded: false, error: null });

function set(next) {
  const wasIn = session.get().phase === 'in';
  const isIn = next.phase === 'in';
  if (wasIn && !isIn) forget();
  session.set({ ...session.get(), hasEnded: false, error: null, ...next });
  run(isIn);
}

function enter({ data }) {
  const { name, role, permissions, groups } = data;
  set({ phase: 'in', name, role, permissions, groups, hasToken: data.has_token });
}

onSignedOut(() => {
  if (session.get().phase === 'in') set({ phase: 'out', hasEnded: true });
});

/** Asks the server who this is. */
export async function begin() {
  try {
    enter(await api.session());
  } catch (error) {
    const needsToken = error.status === 401 || error.status === 403;
    set(needsToken ? { phase: 'out' } : { phase: 'failed', error });
    if (!needsToken) lose();
  }
}

onFound(() => {
  if (session.get().phase === 'failed') begin();
});

/** Shows a token once; a cookie stands for it from then on. */
export async function signIn(token) {
  enter(await api.signIn(token));
}

/** Ends the session of this browser. */
export async function signOut() {
  await api.signOut();
  set({ phase: 'out' });
}

/** Whether this reader has a permission: see, enqueue, operate, administer. */
export function may(permission) {
  return session.get().permissions.includes(permission);
}

/** Whether this reader sees the jobs of all groups, and so what concerns whole queues. */
export function seesAll() {
  return session.get().groups === null;
}

export function useSession() {
  return session.use();
}
