package dev.holdfast.benchmarks.postgres.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.benchmarks.load.Callers;
import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Counted;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/** JobRunr, the open-source edition: 100 workers, the shortest poll interval that it allows. */
public final class JobRunrQueue implements Contender {
  private static final String PAYLOAD = "x".repeat(180);
  private static final int BATCH = 1_000;
  private static final int WORKERS = 100;
  private static final int CONNECTIONS = 20;
  private static final int POLL_SECONDS = 5;

  /** The maximum number of idle samples; its poll takes seconds, so more would take minutes. */
  private static final int IDLE_SAMPLES_MAX = 3;

  /** Handlers are created by class name, so they communicate through a static field. */
  private static volatile Runnable handler = () -> {};

  /** A job's payload. */
  public record Request(String text) implements JobRequest {
    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** Runs {@link #handler}. */
  public static final class Handler implements JobRequestHandler<Request> {
    @Override
    public void run(Request request) {
      handler.run();
    }
  }

  @Override
  public String name() {
    return "JobRunr";
  }

  @Override
  public String settings() {
    return "JobRunr %s OSS, %d workers, %d connections, poll %d s"
        .formatted(Versions.of(JobRunr.class), WORKERS, CONNECTIONS, POLL_SECONDS);
  }

  @Override
  public double share() {
    return 0.1;
  }

  /** Measures from the first job on; the start of its server does not count. */
  @Override
  public double drain(String address, int jobs) throws Exception {
    try (Opened opened = new Opened(address)) {
      CountDownLatch done = new CountDownLatch(jobs);
      AtomicLong start = new AtomicLong();
      handler =
          () -> {
            start.compareAndSet(0, System.nanoTime());
            done.countDown();
          };
      opened.load(jobs);
      opened.server.start();
      done.await();
      while (opened.storage.countJobs(StateName.SUCCEEDED) < jobs) { // the last may not be written
        Thread.sleep(1);
      }
      long nanos = System.nanoTime() - start.get();
      return Counted.rate(jobs, nanos, opened.storage.countJobs(StateName.SUCCEEDED));
    }
  }

  @Override
  public double bulk(String address, int jobs) {
    try (Opened opened = new Opened(address)) {
      long start = System.nanoTime();
      opened.load(jobs);
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, opened.storage.countJobs(StateName.ENQUEUED));
    }
  }

  @Override
  public double enqueue(String address, int callers, Duration time) throws Exception {
    try (Opened opened = new Opened(address)) {
      Callers.Answered answered =
          new Callers(callers).during(time, () -> opened.scheduler.enqueue(new Request(PAYLOAD)));
      Counted.check(answered.calls(), opened.storage.countJobs(StateName.ENQUEUED));
      return answered.perSecond();
    }
  }

  /** Measures latencies; the poll finds the job in either place. */
  @Override
  public double[] idle(String address, Place place, int samples) throws Exception {
    if (place == Place.OTHER_PROCESS) {
      return new double[0];
    }
    try (Opened opened = new Opened(address)) {
      SynchronousQueue<Long> startedAtNanos = new SynchronousQueue<>();
      handler =
          () -> {
            try {
              startedAtNanos.put(System.nanoTime());
            } catch (InterruptedException stop) {
              Thread.currentThread().interrupt();
            }
          };
      opened.server.start();
      return idle(opened, startedAtNanos, Math.min(samples, IDLE_SAMPLES_MAX));
    }
  }

  /** Measures at moments spread over the poll interval. */
  private static double[] idle(Opened opened, SynchronousQueue<Long> startedAtNanos, int samples)
      throws InterruptedException {
    double[] millis = new double[samples];
    for (int i = 0; i < samples; i++) {
      LockSupport.parkNanos(Duration.ofSeconds(POLL_SECONDS).toNanos() * i / samples);
      long start = System.nanoTime();
      opened.scheduler.enqueue(new Request(PAYLOAD));
      millis[i] = (startedAtNanos.take() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }

  /** The tables, a scheduler, and a server that is not started yet. */
  private static final class Opened implements AutoCloseable {
    private final HikariDataSource pool;
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;
    private final BackgroundJobServer server;

    Opened(String address) {
      pool = Pools.open(address, CONNECTIONS);
      storage = new PostgresStorageProvider(pool);
      var result =
          JobRunr.configure()
              .useJsonMapper(new Jackson3JsonMapper())
              .useStorageProvider(storage)
              .useBackgroundJobServer(
                  BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                      .andWorkerCount(WORKERS)
                      .andPollIntervalInSeconds(POLL_SECONDS),
                  false)
              .initialize();
      scheduler = result.getJobRequestScheduler();
      server = result.getBackgroundJobServer();
    }

    void load(int jobs) {
      for (int done = 0; done < jobs; done += BATCH) {
        scheduler.enqueue(Stream.generate(() -> new Request(PAYLOAD)).limit(BATCH));
      }
    }

    @Override
    public void close() {
      JobRunr.destroy();
      pool.close();
    }
  }
}
