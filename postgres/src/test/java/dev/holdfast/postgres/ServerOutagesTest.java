package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.testkit.postgres.PostgresServer;
import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.testkit.process.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server goes away and comes back, while handlers run and callers enqueue. */
@Tag("R-58")
final class ServerOutagesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int JOBS_EACH_SIDE = 30;

  private static PostgresServer server;

  private Wire wire;
  private String database;
  private Holdfast holdfast;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final AtomicInteger interrupts = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(18);
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    database = server.createDatabase();
    wire = Wire.to(server.port());
    holdfast = Holdfast.open(wire.url(database));
    holdfast.handle("quick", Integer.class, (number, job) -> number);
    holdfast.handle(
        "long",
        Integer.class,
        (number, job) -> {
          starts.incrementAndGet();
          begun.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException told) {
            interrupts.incrementAndGet();
            throw told;
          }
          return number;
        });
  }

  @AfterEach
  void close() {
    mayEnd.countDown();
    wire.letThrough();
    holdfast.close();
    wire.close();
    server.databases().drop(database);
  }

  /** A fault of the server or the network; it is over when the call returns. */
  private enum Trouble {
    RESTART {
      @Override
      void strike(ServerOutagesTest test) {
        server.stop();
        server.restart();
      }
    },
    IMMEDIATE_RESTART {
      @Override
      void strike(ServerOutagesTest test) {
        server.stopImmediately();
        server.restart();
      }
    },
    DEATH_OF_THE_POSTMASTER {
      @Override
      void strike(ServerOutagesTest test) {
        server.kill();
        server.restart();
      }
    },
    TERMINATED_BACKENDS {
      @Override
      void strike(ServerOutagesTest test) {
        server
            .databases()
            .execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                    + " 'holdfast'");
      }
    },
    CUT_WIRE {
      @Override
      void strike(ServerOutagesTest test) {
        test.wire.cut();
      }
    },
    NO_WAY_THERE {
      @Override
      void strike(ServerOutagesTest test) throws Exception {
        test.wire.refuse();
        Eventually.is("the node notices", () -> test.holdfast.vitals().isDegraded());
        test.wire.letThrough();
      }
    };

    abstract void strike(ServerOutagesTest test) throws Exception;
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void stops_no_handler_loses_no_job_and_doubles_none(Trouble trouble) throws Exception {
    holdfast.start(config(Duration.ofSeconds(30)));
    JobId lasting = holdfast.enqueue(NewJob.of("long", 1)).id();
    begun.await();
    List<JobId> ids = new ArrayList<>();
    CompletableFuture<List<JobId>> others =
        CompletableFuture.supplyAsync(() -> enqueue(4 * JOBS_EACH_SIDE));

    ids.addAll(enqueue(JOBS_EACH_SIDE));
    trouble.strike(this);
    ids.addAll(enqueue(JOBS_EACH_SIDE));
    ids.addAll(others.get());

    assertAllCompleted(ids);
    assertThat(interrupts).as("the lease was trusted all the time").hasValue(0);
    mayEnd.countDown();
    assertThat(completed(lasting)).extracting(Job::attempt, Job::crashes).containsExactly(1, 0);
    assertThat(starts).hasValue(1);
    assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(500)).items())
        .hasSize(ids.size() + 1)
        .extracting(Job::state)
        .containsOnly(JobState.COMPLETED);
  }

  /** Drops all packets silently, so that only the time-outs of the connections reveal it. */
  @Test
  @Tag("slow")
  void a_silent_network_that_outlasts_the_lease_stops_no_handler_and_then_all_resumes()
      throws Exception {
    holdfast.start(config(Duration.ofSeconds(3)));
    JobId lasting = holdfast.enqueue(NewJob.of("long", 1)).id();
    begun.await();
    List<JobId> ids = new ArrayList<>(enqueue(JOBS_EACH_SIDE));

    wire.freeze();
    CompletableFuture<List<JobId>> during =
        CompletableFuture.supplyAsync(() -> enqueue(JOBS_EACH_SIDE));
    Eventually.is("the claims time out, long after the lease", () -> hasFailed("worker"));
    wire.cut();
    ids.addAll(during.get());

    assertAllCompleted(ids);
    assertThat(interrupts).as("nobody took the job over").hasValue(0);
    mayEnd.countDown();
    assertThat(completed(lasting)).extracting(Job::attempt, Job::crashes).containsExactly(1, 0);
    assertThat(starts).hasValue(1);
    assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(500)).items())
        .hasSize(ids.size() + 1);
  }

  private boolean hasFailed(String duty) {
    return holdfast.vitals().duties().stream()
        .anyMatch(one -> one.name().equals(duty) && one.failures() > 0);
  }

  /** The commit exists, but no standby has it: it could be lost with this server. */
  @ParameterizedTest
  @ValueSource(ints = {1, CopyRows.ROWS_MIN})
  void a_commit_whose_wait_for_the_standby_was_cancelled_is_unknown_to_its_caller(int together)
      throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    CompletableFuture<List<NewJob>> enqueued =
        CompletableFuture.supplyAsync(() -> firstUnknown(together, jobs));
    setStandbys("'nobody'"); // from some moment soon
    try {
      Eventually.is(
          "a commit waits in vain",
          () -> {
            cancelWaitingCommits();
            return enqueued.isDone();
          });
    } finally {
      setStandbys("''");
    }
    List<NewJob> unknown = enqueued.get();

    assertThat(holdfast.queue().enqueue(unknown))
        .isEqualTo(
            unknown.stream().map(job -> new Enqueued(job.id().orElseThrow(), false)).toList());
    assertThat(holdfast.queue().status().counts())
        .containsEntry(JobState.PENDING, jobs.longValue());
  }

  /** Enqueues jobs in calls of this size, and returns the first call whose outcome is unknown. */
  private List<NewJob> firstUnknown(int together, AtomicInteger jobs) {
    while (true) {
      List<NewJob> call =
          Stream.generate(() -> NewJob.of("quick", 1).withId(new JobId(UUID.randomUUID())))
              .limit(together)
              .toList();
      jobs.addAndGet(together);
      try {
        holdfast.queue().enqueue(call);
      } catch (StoreUnavailableException unknown) {
        assertThat(unknown).hasMessageContaining("not confirmed by the standby");
        return call;
      }
    }
  }

  private static void setStandbys(String names) {
    server.databases().execute("alter system set synchronous_standby_names = " + names);
    server.databases().execute("select pg_reload_conf()");
  }

  private static void cancelWaitingCommits() throws Exception {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event ="
              + " 'SyncRep'");
    }
  }

  private static NodeConfig config(Duration lease) {
    return NodeConfig.defaults().lease(lease).pollInterval(Duration.ofMillis(100));
  }

  /** Enqueues as a caller should: after an unknown outcome it repeats the same job. */
  private List<JobId> enqueue(int jobs) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      NewJob job = NewJob.of("quick", i).withId(new JobId(UUID.randomUUID()));
      while (ids.size() == i) {
        try {
          ids.add(holdfast.enqueue(job).id());
        } catch (StoreUnavailableException | BusyException unknown) {
          assertThat(unknown.getMessage()).isNotEmpty();
        }
      }
    }
    return ids;
  }

  private void assertAllCompleted(List<JobId> ids) throws Exception {
    assertThat(awaited(ids)).extracting(Job::state).containsOnly(JobState.COMPLETED);
  }

  private Job completed(JobId id) throws Exception {
    Job job = awaited(List.of(id)).get(0);
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    return job;
  }

  private List<Job> awaited(List<JobId> ids) throws Exception {
    return holdfast.queue().await(ids, LONG).get();
  }
}
