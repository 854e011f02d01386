package dev.holdfast.sqlite;

import dev.holdfast.Transaction;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.testkit.sql.StepKills;
import dev.holdfast.testkit.sql.StepPipeline;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;

final class StepKillsTest extends StepKills {
  @TempDir private Path folder;

  @Override
  protected String address() {
    return folder.resolve("jobs.db").toString();
  }

  @Override
  protected String url() {
    return "jdbc:sqlite:" + address() + "?busy_timeout=60000";
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
