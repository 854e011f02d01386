// The pages: their names, who sees them, and their modules, each read when it is needed.
import { may, seesAll } from './session.js';

const everyone = () => true;
const ofAll = () => seesAll();
const admins = () => seesAll() && may('administer');

/**
 * key: the letter after g. in: the entry of the menu under which a page stands that has none.
 * @type {Object<string, {title: string, load: function(): Promise, shows: function(): boolean, key?: string, in?: string, isLate?: boolean}>}
 */
export const PAGES = {
  overview: { title: 'Overview', key: 'o', shows: ofAll, load: () => import('./pages/overview.js') },
  jobs: { title: 'Jobs', key: 'j', shows: everyone, load: () => import('./pages/jobs.js') },
  job: { title: 'Job', in: 'jobs', shows: everyone, load: () => import('./pages/job.js') },
  operations: { title: 'Operations', key: 'b', shows: ofAll, isLate: true, load: () => import('./pages/operations.js') },
  failures: { title: 'Failures', key: 'f', shows: ofAll, load: () => import('./pages/failures.js') },
  review: { title: 'Review', key: 'r', shows: everyone, load: () => import('./pages/review.js') },
  queues: { title: 'Queues', key: 'q', shows: ofAll, load: () => import('./pages/queues.js') },
  schedules: { title: 'Schedules', key: 's', shows: ofAll, load: () => import('./pages/schedules.js') },
  schedule: { title: 'Schedule', in: 'schedules', shows: ofAll, load: () => import('./pages/schedule.js') },
  nodes: { title: 'Nodes', key: 'n', shows: ofAll, load: () => import('./pages/nodes.js') },
  node: { title: 'Node', in: 'nodes', shows: ofAll, load: () => import('./pages/node.js') },
  logs: { title: 'Log', key: 'l', shows: ofAll, load: () => import('./pages/logs.js') },
  alerts: { title: 'Alerts', key: 'a', shows: ofAll, isLate: true, load: () => import('./pages/alerts.js') },
  webhooks: { title: 'Webhooks', key: 'w', shows: admins, isLate: true, load: () => import('./pages/webhooks.js') },
  webhook: { title: 'Webhook', in: 'webhooks', shows: admins, load: () => import('./pages/webhook.js') },
  tokens: { title: 'Tokens', key: 't', shows: admins, isLate: true, load: () => import('./pages/tokens.js') },
  audit: { title: 'Audit', key: 'u', shows: admins, isLate: true, load: () => import('./pages/audit.js') },
  maintenance: { title: 'Maintenance', key: 'm', shows: admins, isLate: true, load: () => import('./pages/maintenance.js') },
};

/** The page where a reader begins. */
export function firstPage() {
  return PAGES.overview.shows() ? 'overview' : 'jobs';
}

/** The entries of the menu that this reader sees. */
export function menu() {
  return Object.entries(PAGES).filter(([, page]) => !page.in && page.shows());
}
