package dev.holdfast.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the log.
 *
 * @param level the minimum level
 * @param format the format of a line
 * @param file the file that lines are appended to; empty for standard error
 * @param maxMegabytes the size at which the file is rotated; empty for no limit
 * @param kept number of rotated files to keep
 */
public record LogConfig(
    Level level, Format format, Optional<Path> file, Optional<Integer> maxMegabytes, int kept) {

  /** The format of a line. */
  public enum Format {
    /** Text for people: time, level, message, facts. */
    TEXT,
    /** JSON for programs: an object per line. */
    JSON
  }

  /** The levels, each more verbose than the one before. */
  public enum Level {
    /** Logs nothing. */
    OFF,
    /** Losses and failures. */
    ERROR,
    /** Conditions that somebody should look at. */
    WARN,
    /** Operational events. */
    INFO,
    /** Expected races, and stack traces. */
    DEBUG,
    /** All messages. */
    TRACE
  }
}
