package dev.holdfast.server.access;

import dev.holdfast.spi.Role;
import java.util.EnumSet;
import java.util.Set;

/** What a route asks of its callers. Each names the roles that have it; nobody else does. */
public enum Permission {
  /** Nothing: for everyone, without a token. */
  NONE(EnumSet.allOf(Role.class)),
  /** To look. */
  SEE(EnumSet.of(Role.VIEWER, Role.OPERATOR, Role.PRODUCER, Role.ADMIN)),
  /** To put jobs in. */
  ENQUEUE(EnumSet.of(Role.PRODUCER, Role.ADMIN)),
  /** To claim jobs and run them. */
  WORK(EnumSet.of(Role.WORKER, Role.ADMIN)),
  /** To steer jobs, queues and nodes. */
  OPERATE(EnumSet.of(Role.OPERATOR, Role.ADMIN)),
  /** To decide who may do what, and over the database itself. */
  ADMINISTER(EnumSet.of(Role.ADMIN));

  private final Set<Role> roles;

  Permission(Set<Role> roles) {
    this.roles = roles;
  }

  /** Whether a role has it. */
  public boolean isGivenTo(Role role) {
    return roles.contains(role);
  }

  /**
   * Whether it is written down who made use of it. What workers and producers do stands in jobs.
   */
  public boolean isAudited() {
    return this == OPERATE || this == ADMINISTER;
  }
}
