package dev.holdfast.timetable;

/** Action of a schedule at a fire time when its previous job has not finished. */
public enum Overlap {
  /** Creates the next job anyway. */
  ALLOW,
  /** Skips the fire time. */
  SKIP
}
