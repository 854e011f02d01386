package dev.holdfast;

/** What a schedule does at a slot when the job that it made before has not finished. */
public enum Overlap {
  /** It makes the next job all the same. */
  ALLOW,
  /** It passes over the slot. */
  SKIP
}
