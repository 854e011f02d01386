package dev.holdfast.spi;

/** What the holder of a token may do. */
public enum Role {
  /** Look. */
  VIEWER,
  /** Look, and steer jobs, queues and nodes. */
  OPERATOR,
  /** Enqueue jobs and look at them. */
  PRODUCER,
  /** Claim jobs and run them. */
  WORKER,
  /** Everything. */
  ADMIN
}
