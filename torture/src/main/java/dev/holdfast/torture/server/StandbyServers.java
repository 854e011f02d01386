package dev.holdfast.torture.server;

import java.time.Duration;

/** Servers of which a standby takes over when the primary is killed. */
public interface StandbyServers extends Server {

  /** Returns the longest time from a kill until there were a primary and a standby again. */
  Duration longestOutage();
}
