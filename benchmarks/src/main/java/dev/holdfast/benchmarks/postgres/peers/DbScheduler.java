package dev.holdfast.benchmarks.postgres.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.benchmarks.load.Callers;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Latencies;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * db-scheduler: lock-and-fetch with 50 threads. It keeps no history: completed rows are deleted.
 */
public final class DbScheduler implements Contender {
  static final String PAYLOAD = "{\"text\":\"" + "x".repeat(180) + "\"}";
  private static final int BATCH = 1_000;
  private static final int THREADS = 50;

  /** The setting of the fastest row of its own benchmark. */
  private static final double LOWER_LIMIT = 0.5;

  private static final double UPPER_LIMIT = 4;
  private static final int CONNECTIONS = 20;
  private static final Duration POLL = Duration.ofMillis(10);

  /** The table of its documentation, for use without priorities. */
  private static final String TABLE =
      """
      create table scheduled_tasks (
        task_name            text not null,
        task_instance        text not null,
        task_data            bytea,
        execution_time       timestamp with time zone not null,
        picked               boolean not null,
        picked_by            text,
        last_success         timestamp with time zone,
        last_failure         timestamp with time zone,
        consecutive_failures int,
        last_heartbeat       timestamp with time zone,
        version              bigint not null,
        priority             smallint,
        primary key (task_name, task_instance)
      );
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
      """;

  private final AtomicLong ids = new AtomicLong();

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public String settings() {
    return "db-scheduler %s, lock-and-fetch (%.1f, %.1f), %d threads, %d connections, poll %d ms"
        .formatted(
            Versions.of(Scheduler.class),
            LOWER_LIMIT,
            UPPER_LIMIT,
            THREADS,
            CONNECTIONS,
            POLL.toMillis());
  }

  @Override
  public double share() {
    return 0.25;
  }

  @Override
  public double drain(String address, int jobs) throws Exception {
    try (HikariDataSource pool = Pools.open(address, CONNECTIONS)) {
      makeTable(pool);
      CountDownLatch done = new CountDownLatch(jobs);
      OneTimeTask<String> task = task(data -> done.countDown());
      load(client(pool, task), task, jobs);
      Scheduler scheduler = scheduler(pool, task, false);
      long start = System.nanoTime();
      scheduler.start();
      done.await();
      while (rows(pool) > 0) { // the last ones are done and not yet deleted
        Thread.sleep(1);
      }
      long nanos = System.nanoTime() - start;
      scheduler.stop();
      return Counted.rate(jobs, nanos, jobs - done.getCount());
    }
  }

  @Override
  public double bulk(String address, int jobs) throws SQLException {
    try (HikariDataSource pool = Pools.open(address, CONNECTIONS)) {
      makeTable(pool);
      OneTimeTask<String> task = task(data -> {});
      SchedulerClient client = client(pool, task);
      long start = System.nanoTime();
      load(client, task, jobs);
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, rows(pool));
    }
  }

  @Override
  public double enqueue(String address, int callers, Duration time) throws Exception {
    try (HikariDataSource pool = Pools.open(address, CONNECTIONS)) {
      makeTable(pool);
      OneTimeTask<String> task = task(data -> {});
      SchedulerClient client = client(pool, task);
      Callers.Answered answered =
          new Callers(callers)
              .during(time, () -> client.schedule(next(task), Instant.now(), IF_ABSENT));
      Counted.check(answered.calls(), rows(pool));
      return answered.perSecond();
    }
  }

  /**
   * Measures latencies: in the same process a scheduled job starts at once, elsewhere the poll
   * finds it.
   */
  @Override
  public double[] idle(String address, Place place, int samples) throws Exception {
    try (HikariDataSource pool = Pools.open(address, CONNECTIONS)) {
      makeTable(pool);
      return place == Place.SAME_PROCESS
          ? sameProcess(pool, samples)
          : otherProcess(pool, address, samples);
    }
  }

  private double[] sameProcess(HikariDataSource pool, int samples) throws Exception {
    SynchronousQueue<Long> startedAtNanos = new SynchronousQueue<>();
    OneTimeTask<String> task = task(data -> handOver(startedAtNanos));
    Scheduler scheduler = scheduler(pool, task, true);
    scheduler.start();
    try {
      return Latencies.sample(
          samples,
          () -> {
            scheduler.schedule(next(task), Instant.now());
            return startedAtNanos.take();
          });
    } finally {
      scheduler.stop();
    }
  }

  private static void handOver(SynchronousQueue<Long> startedAtNanos) {
    long now = System.nanoTime();
    try {
      startedAtNanos.put(now);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private double[] otherProcess(HikariDataSource pool, String address, int samples)
      throws Exception {
    OneTimeTask<String> task = task(data -> {});
    SchedulerClient client = client(pool, task);
    try (ChildProcess worker = ChildProcess.java(DbSchedulerWorker.class, address)) {
      worker.await("ready");
      return Latencies.sample(
          samples,
          () -> {
            client.schedule(next(task), Instant.now(), IF_ABSENT);
            return Long.parseLong(worker.line());
          });
    }
  }

  private static final SchedulerClient.ScheduleOptions IF_ABSENT =
      SchedulerClient.ScheduleOptions.WHEN_EXISTS_DO_NOTHING;

  private TaskInstance<String> next(OneTimeTask<String> task) {
    return task.instance(Long.toString(ids.incrementAndGet()), PAYLOAD);
  }

  private void load(SchedulerClient client, OneTimeTask<String> task, int jobs) {
    for (int done = 0; done < jobs; done += BATCH) {
      List<TaskInstance<?>> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        batch.add(next(task));
      }
      client.scheduleBatch(batch, Instant.now());
    }
  }

  static OneTimeTask<String> task(Consumer<String> handler) {
    return Tasks.oneTime("noop", String.class)
        .execute((instance, context) -> handler.accept(instance.getData()));
  }

  static Scheduler scheduler(HikariDataSource pool, OneTimeTask<String> task, boolean immediately) {
    var builder =
        Scheduler.create(pool, task)
            .serializer(TEXT)
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
            .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
            .pollingInterval(POLL)
            .threads(THREADS);
    return immediately ? builder.enableImmediateExecution().build() : builder.build();
  }

  private static SchedulerClient client(HikariDataSource pool, OneTimeTask<String> task) {
    return SchedulerClient.Builder.create(pool, task)
        .serializer(TEXT)
        .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
        .build();
  }

  static HikariDataSource pool(String address) {
    return Pools.open(address, CONNECTIONS);
  }

  private static void makeTable(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  private static long rows(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from scheduled_tasks")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Stores payloads unchanged, which is faster than its default, Java serialization. */
  private static final Serializer TEXT =
      new Serializer() {
        @Override
        public byte[] serialize(Object data) {
          return data == null ? null : data.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] bytes) {
          return bytes == null ? null : type.cast(new String(bytes, StandardCharsets.UTF_8));
        }
      };
}
