package dev.holdfast.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration has mistakes; nothing was done. Not a {@link dev.holdfast.HoldfastException}:
 * those are what a queue answers to its callers, and no queue was opened yet.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  ConfigException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; ")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** All of them, at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
