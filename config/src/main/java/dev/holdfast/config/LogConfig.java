package dev.holdfast.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is logged, and where.
 *
 * @param level the least grave that is logged
 * @param file the file that lines are appended to; empty for standard error
 */
public record LogConfig(Level level, Optional<Path> file) {

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
