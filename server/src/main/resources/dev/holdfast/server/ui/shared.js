// A value that several parts of a page show: each of them is drawn again when it changes.
import { useLayoutEffect, useState } from './vendor/preact.js';

export class Shared {
  #value;
  #watchers = new Set();

  constructor(value) {
    this.#value = value;
  }

  get() {
    return this.#value;
  }

  set(value) {
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher(value);
  }

  /** Draws the calling part again whenever the value changes. */
  use() {
    const [, draw] = useState(0);
    const drawn = this.#value;
    // right after it was drawn, so that no change is missed
    useLayoutEffect(() => {
      const watcher = () => draw((n) => n + 1);
      this.#watchers.add(watcher);
      if (drawn !== this.#value) watcher();
      return () => this.#watchers.delete(watcher);
    }, []);
    return drawn;
  }
}
