package dev.holdfast.postgres;

import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.testkit.sql.StepKills;
import dev.holdfast.testkit.sql.StepPipeline;
import java.sql.Connection;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class StepKillsTest extends StepKills {
  private final TestDatabase database = TestDatabase.on(18);

  @AfterEach
  void drop() {
    database.close();
  }

  @Override
  protected String address() {
    return database.url();
  }

  @Override
  protected String url() {
    return database.url();
  }

  @Override
  protected Function<Connection, Transaction> transactions() {
    return JdbcTransaction::of;
  }

  @Override
  protected Class<?> worker() {
    return Worker.class;
  }

  /** The process that is killed. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
      new StepPipeline(args[1], JdbcTransaction::of, job -> args[2]).run(args[0]);
    }
  }
}
