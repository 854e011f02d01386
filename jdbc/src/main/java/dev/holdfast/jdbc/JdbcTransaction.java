package dev.holdfast.jdbc;

import dev.holdfast.Transaction;
import dev.holdfast.error.InvalidRequestException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A caller's own JDBC transaction, for enqueuing together with other writes.
 *
 * <pre>{@code
 * connection.setAutoCommit(false);
 * insertOrder(connection);
 * holdfast.in(JdbcTransaction.of(connection)).enqueue(NewJob.of("invoice", order));
 * connection.commit(); // the order and its job become durable together
 * }</pre>
 *
 * @param connection the caller's connection, to the database that holds the queue, with auto-commit
 *     off; Holdfast never commits, rolls back or closes it
 */
public record JdbcTransaction(Connection connection) implements Transaction {

  /**
   * Wraps the transaction that is open on {@code connection}.
   *
   * @throws InvalidRequestException if auto-commit is on, as there is no transaction then
   */
  public static JdbcTransaction of(Connection connection) {
    try {
      if (connection.getAutoCommit()) {
        throw new InvalidRequestException(
            "the connection is in auto-commit mode: call setAutoCommit(false) before, commit"
                + " after");
      }
    } catch (SQLException closed) {
      throw new InvalidRequestException(
          "the connection cannot be used: " + closed.getMessage(), closed);
    }
    return new JdbcTransaction(connection);
  }
}
