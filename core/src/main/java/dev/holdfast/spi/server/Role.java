package dev.holdfast.spi.server;

/** The permissions of a token. */
public enum Role {
  /** Read access. */
  VIEWER,
  /** Read access, and control of jobs, queues and nodes. */
  OPERATOR,
  /** Enqueues jobs and reads them. */
  PRODUCER,
  /** Claims jobs and runs them. */
  WORKER,
  /** Full access. */
  ADMIN
}
