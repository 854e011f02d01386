package dev.holdfast.benchmarks.postgres.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;

/** A process whose handler prints the time; it ends when its input does. */
public final class DbSchedulerWorker {
  private DbSchedulerWorker() {}

  /** Runs a worker on the tasks in the database of the argument. */
  public static void main(String[] args) throws IOException {
    try (HikariDataSource pool = DbScheduler.pool(args[0])) {
      Scheduler scheduler =
          DbScheduler.scheduler(
              pool, DbScheduler.task(data -> System.out.println(System.nanoTime())), false);
      scheduler.start();
      System.out.println("ready");
      System.in.read();
      scheduler.stop();
    }
  }
}
