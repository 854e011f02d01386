package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of callers, whose connections must be left as they were. */
@Tag("R-04")
@Timeout(120)
final class CallersTransactionTest {
  private static TestDatabase database;

  private Holdfast holdfast;
  private Connection connection;

  @BeforeAll
  static void createDatabase() {
    database = TestDatabase.on(18);
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @BeforeEach
  void open() throws SQLException {
    database.empty();
    holdfast = Holdfast.open(database.url());
    connection = DriverManager.getConnection(database.url() + "&ApplicationName=theirs");
    execute("create schema if not exists shop");
    execute("create table if not exists shop.orders (number int)");
    execute("truncate shop.orders");
    execute("set search_path = shop");
    execute("set lock_timeout = '100ms'");
    execute("set statement_timeout = '30s'");
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    holdfast.close();
  }

  @Test
  void its_settings_are_as_before_after_an_enqueue() throws SQLException {
    Map<String, String> before = settings();

    inside().enqueue(NewJob.of("invoice", "order 42"));

    assertThat(settings()).isEqualTo(before);
    connection.commit();
    assertThat(settings()).isEqualTo(before);
  }

  @Test
  void its_settings_are_as_before_after_a_refusal_and_the_callers_rows_go_into_its_own_table()
      throws SQLException {
    Map<String, String> before = settings();

    assertThatThrownBy(
            () -> inside().enqueue(NewJob.of("invoice", "x").after(holdfast.queue().newId())))
        .isInstanceOf(InvalidRequestException.class);

    assertThat(settings()).isEqualTo(before);
    execute("insert into orders values (42)");
    connection.commit();
    assertThat(settings()).isEqualTo(before);
    assertThat(number("select count(*) from shop.orders")).isEqualTo(1);
  }

  @Test
  void its_settings_are_as_before_when_it_goes_back_to_its_savepoint_after_an_error()
      throws SQLException {
    execute("insert into orders values (41)");
    Map<String, String> before = settings();
    Savepoint savepoint = connection.setSavepoint();

    try (Connection other = DriverManager.getConnection(database.url())) {
      other.setAutoCommit(false);
      holdfast
          .queue()
          .in(JdbcTransaction.of(other))
          .enqueue(NewJob.of("invoice", "x").unique("42"));
      assertThatThrownBy(() -> inside().enqueue(NewJob.of("invoice", "x").unique("42")))
          .isInstanceOf(BusyException.class);
      other.rollback();
    }
    connection.rollback(savepoint);

    assertThat(settings()).isEqualTo(before);
    inside().enqueue(NewJob.of("invoice", "x").unique("42"));
    connection.commit();
    assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items()).hasSize(1);
  }

  @Test
  void a_connection_that_is_closed_without_rollback_leaves_nothing_behind() throws SQLException {
    JobId id = inside().enqueue(NewJob.of("invoice", "x")).id();

    connection.close();
    connection.close();

    assertThat(holdfast.enqueue(NewJob.of("invoice", "after"))).isNotNull();
    assertThat(holdfast.find(id)).isEmpty();
  }

  private JobQueue inside() {
    return holdfast.queue().in(JdbcTransaction.of(connection));
  }

  private Map<String, String> settings() throws SQLException {
    Map<String, String> all = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select name, setting from pg_settings"
                    + " where name not like 'plpgsql.%'")) { // there from a trigger's first run on
      while (rows.next()) {
        all.put(rows.getString(1), String.valueOf(rows.getString(2)));
      }
    }
    all.put("jdbc", connection.getAutoCommit() + " " + connection.isReadOnly());
    return all;
  }

  private long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
