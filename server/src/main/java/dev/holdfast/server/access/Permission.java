package dev.holdfast.server.access;

import dev.holdfast.spi.Role;

/** What a route asks of its callers. Roles have it as {@link #isGivenTo} says. */
public enum Permission {
  /** Nothing: for everyone, without a token. */
  NONE,
  /** To look. */
  SEE,
  /** To put jobs in. */
  ENQUEUE,
  /** To claim jobs and run them. */
  WORK,
  /** To steer jobs, queues and nodes. */
  OPERATE,
  /** To decide who may do what, and over the database itself. */
  ADMINISTER;

  /** Whether a role has it. */
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
   * Whether it is written down who made use of it. What workers and producers do stands in jobs.
   */
  public boolean isAudited() {
    return this == OPERATE || this == ADMINISTER;
  }
}
