package dev.holdfast.jdbc.sql;

import java.util.List;
import java.util.Optional;

/** A job's tags as stored. */
public final class Tags {
  private Tags() {}

  /** Returns a JSON array; empty if there are none. */
  public static Optional<String> json(List<String> tags) {
    return tags.isEmpty() ? Optional.empty() : Optional.of(Json.write(tags));
  }
}
