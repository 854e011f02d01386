package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.Transition;
import dev.holdfast.test.time.MovableTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims start at a mark and still find every job; here no process notifies another. */
final class LowWaterMarkTest {
  private static final NodeId NODE = new NodeId(new UUID(1, 1));
  private static final Set<String> TYPES = Set.of("t");
  private static final Duration LOOK_BACK = Duration.ofSeconds(10);
  private static final int SEEDS = 5;

  private static TestDatabase testDatabase;

  private final MovableTime time = new MovableTime();
  private final List<JobStore> stores = new ArrayList<>();

  @BeforeAll
  static void create() {
    testDatabase = TestDatabase.on(18);
  }

  @AfterAll
  static void drop() {
    testDatabase.close();
  }

  @BeforeEach
  void empty() {
    testDatabase.empty();
  }

  @AfterEach
  void close() {
    stores.forEach(JobStore::close);
  }

  /** A process that neither receives nor sends notifications, as behind a pooler. */
  private JobStore open() {
    JobStore store =
        PostgresStoreProvider.open(
            PostgresAddress.parse(testDatabase.url() + "&pooled=true").orElseThrow(),
            OpenMode.CREATE,
            new Surroundings(
                time, Thread::new, new NodeInfo(NODE, "any", "host", 1, 1, "boot", "", "test")),
            new MovedClock(time));
    stores.add(store);
    return store;
  }

  private JobQueue queue(JobStore store, long seed) {
    return new StoreQueue(
        store,
        new Handlers(new JacksonCodec()),
        time,
        new SplittableRandom(seed),
        () -> {
          throw new IllegalStateException("nobody waits here");
        },
        Runnable::run);
  }

  private static List<Claimed> claim(JobStore store, int limit) {
    return store.exchange(List.of(), new Claim(NODE, List.of("default"), TYPES, limit)).claimed();
  }

  private static List<JobId> ids(List<Claimed> jobs) {
    return jobs.stream().map(job -> job.lease().job()).toList();
  }

  private static final HeadsSeen UNSEEN =
      new HeadsSeen() {
        @Override
        public void first(long lane, Place place) {}

        @Override
        public void none(long lane) {}
      };

  @Test
  void moves_over_no_job_by_a_claim_that_did_not_happen() {
    JobStore store = open();
    Marks marks = new Marks(time);
    PostgresAddress address =
        PostgresAddress.parse(testDatabase.url() + "&pooled=true").orElseThrow();
    Pools pools = new Pools(address, true, Thread::new);
    PostgresDatabase database =
        new PostgresDatabase(
            address,
            pools,
            new MovedClock(time),
            marks,
            new BusyLanes(marks, time),
            "none",
            new ServerLife("0/1", true),
            new Surroundings(
                time, Thread::new, new NodeInfo(NODE, "any", "host", 1, 1, "boot", "", "test")));
    PostgresDialect dialect =
        new PostgresDialect(marks, new BusyLanes(marks, time), new MovedClock(time));
    queue(store, 1).enqueue(IntStream.range(0, 500).mapToObj(i -> NewJob.of("t", i)).toList());
    LaneHead head =
        database
            .read(ConnectionUse.WORK, session -> dialect.lanesWithWork(session, -1, 10))
            .heads()
            .get(0);
    List<JobLane> lanes =
        List.of(
            new JobLane(head.lane(), "default", "t", Optional.empty(), Optional.empty(), false));

    assertThatThrownBy(
            () ->
                database.write(
                    ConnectionUse.WORK,
                    tx -> {
                      assertThat(dialect.claim(tx, NODE, lanes, 500, UNSEEN))
                          .as("in several portions, each of which moves the mark")
                          .hasSize(500);
                      throw new IllegalStateException("the connection is lost");
                    }))
        .hasMessage("the connection is lost");

    List<Claimed> claimed =
        database.write(ConnectionUse.WORK, tx -> dialect.claim(tx, NODE, lanes, 500, UNSEEN));
    assertThat(claimed).hasSize(500);
    pools.close();
  }

  /** A caller's own transaction may commit its jobs long after their time. */
  @Test
  void finds_what_a_callers_transaction_commits_late_within_the_look_back() throws Exception {
    JobStore store = open();
    JobQueue queue = queue(store, 1);
    try (Connection connection = DriverManager.getConnection(testDatabase.url())) {
      connection.setAutoCommit(false);
      JobId late = queue.in(JdbcTransaction.of(connection)).enqueue(NewJob.of("t", "late")).id();
      time.advance(Duration.ofSeconds(8));
      queue.enqueue(NewJob.of("t", "early"));
      assertThat(claim(store, 10)).hasSize(1);
      queue.enqueue(NewJob.of("t", "moves the mark"));
      assertThat(claim(store, 10)).hasSize(1);

      connection.commit();
      time.advance(LOOK_BACK);

      assertThat(ids(claim(store, 10))).containsExactly(late);
    }
  }

  /** Random priorities, delays, retries, releases and moves by three processes that do not talk. */
  @Test
  void lets_no_job_wait_longer_than_the_look_back() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      testDatabase.empty();
      nothingWaits(seed);
    }
  }

  private void nothingWaits(int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    JobStore claimer = open();
    List<JobStore> others = List.of(open(), open());
    List<JobQueue> queues = List.of(queue(claimer, seed), queue(others.get(0), seed + 1_000));
    Set<JobId> waiting = new HashSet<>();
    for (int step = 0; step < 150; step++) {
      JobQueue queue = queues.get(random.nextInt(2));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> waiting.add(queue.enqueue(job(random)).id());
        case 3 -> waiting.add(queue.enqueue(job(random).in(Duration.ofMillis(500))).id());
        case 4 -> {
          JobId aside = queue.enqueue(job(random).on("aside")).id();
          queue.move(List.of(aside), "default");
          waiting.add(aside);
        }
        default -> end(claim(claimer, 1 + random.nextInt(4)), random, others.get(1), waiting);
      }
      time.advance(Duration.ofMillis(random.nextInt(400)));
      claimer.promote(100);
    }
    time.advance(LOOK_BACK.plusSeconds(1));
    others.get(0).promote(1_000);
    while (waiting.removeAll(ids(claim(claimer, 50)))) {}
    assertThat(waiting).as("seed %d", seed).isEmpty();
  }

  private static NewJob job(SplittableRandom random) {
    return NewJob.of("t", 1).priority(random.nextInt(7) - 3);
  }

  /** Some complete, and others are given back or retried, here or by another process. */
  private static void end(
      List<Claimed> claimed, SplittableRandom random, JobStore other, Set<JobId> waiting) {
    List<Acknowledgement> ends = new ArrayList<>();
    for (Claimed job : claimed) {
      boolean completes = random.nextInt(3) > 0;
      Transition end =
          completes ? new Transition.Complete(Optional.empty()) : new Transition.Release("");
      ends.add(
          new Acknowledgement(job.lease(), end, Duration.ZERO, HandlerOutput.none(job.lease())));
      if (completes) {
        waiting.remove(job.lease().job());
      }
    }
    assertThat(other.exchange(ends, new Claim(NODE, List.of(), TYPES, 0)).stale()).isEmpty();
  }
}
