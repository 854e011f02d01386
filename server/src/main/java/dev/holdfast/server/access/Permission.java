package dev.holdfast.server.access;

import dev.holdfast.spi.server.Role;

/**
 * The permission that a route requires of its callers. {@link #isGivenTo} maps roles to
 * permissions.
 */
public enum Permission {
  /** No permission: open to everyone, without a token. */
  NONE,
  /** Permission to read. */
  SEE,
  /** Permission to enqueue jobs. */
  ENQUEUE,
  /** Permission to claim jobs and run them. */
  WORK,
  /** Permission to control jobs, queues and nodes. */
  OPERATE,
  /** Permission to manage tokens and the database itself. */
  ADMINISTER;

  /** Returns whether a role has this permission. */
  public boolean isGivenTo(Role role) {
    return role == Role.ADMIN
        || switch (this) {
          case NONE -> true;
          case SEE -> role == Role.VIEWER || role == Role.OPERATOR || role == Role.PRODUCER;
          case ENQUEUE -> role == Role.PRODUCER;
          case WORK -> role == Role.WORKER;
          case OPERATE -> role == Role.OPERATOR;
          case ADMINISTER -> false;
        };
  }

  /**
   * Returns whether its use is recorded in the audit log. The history of jobs records actions of
   * workers and producers.
   */
  public boolean isAudited() {
    return this == OPERATE || this == ADMINISTER;
  }
}
