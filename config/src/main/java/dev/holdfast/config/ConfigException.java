package dev.holdfast.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when the configuration has mistakes; nothing was done. Not a {@link
 * dev.holdfast.error.HoldfastException}: those come from a queue, and no queue has been opened yet.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  ConfigException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; ")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Returns all mistakes, at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
