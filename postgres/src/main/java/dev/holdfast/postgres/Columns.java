package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Texts;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Converts rows to columns, each a PostgreSQL array.
 *
 * @param <T> the type of a row
 */
final class Columns<T> {
  private final Session session;
  private final List<T> rows;

  Columns(Session session, List<T> rows) {
    this.session = session;
    this.rows = rows;
  }

  Array ids(Function<T, UUID> column) {
    return IdArray.of(session, rows.stream().map(column).toArray(UUID[]::new));
  }

  Array texts(Function<T, String> column) {
    return array(
        session, "text", rows.stream().map(column).map(Texts::storable).toArray(String[]::new));
  }

  Array maybeTexts(Function<T, Optional<String>> column) {
    return array(
        session,
        "text",
        rows.stream()
            .map(row -> column.apply(row).map(Texts::storable).orElse(null))
            .toArray(String[]::new));
  }

  Array numbers(ToLongFunction<T> column) {
    return array(session, "int8", rows.stream().mapToLong(column).boxed().toArray(Long[]::new));
  }

  Array maybeNumbers(Function<T, Optional<Long>> column) {
    return array(
        session,
        "int8",
        rows.stream().map(row -> column.apply(row).orElse(null)).toArray(Long[]::new));
  }

  static Array textArray(Session session, Collection<String> texts) {
    return array(session, "text", texts.toArray(String[]::new));
  }

  private static Array array(Session session, String type, @Nullable Object[] values) {
    try {
      return session.connection().createArrayOf(type, values);
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }
}
