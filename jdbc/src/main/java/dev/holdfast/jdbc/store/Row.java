package dev.holdfast.jdbc.store;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The current row of a result, read by column number or name. */
public final class Row {
  private final ResultSet results;

  Row(ResultSet results) {
    this.results = results;
  }

  private interface Read<T> {
    T from(ResultSet results) throws SQLException;
  }

  private <T> T read(Read<T> read) {
    try {
      return read.from(results);
    } catch (SQLException failure) {
      throw new IllegalStateException("a column cannot be read: a bug", failure);
    }
  }

  /** A number. */
  public long number(int column) {
    return read(r -> r.getLong(column));
  }

  /** A number. */
  public long number(String column) {
    return read(r -> r.getLong(column));
  }

  /** A small number. */
  public int count(int column) {
    return read(r -> r.getInt(column));
  }

  /** A small number. */
  public int count(String column) {
    return read(r -> r.getInt(column));
  }

  /** A text that is there. */
  public String text(int column) {
    return read(r -> r.getString(column));
  }

  /** A text that is there. */
  public String text(String column) {
    return read(r -> r.getString(column));
  }

  /** A text, if it is there. */
  public Optional<String> maybeText(int column) {
    return Optional.ofNullable(this.<@Nullable String>read(r -> r.getString(column)));
  }

  /** A text, if it is there. */
  public Optional<String> maybeText(String column) {
    return Optional.ofNullable(this.<@Nullable String>read(r -> r.getString(column)));
  }

  /** A number, if it is there. */
  public Optional<Long> maybeNumber(int column) {
    return read(
        r -> {
          long number = r.getLong(column);
          return r.wasNull() ? Optional.<Long>empty() : Optional.of(number);
        });
  }

  /** A number, if it is there. */
  public Optional<Long> maybeNumber(String column) {
    return read(
        r -> {
          long number = r.getLong(column);
          return r.wasNull() ? Optional.<Long>empty() : Optional.of(number);
        });
  }

  /** A UUID, stored as such or as 16 bytes. */
  public UUID id(int column) {
    return uuid(read(r -> r.getObject(column)));
  }

  /** A UUID, stored as such or as 16 bytes. */
  public UUID id(String column) {
    return uuid(read(r -> r.getObject(column)));
  }

  /** A UUID, if it is there. */
  public Optional<UUID> maybeId(int column) {
    return Optional.ofNullable(this.<@Nullable Object>read(r -> r.getObject(column)))
        .map(Row::uuid);
  }

  /** A UUID, if it is there. */
  public Optional<UUID> maybeId(String column) {
    return Optional.ofNullable(this.<@Nullable Object>read(r -> r.getObject(column)))
        .map(Row::uuid);
  }

  private static UUID uuid(Object stored) {
    if (stored instanceof UUID uuid) {
      return uuid;
    }
    ByteBuffer bytes = ByteBuffer.wrap((byte[]) stored);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** A time. */
  public Instant instant(String column) {
    return Micros.toInstant(number(column));
  }

  /** A time, if it is there. */
  public Optional<Instant> maybeInstant(String column) {
    return maybeNumber(column).map(Micros::toInstant);
  }
}
