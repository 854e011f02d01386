package dev.holdfast.spi.server;

import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.List;

/** The part of a {@link JobStore} that keeps alerts. */
public interface AlertStore {

  /** Writes a rule, replacing the one with its name if there is one; it begins as not raised. */
  void put(AlertRule rule, String by);

  /** Returns all alerts by name. */
  List<Alert> list();

  /** Removes a rule. @return whether there was one */
  boolean remove(String name);

  /**
   * Measures rules not measured for {@code interval}, and raises and clears alerts. One of
   * concurrent calls does it; webhooks are notified once of each alert raised or cleared.
   *
   * @return the alerts raised or cleared now
   */
  List<Alert> watch(Duration interval);
}
