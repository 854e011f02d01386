package dev.holdfast;

import java.util.UUID;

/**
 * The identity of a node: a random 128-bit number, new at each start. Host names and configured
 * names can be shared by two processes or reused by the next one; a node id cannot.
 *
 * @param value the number
 */
public record NodeId(UUID value) {

  /** Returns the standard 36-character form with hyphens. */
  @Override
  public String toString() {
    return value.toString();
  }
}
