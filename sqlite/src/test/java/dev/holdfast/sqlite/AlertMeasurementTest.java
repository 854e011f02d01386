package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AlertRule.Kind;
import dev.holdfast.test.time.MovableTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measurements of alerts, which may read very many jobs. */
@Tag("R-45")
final class AlertMeasurementTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  @TempDir private Path folder;
  private final AtomicInteger measured = new AtomicInteger();

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RECOVERIES")
  void leave_the_write_lock_to_others(Kind kind) {
    try (JobStore store = new SqliteUnderTest(folder).open(new MovableTime(), this::watched)) {
      AlertRule rule =
          new AlertRule("a", kind, Optional.empty(), Optional.empty(), Duration.ofMinutes(1), 1, 1);
      store.server().alerts().put(rule, "ada");

      assertThat(store.server().alerts().watch(INTERVAL)).isEmpty();
      assertThat(measured).hasValue(1);
    }
  }

  @Test
  void that_fail_do_not_keep_other_alerts_from_being_measured() throws SQLException {
    MovableTime time = new MovableTime();
    try (JobStore store = new SqliteUnderTest(folder).open(time)) {
      for (String name : new String[] {"a", "b"}) {
        AlertRule rule =
            new AlertRule(
                name, Kind.STUCK, Optional.empty(), Optional.empty(), Duration.ofMinutes(1), 1, 1);
        store.server().alerts().put(rule, "ada");
      }
      change("update alerts set over_us = 1 where name = 'a'");

      assertThatThrownBy(() -> store.server().alerts().watch(INTERVAL))
          .isInstanceOf(InvalidRequestException.class);
      change("delete from alerts where name = 'a'");
      assertThat(store.server().alerts().list().get(0).checkedAt()).contains(time.now());
    }
  }

  /** Returns a connection that looks, whenever jobs are counted, whether others can write. */
  private Connection watched(Connection real) {
    return proxy(
        Connection.class,
        real,
        (name, arguments, answer) ->
            answer instanceof PreparedStatement statement && counts(arguments)
                ? proxy(PreparedStatement.class, statement, this::checked)
                : answer);
  }

  private static boolean counts(Object[] arguments) {
    String sql = arguments[0].toString();
    return sql.contains("count(*)") && sql.contains("from jobs");
  }

  private Object checked(String method, Object[] arguments, Object answer) throws SQLException {
    if (method.equals("executeQuery")) {
      change("begin immediate");
      measured.incrementAndGet();
    }
    return answer;
  }

  private interface After {
    Object answer(String method, Object[] arguments, Object answer) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, Object target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return after.answer(method.getName(), arguments, method.invoke(target, arguments));
              } catch (InvocationTargetException failure) {
                throw failure.getTargetException();
              }
            }));
  }

  private void change(String sql) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("jobs.db") + "?busy_timeout=0";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
