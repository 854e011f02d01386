package dev.holdfast.spi;

import java.time.Duration;
import java.util.List;

/** The part of a {@link JobStore} that keeps what is watched. */
public interface AlertStore {

  /** Writes a rule, in place of the one with its name if there is one; it begins as not raised. */
  void put(AlertRule rule, String by);

  /** All of them by their names. */
  List<Alert> list();

  /** Stops to watch something. @return whether it was watched */
  boolean remove(String name);

  /**
   * Measures what nobody has measured for {@code interval}, raises what is not as it should be, and
   * clears what is so again. Of many that look at the same time one does it, and that an alert was
   * raised or cleared is told to webhooks, once.
   *
   * @return those that were raised or cleared now
   */
  List<Alert> watch(Duration interval);
}
