// The eight states of a job, in the order of its life.
export const STATES = ['SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED'];

export const MARKS = {
  SCHEDULED: '◷', BLOCKED: '◫', PENDING: '○', RUNNING: '◐',
  COMPLETED: '●', FAILED: '✕', INTERRUPTED: '‖', CANCELLED: '⊘',
};

/** The actions on jobs, and the states that they fit. The server has the last word. */
export const ACTIONS = {
  retry: { verb: 'Retry', done: 'put back into the queue', states: ['FAILED', 'CANCELLED', 'INTERRUPTED'] },
  resume: { verb: 'Resume', done: 'resumed', states: ['INTERRUPTED'] },
  cancel: { verb: 'Cancel', done: 'cancelled', states: ['SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING', 'INTERRUPTED'], danger: true },
  move: {
    verb: 'Move', done: 'moved', states: ['SCHEDULED', 'BLOCKED', 'PENDING'],
    field: { name: 'queue', label: 'To the queue', type: 'text', example: 'default', read: (given) => given.trim() },
  },
  reprioritize: {
    verb: 'Reprioritize', done: 'given another priority', states: ['SCHEDULED', 'BLOCKED', 'PENDING'],
    field: { name: 'priority', label: 'Priority; jobs with a higher one run first', type: 'number', example: 0, read: Number },
  },
  discard: { verb: 'Discard', done: 'discarded', states: ['INTERRUPTED'], danger: true, isHidden: true },
  delete: { verb: 'Delete', done: 'deleted', states: STATES.filter((state) => state !== 'RUNNING'), danger: true },
};

/** Whether an action fits a job in this state. */
export function fits(action, state) {
  return ACTIONS[action].states.includes(state);
}

/** Whether a job in this state can still be changed: it has not begun. */
export function isWaiting(state) {
  return ['SCHEDULED', 'BLOCKED', 'PENDING'].includes(state);
}
