package dev.holdfast.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is logged, and where.
 *
 * @param level the least grave that is logged
 * @param format how a line is written
 * @param file the file that lines are appended to; empty for standard error
 * @param maxMegabytes how large the file may grow before it is set aside; empty for no limit
 * @param kept how many files that were set aside are kept
 */
public record LogConfig(
    Level level, Format format, Optional<Path> file, Optional<Integer> maxMegabytes, int kept) {

  /** How a line is written. */
  public enum Format {
    /** For people: time, level, message, facts. */
    TEXT,
    /** For programs: a JSON object a line. */
    JSON
  }

  /** How much is logged, each more than the one before. */
  public enum Level {
    /** Nothing. */
    OFF,
    /** What is lost or broken. */
    ERROR,
    /** What somebody should look at. */
    WARN,
    /** What operators follow. */
    INFO,
    /** Expected races, and stack traces. */
    DEBUG,
    /** Everything. */
    TRACE
  }
}
