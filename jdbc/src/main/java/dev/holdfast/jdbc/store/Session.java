package dev.holdfast.jdbc.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A connection with its prepared statements, each prepared once. Used by one thread at a time. */
public final class Session implements AutoCloseable {
  private final Connection connection;
  private final Function<UUID, Object> ids;
  private final Function<SQLException, RuntimeException> errors;
  private final Consumer<SQLWarning> warnings;
  private final IdentityHashMap<Sql, PreparedStatement> prepared = new IdentityHashMap<>();

  /**
   * @param ids how the dialect stores a UUID
   * @param errors what a database error means
   */
  public Session(
      Connection connection,
      Function<UUID, Object> ids,
      Function<SQLException, RuntimeException> errors) {
    this(connection, ids, errors, warning -> {});
  }

  /**
   * @param warnings told of what the database warned of when a statement was run
   */
  public Session(
      Connection connection,
      Function<UUID, Object> ids,
      Function<SQLException, RuntimeException> errors,
      Consumer<SQLWarning> warnings) {
    this.warnings = warnings;
    this.connection = connection;
    this.ids = ids;
    this.errors = errors;
  }

  /** The statement, ready to be bound and run. What was bound before is forgotten. */
  public Bound sql(Sql sql) {
    try {
      PreparedStatement statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql.text());
        prepared.put(sql, statement);
      }
      return new Bound(sql, statement, ids, errors, warnings);
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /**
   * Runs a write once for each item, on its way to the database together with others where that
   * saves time.
   *
   * @return how many rows each run changed
   */
  <T> int[] updateEach(Sql sql, Collection<T> items, BiConsumer<Bound, T> binder) {
    if (items.isEmpty()) {
      return new int[0];
    }
    Bound bound = sql(sql);
    try {
      for (T item : items) {
        binder.accept(bound, item);
        bound.add();
      }
      return bound.updateAll();
    } finally {
      bound.clear();
    }
  }

  /**
   * Runs queries that all see the database as it is at one instant. Where a pooler gives the
   * connection within a transaction, each sees its own instant: the first of them is the oldest.
   */
  <T> T atOneInstant(Supplier<T> queries) {
    try {
      if (!connection.getAutoCommit()) {
        return queries.get();
      }
      int isolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(
          Connection.TRANSACTION_SERIALIZABLE); // all engines have it
      connection.setAutoCommit(false);
      try {
        return queries.get();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(isolation);
      }
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Runs a statement without parameters. */
  public void execute(Sql sql) {
    sql(sql).execute();
  }

  /** Passes on what the database warned of where no statement of this session was run. */
  public void warnOf(SQLWarning warning) {
    warnings.accept(warning);
  }

  /** What {@code failure} means to a caller. */
  public RuntimeException meaning(SQLException failure) {
    return errors.apply(failure);
  }

  /** The connection, for what only a dialect knows. */
  public Connection connection() {
    return connection;
  }

  /** Closes the statements; the connection as well. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }

  /** Closes the statements and leaves the connection to its owner. */
  public void release() {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
    } catch (SQLException failure) {
      throw errors.apply(failure);
    }
  }
}
