package dev.holdfast;

/** What a node was told to do. */
public enum NodeOrder {
  /** Claim and run jobs. */
  RUN,
  /** Claim no more; what runs goes on to its end. */
  DRAIN
}
