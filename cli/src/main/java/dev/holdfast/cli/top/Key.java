package dev.holdfast.cli.top;

/** The meanings of keys on the screen. */
enum Key {
  /** The row above. */
  UP,
  /** The row below. */
  DOWN,
  /** Some rows up. */
  PAGE_UP,
  /** Some rows down. */
  PAGE_DOWN,
  /** The next pane. */
  NEXT_PANE,
  /** The pane before. */
  PREVIOUS_PANE,
  /** Opens the selected job; ends typing. */
  ENTER,
  /** Leaves what is open. */
  BACK,
  /** Changes the order of the rows. */
  SORT,
  /** Begins typing a filter. */
  FILTER,
  /** Freezes the screen, or lets it go on. */
  FREEZE,
  /** Pauses the selected queue, or resumes it. */
  PAUSE,
  /** Reads everything again. */
  REFRESH,
  /** Shows the keys. */
  HELP,
  /** Ends the program. */
  QUIT,
  /** Erases the last character. */
  ERASE,
  /** A character of a text that is typed. */
  TEXT
}
