package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A handler whose effect and completion are one transaction. */
public final class ExactlyOnce {
  private ExactlyOnce() {}

  /** Prints the balance after one deposit; the queue's file is the first argument. */
  public static void main(String[] args) throws Exception {
    System.out.println(deposit(args.length > 0 ? args[0] : "jobs.db"));
  }

  static int deposit(String file) throws SQLException, ExecutionException, InterruptedException {
    String url = "jdbc:sqlite:" + file;
    try (Holdfast holdfast = Holdfast.open(file)) {
      createTable(url);
      holdfast.handle("deposit", Integer.class, (cents, job) -> deposit(url, cents, job));
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("deposit", 500)).id();
      Job unused = holdfast.await(id, Duration.ofSeconds(30)).get();
      return balance(url);
    }
  }

  // snippet: complete-in
  private static Object deposit(String url, int cents, JobContext job) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      add(connection, cents);
      job.completeIn(JdbcTransaction.of(connection), "booked");
      connection.commit(); // the money and the job's completion, or neither
      return "booked";
    }
  }

  // end

  private static void add(Connection connection, int cents) throws SQLException {
    String sql = "update accounts set cents = cents + ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, cents);
      statement.executeUpdate();
    }
  }

  private static void createTable(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("create table accounts (cents integer not null)");
      statement.execute("insert into accounts values (0)");
    }
  }

  private static int balance(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select cents from accounts")) {
      row.next();
      return row.getInt(1);
    }
  }
}
