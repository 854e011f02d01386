package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-50")
final class LifelineTest {
  private static final String CUT =
      """
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()
      """;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private TestDatabase database;
  private Lifeline lifeline;

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    Holdfast.open(database.url()).close(); // makes the tables
    lifeline =
        new Lifeline(
            PostgresAddress.parse(database.url()).orElseThrow(),
            Thread::new,
            new Lifeline.Listener() {
              @Override
              public void heard(String text) {
                told.add(text);
              }

              @Override
              public void opened(ServerLife server) {
                told.add("opened");
                say("while it is told"); // on its own thread: so it received it before that
              }
            });
  }

  @AfterEach
  void close() {
    lifeline.close();
    database.close();
  }

  @Test
  void reports_a_gap_whenever_it_is_opened_and_receives_from_then_on() throws Exception {
    lifeline.start();
    assertThat(next()).isEqualTo("opened");
    assertThat(next()).isEqualTo("while it is told");

    say("later");
    assertThat(next()).isEqualTo("later");

    execute(CUT);
    assertThat(next()).isEqualTo("opened");
    assertThat(next()).isEqualTo("while it is told");
  }

  private String next() throws InterruptedException {
    String next = told.poll(2, TimeUnit.MINUTES);
    assertThat(next).as("what is told next").isNotNull();
    return next;
  }

  private void say(String text) {
    execute("notify %s, '%s'".formatted(Lifeline.CHANNEL, text));
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
