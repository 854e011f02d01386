package dev.holdfast.jdbc.sql;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A statement that is being bound and run. */
public final class Bound {
  private final Sql sql;
  private final PreparedStatement statement;
  private final Function<UUID, Object> ids;
  private final Function<SQLException, RuntimeException> errors;
  private final Consumer<SQLWarning> warnings;
  private int next = 1; // for binding by position

  Bound(
      Sql sql,
      PreparedStatement statement,
      Function<UUID, Object> ids,
      Function<SQLException, RuntimeException> errors,
      Consumer<SQLWarning> warnings) {
    this.warnings = warnings;
    this.sql = sql;
    this.statement = statement;
    this.ids = ids;
    this.errors = errors;
  }

  /** Binds an id. */
  public Bound set(String name, JobId id) {
    return bind(name, ids.apply(id.value()));
  }

  /** Binds a node. */
  public Bound set(String name, NodeId id) {
    return bind(name, ids.apply(id.value()));
  }

  /** Binds a number. */
  public Bound set(String name, long number) {
    return bind(name, number);
  }

  /** Binds a text, or NULL. */
  public Bound set(String name, @Nullable String text) {
    return bind(name, text);
  }

  /** Binds many values at once, where the database has arrays. */
  public Bound set(String name, Array values) {
    return bind(name, values);
  }

  /** Binds a text, a number or an id; NULL when empty. */
  public Bound set(String name, Optional<?> value) {
    return bind(name, value.map(this::plain).orElse(null));
  }

  private Object plain(Object value) {
    if (value instanceof NodeId node) {
      return ids.apply(node.value());
    }
    return value instanceof JobId id ? ids.apply(id.value()) : value;
  }

  private Bound bind(String name, @Nullable Object value) {
    List<String> parameters = sql.parameters();
    boolean known = false;
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).equals(name)) {
        known = true;
        put(i + 1, value);
      }
    }
    if (!known) {
      throw new IllegalStateException("no parameter :%s in %s: a bug".formatted(name, sql));
    }
    return this;
  }

  /** Binds the next parameter in order; for statements with many rows of equal shape. */
  public Bound next(@Nullable Object value) {
    put(next++, value);
    return this;
  }

  /** Binds the next parameter in order to an id. */
  public Bound nextId(UUID id) {
    return next(ids.apply(id));
  }

  private void put(int index, @Nullable Object value) {
    try {
      if (value == null) {
        statement.setNull(index, Types.NULL);
      } else if (value instanceof String text) {
        statement.setString(index, Texts.storable(text));
      } else if (value instanceof Long number) {
        statement.setLong(index, number);
      } else if (value instanceof Integer number) {
        statement.setInt(index, number);
      } else if (value instanceof byte[] bytes) {
        statement.setBytes(index, bytes);
      } else {
        statement.setObject(index, value);
      }
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Runs a write. @return how many rows it changed */
  public int update() {
    try {
      int rows = statement.executeUpdate();
      passOnWarnings();
      return rows;
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Runs a write once for each item, as a batch. @return how many rows each run changed */
  <T> int[] updateEach(Collection<T> items, BiConsumer<Bound, T> binder) {
    int[] rows;
    try {
      for (T item : items) {
        binder.accept(this, item);
        statement.addBatch();
      }
      rows = statement.executeBatch();
      passOnWarnings();
    } catch (SQLException failure) {
      RuntimeException meaning = errors.apply(failure);
      clearQuietly(meaning);
      throw meaning;
    } catch (RuntimeException | Error failure) {
      clearQuietly(failure);
      throw failure;
    }
    clear();
    return rows;
  }

  private void clearQuietly(Throwable because) {
    try {
      clear();
    } catch (RuntimeException failedAsWell) {
      because.addSuppressed(failedAsWell);
    }
  }

  /** Discards what was added to the batch. */
  private void clear() {
    try {
      statement.clearBatch();
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  private void passOnWarnings() throws SQLException {
    SQLWarning warning = statement.getWarnings();
    if (warning != null) {
      warnings.accept(warning);
    }
  }

  /** Executes any statement. */
  public void execute() {
    try {
      statement.execute();
      passOnWarnings();
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Runs a query and maps each row. */
  public <T> List<T> list(Function<Row, T> mapper) {
    return listUntil(mapped -> false, mapper);
  }

  /** Runs a query and maps rows until {@code enough} accepts the one just mapped. */
  public <T> List<T> listUntil(Predicate<? super T> enough, Function<Row, T> mapper) {
    try (ResultSet results = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      Row row = new Row(results, errors);
      while (results.next()) {
        T mapped = mapper.apply(row);
        all.add(mapped);
        if (enough.test(mapped)) {
          break;
        }
      }
      passOnWarnings();
      return all;
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Runs a query for at most one row. */
  public <T> Optional<T> first(Function<Row, T> mapper) {
    List<T> all = list(mapper);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /** Runs a query for one number. */
  public long number() {
    return first(row -> row.number(1)).orElse(0L);
  }
}
