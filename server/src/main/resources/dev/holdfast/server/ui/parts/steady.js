// Rows that do not move while somebody points at them.
import { useRef, useState } from '../vendor/preact.js';

/**
 * Keeps rows in their places while they are held: those that are shown are kept up to date, new
 * ones wait.
 * @param {object[]} rows as they are now
 * @param {string} of what they are rows of; with another one, everything is new
 * @param {boolean} isHeld whether they must not move now, besides under the pointer
 * @returns {{rows: object[], waiting: number, show: function(): void, pointer: object, isFresh: function(object): boolean}}
 *     waiting: how many new ones; show: lets them in; pointer: handlers for the element around them
 */
export function useSteady(rows, of, isHeld) {
  const shown = useRef({ of, rows: [], isEmpty: true, keys: new Set() });
  const isOver = useRef(false);
  const [, redraw] = useState(0);
  const last = shown.current;
  const isNew = last.of !== of || last.isEmpty;
  let fresh = new Set();
  let waiting = 0;

  if (rows && (isNew || !(isHeld || isOver.current))) {
    if (!isNew) fresh = new Set(rows.map((row) => row.id).filter((id) => !last.keys.has(id)));
    shown.current = { of, rows, isEmpty: rows.length === 0, keys: new Set(rows.map((row) => row.id)) };
  } else if (rows) {
    const now = new Map(rows.map((row) => [row.id, row]));
    waiting = rows.filter((row) => !last.keys.has(row.id)).length;
    shown.current = { ...last, rows: last.rows.map((row) => now.get(row.id) || row) };
  } else if (isNew) {
    shown.current = { of, rows: [], isEmpty: true, keys: new Set() };
  }

  const over = (is) => () => {
    isOver.current = is;
    if (!is) redraw((n) => n + 1);
  };
  const show = () => {
    shown.current = { ...shown.current, isEmpty: true };
    redraw((n) => n + 1);
  };
  return { rows: shown.current.rows, waiting, show, isFresh: (row) => fresh.has(row.id), pointer: { onPointerEnter: over(true), onPointerLeave: over(false) } };
}
