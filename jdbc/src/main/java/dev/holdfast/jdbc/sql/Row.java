package dev.holdfast.jdbc.sql;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The current row of a result, read by column number or name. */
public final class Row {
  private final ResultSet results;
  private final Function<SQLException, RuntimeException> errors;

  Row(ResultSet results, Function<SQLException, RuntimeException> errors) {
    this.results = results;
    this.errors = errors;
  }

  private interface Read<T> {
    T from(ResultSet results) throws SQLException;
  }

  private <T> T read(Read<T> read) {
    try {
      return read.from(results);
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Returns a number. */
  public long number(int column) {
    return read(r -> r.getLong(column));
  }

  /** Returns a number. */
  public long number(String column) {
    return read(r -> r.getLong(column));
  }

  /** Returns a number as an {@code int}. */
  public int count(int column) {
    return read(r -> r.getInt(column));
  }

  /** Returns a number as an {@code int}. */
  public int count(String column) {
    return read(r -> r.getInt(column));
  }

  /** Returns a text that is not NULL. */
  public String text(int column) {
    return read(r -> r.getString(column));
  }

  /** Returns a text that is not NULL. */
  public String text(String column) {
    return read(r -> r.getString(column));
  }

  /** Returns a text; empty for NULL. */
  public Optional<String> maybeText(int column) {
    return Optional.ofNullable(this.<@Nullable String>read(r -> r.getString(column)));
  }

  /** Returns a text; empty for NULL. */
  public Optional<String> maybeText(String column) {
    return Optional.ofNullable(this.<@Nullable String>read(r -> r.getString(column)));
  }

  /** Returns a number; empty for NULL. */
  public Optional<Long> maybeNumber(int column) {
    return read(
        r -> {
          long number = r.getLong(column);
          return r.wasNull() ? Optional.<Long>empty() : Optional.of(number);
        });
  }

  /** Returns a number; empty for NULL. */
  public Optional<Long> maybeNumber(String column) {
    return read(
        r -> {
          long number = r.getLong(column);
          return r.wasNull() ? Optional.<Long>empty() : Optional.of(number);
        });
  }

  /** Returns a UUID, stored as such or as 16 bytes. */
  public UUID id(int column) {
    return uuid(read(r -> r.getObject(column)));
  }

  /** Returns a UUID, stored as such or as 16 bytes. */
  public UUID id(String column) {
    return uuid(read(r -> r.getObject(column)));
  }

  /** Returns a UUID; empty for NULL. */
  public Optional<UUID> maybeId(int column) {
    return Optional.ofNullable(this.<@Nullable Object>read(r -> r.getObject(column)))
        .map(Row::uuid);
  }

  /** Returns a UUID; empty for NULL. */
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

  /** Returns a time. */
  public Instant instant(String column) {
    return Micros.toInstant(number(column));
  }

  /** Returns a time; empty for NULL. */
  public Optional<Instant> maybeInstant(String column) {
    return maybeNumber(column).map(Micros::toInstant);
  }
}
