package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of a pool whose server cannot be reached. */
@Tag("R-58")
@Timeout(60)
final class PatientSourceTest {
  /** After so many tries a pool pauses for seconds between two. */
  private static final int MANY = 200;

  private final AtomicInteger tries = new AtomicInteger();

  private static SQLException refused(String state) {
    return new SQLException("refused", state);
  }

  private static HikariDataSource pool(PatientSource source, Duration waitMax) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(1);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(waitMax.toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** A connection that answers what a pool asks. */
  private static Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            PatientSourceTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                switch (method.getReturnType().getName()) {
                  case "boolean" -> method.getName().equals("isValid");
                  case "int" -> 0;
                  default -> null;
                });
  }

  @Test
  void are_there_at_the_first_try_after_an_outage_of_any_length() throws SQLException {
    PatientSource source =
        new PatientSource(
            () -> {
              if (tries.incrementAndGet() <= MANY) {
                throw refused("08001");
              }
              return connection();
            },
            Duration.ofMillis(1));

    try (HikariDataSource pool = pool(source, Duration.ofSeconds(10));
        Connection connection = source.take(pool)) {
      assertThat(connection.isValid(1)).isTrue();
    }

    assertThat(tries).hasValue(MANY + 1);
  }

  @Test
  void are_not_sought_when_nobody_waits_for_one() {
    PatientSource source =
        new PatientSource(
            () -> {
              tries.incrementAndGet();
              throw refused("08001");
            },
            Duration.ofMillis(1));

    assertThatThrownBy(source::getConnection).hasMessage("refused");

    assertThat(tries).hasValue(1);
  }

  @Test
  void are_missing_with_the_reason() {
    PatientSource source =
        new PatientSource(
            () -> {
              throw refused("57P03");
            },
            Duration.ofMillis(1));

    try (HikariDataSource pool = pool(source, Duration.ofMillis(250))) {
      assertThatThrownBy(() -> source.take(pool))
          .isInstanceOfSatisfying(
              SQLTransientConnectionException.class,
              timeout -> assertThat(timeout.getSQLState()).isEqualTo("57P03"))
          .hasRootCauseMessage("refused");
    }
  }

  @Test
  void are_not_sought_again_when_the_password_is_wrong() {
    PatientSource source =
        new PatientSource(
            () -> {
              tries.incrementAndGet();
              throw refused("28P01");
            },
            Duration.ZERO);

    try (HikariDataSource pool = pool(source, Duration.ofMillis(250))) {
      assertThatThrownBy(() -> source.take(pool)).hasRootCauseMessage("refused");
    }

    assertThat(tries.get()).isLessThan(MANY);
  }
}
