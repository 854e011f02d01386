package dev.holdfast.cli.terminal;

import dev.holdfast.config.ConfigException;
import dev.holdfast.config.Origin;
import dev.holdfast.error.HoldfastException;

/** The exit codes of the program; scripts rely on them. */
public final class ExitCodes {
  /** Success, including an empty result. */
  public static final int OK = 0;

  /** The work itself failed: a job did. */
  public static final int FAILED = 1;

  /** Wrong usage: an option, an id or a payload is malformed. */
  public static final int USAGE = 2;

  /** There is no such job or database. */
  public static final int NOT_FOUND = 3;

  /** The job's state forbids it. */
  public static final int CONFLICT = 4;

  /** The store does not answer. */
  public static final int UNAVAILABLE = 69;

  /** A bug in Holdfast. */
  public static final int BUG = 70;

  /** Reading or writing failed, or the file is not a Holdfast database. */
  public static final int IO = 74;

  /** In use by another process: try again. */
  public static final int BUSY = 75;

  /** Not permitted. */
  public static final int PERMISSION = 77;

  /** The configuration has errors. */
  public static final int CONFIG = 78;

  /** The reader of our output went away. */
  public static final int PIPE_CLOSED = 128 + 13;

  private ExitCodes() {}

  /** Returns the exit code for {@code failure}. */
  public static int of(HoldfastException failure) {
    return switch (failure.code()) {
      case INVALID -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case CONFLICT, STALE_LEASE -> CONFLICT;
      case UNAVAILABLE -> UNAVAILABLE;
      case STORAGE, SCHEMA -> IO;
      case BUSY -> BUSY;
      case PERMISSION -> PERMISSION;
    };
  }

  /**
   * Returns the exit code for configuration errors: wrong usage if all are in options, else
   * configuration.
   */
  public static int of(ConfigException mistakes) {
    return mistakes.mistakes().stream()
            .allMatch(mistake -> mistake.origin().layer() == Origin.Layer.FLAG)
        ? USAGE
        : CONFIG;
  }

  /** Returns the exit code of a program that a signal ended. */
  public static int ofSignal(int number) {
    return 128 + number;
  }
}
