package dev.holdfast.cli.log;

import dev.holdfast.config.Configuration;
import dev.holdfast.config.LogConfig;
import dev.holdfast.config.Origin;

/** The purpose of a command, as far as it decides what is logged. */
public enum LogUse {
  /** A single action: logs as configured. */
  ACTION,
  /** Items that the command reports on itself: their dead letters are not logged as well. */
  ITEMS,
  /** Work that goes on: at a terminal, INFO if no level was configured. */
  SERVICE;

  private static final String LEVEL = "log.level";

  /**
   * Returns how to log.
   *
   * @param isTerminal whether somebody watches standard error
   */
  public LogConfig of(Configuration configuration, boolean isTerminal) {
    LogConfig log = configuration.settings().log();
    boolean isWatched = this == SERVICE && isTerminal && log.file().isEmpty();
    return isWatched && isDefault(configuration)
        ? new LogConfig(
            LogConfig.Level.INFO, log.format(), log.file(), log.maxMegabytes(), log.kept())
        : log;
  }

  private static boolean isDefault(Configuration configuration) {
    return configuration.entries().stream()
        .filter(entry -> entry.key().equals(LEVEL))
        .allMatch(entry -> entry.origin().layer() == Origin.Layer.DEFAULT);
  }
}
