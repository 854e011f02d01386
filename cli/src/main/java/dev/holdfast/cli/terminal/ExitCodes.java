package dev.holdfast.cli.terminal;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ConfigException;
import dev.holdfast.config.Origin;

/** What the program's exit codes mean; scripts rely on them. */
public final class ExitCodes {
  /** Done; an empty answer too. */
  public static final int OK = 0;

  /** The work itself failed: some job did. */
  public static final int FAILED = 1;

  /** Asked in a wrong way: an option, an id or a payload is malformed. */
  public static final int USAGE = 2;

  /** There is no such job or database. */
  public static final int NOT_FOUND = 3;

  /** The job's state forbids it. */
  public static final int CONFLICT = 4;

  /** The store does not answer. */
  public static final int UNAVAILABLE = 69;

  /** A mistake in Holdfast. */
  public static final int BUG = 70;

  /** Reading or writing failed, or the file is no database of Holdfast. */
  public static final int IO = 74;

  /** Somebody else is at it: try again. */
  public static final int BUSY = 75;

  /** Not permitted. */
  public static final int PERMISSION = 77;

  /** The configuration has mistakes. */
  public static final int CONFIG = 78;

  /** The reader of our output went away. */
  public static final int PIPE_CLOSED = 128 + 13;

  private ExitCodes() {}

  /** The code that tells of {@code failure}. */
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

  /** A wrong option is a wrong use, whoever found it; what stands elsewhere is configuration. */
  public static int of(ConfigException mistakes) {
    return mistakes.mistakes().stream()
            .allMatch(mistake -> mistake.origin().layer() == Origin.Layer.FLAG)
        ? USAGE
        : CONFIG;
  }

  /** The code of a program that a signal ended. */
  public static int ofSignal(int number) {
    return 128 + number;
  }
}
