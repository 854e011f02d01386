package dev.holdfast;

import java.util.UUID;

/**
 * The identity of a node: a random 128-bit incarnation, new at each start. Host names and
 * configured names can be shared by two processes or reused by the next one; this cannot.
 *
 * @param value the incarnation
 */
public record NodeId(UUID value) {

  /** The usual form with hyphens, 36 characters. */
  @Override
  public String toString() {
    return value.toString();
  }
}
