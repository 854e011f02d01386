package dev.holdfast.torture.strangers;

import java.util.Set;

/** A lock on a part of the store, held by a session outside Holdfast until it ends. */
public interface Hold {

  /** Returns a name of the locked things, without spaces. */
  String what();

  /** Returns the jobs, and the names of queues and nodes, whose rows are locked. */
  Set<String> rows();

  /** Releases the lock. */
  void end();
}
