package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** An order and its job that are committed together, or not at all. */
public final class OwnTransaction {
  private OwnTransaction() {}

  /**
   * Prints the number of jobs after one order and one rollback; the queue's file is the first
   * argument.
   */
  public static void main(String[] args) throws SQLException {
    System.out.println(orderAndMistake(args.length > 0 ? args[0] : "jobs.db"));
  }

  static int orderAndMistake(String file) throws SQLException {
    try (Holdfast holdfast = Holdfast.open(file);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      createTable(connection);
      order(holdfast, connection, "A-1");
      mistake(holdfast, connection, "A-2");
      return holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items().size();
    }
  }

  private static void createTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists orders (number text primary key)");
    }
  }

  // snippet: commit
  static void order(Holdfast holdfast, Connection connection, String number) throws SQLException {
    connection.setAutoCommit(false);
    insert(connection, number);
    holdfast.queue().in(JdbcTransaction.of(connection)).enqueue(NewJob.of("invoice", number));
    connection.commit(); // the order and its job become durable together
  }

  // end

  private static void mistake(Holdfast holdfast, Connection connection, String number)
      throws SQLException {
    connection.setAutoCommit(false);
    insert(connection, number);
    holdfast.queue().in(JdbcTransaction.of(connection)).enqueue(NewJob.of("invoice", number));
    connection.rollback(); // neither of them is stored
  }

  private static void insert(Connection connection, String number) throws SQLException {
    String sql = "insert into orders (number) values (?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, number);
      statement.executeUpdate();
    }
  }
}
