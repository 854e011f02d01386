package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.Transition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Breaks rules about rows that others hold, one statement at a time, and checks that each mutant is
 * noticed: the rule holds with the statements as they are, and not with the changed one.
 */
final class StatementMutantsTest {
  private static final NodeId NODE = new NodeId(new UUID(7, 7));
  private static final String TYPE = "t";

  private TestDatabase database;
  private Holdfast holdfast;
  private volatile UnaryOperator<String> change = UnaryOperator.identity();

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    database.forgetDurability();
    holdfast = Holdfast.open(database.url());
  }

  @AfterEach
  void close() {
    holdfast.close();
    database.close();
  }

  /** A rule; fails with an assertion if it does not hold. */
  private interface Rule {
    void check(JobStore store) throws Exception;
  }

  /**
   * @param from a part of one statement
   * @param to what the mutant has instead
   */
  private void assertCaught(Rule rule, String from, String to) throws Exception {
    try (Changed changed = new Changed()) {
      rule.check(changed.store);
    }
    boolean[] isChanged = {false};
    change =
        sql -> {
          isChanged[0] |= sql.contains(from);
          return sql.replace(from, to);
        };
    try (Changed changed = new Changed()) {
      assertThat(fails(rule, changed.store)).as("the rule fails with the mutant").isTrue();
    }
    assertThat(isChanged[0]).as("the statement is used").isTrue();
  }

  private static boolean fails(Rule rule, JobStore store) throws Exception {
    try {
      rule.check(store);
      return false;
    } catch (AssertionError caught) {
      return true;
    }
  }

  /** A store whose statements are changed on their way to the driver. */
  private final class Changed implements AutoCloseable {
    private final WrappingDriver driver;
    private final JobStore store;

    private Changed() throws SQLException {
      driver = WrappingDriver.register(StatementMutantsTest.this::wrap);
      SystemTime time = new SystemTime();
      NodeInfo self =
          new NodeInfo(
              new NodeId(UUID.randomUUID()), "any", "host", 4711, 1, "boot", "pid:[1]", "test");
      store =
          PostgresStoreProvider.open(
              WrappingDriver.over(PostgresAddress.parse(database.url()).orElseThrow()),
              OpenMode.EXISTING,
              new Surroundings(time, body -> new Thread(body, "holdfast-test-store"), self),
              new MovedClock(time));
    }

    @Override
    public void close() throws SQLException {
      store.close();
      driver.close();
    }
  }

  private Connection wrap(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, given) -> {
              if (method.getName().equals("prepareStatement")) {
                given[0] = change.apply((String) given[0]);
              }
              return invoke(real, method, given);
            });
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] given)
      throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  private JobState state(JobId id) {
    return holdfast.find(id).orElseThrow().state();
  }

  private Claimed claimed(JobId id) {
    Claimed claimed =
        holdfast
            .embedding()
            .store()
            .exchange(List.of(), new Claim(NODE, List.of(), Set.of(TYPE), 1))
            .claimed()
            .get(0);
    assertThat(claimed.lease().job()).isEqualTo(id);
    return claimed;
  }

  private static Exchange end(JobStore store, Claimed job, Transition how) {
    return end(store, List.of(job), how);
  }

  private static Exchange end(JobStore store, List<Claimed> jobs, Transition how) {
    List<Acknowledgement> ends =
        jobs.stream()
            .map(Claimed::lease)
            .map(lease -> new Acknowledgement(lease, how, Duration.ZERO, HandlerOutput.none(lease)))
            .toList();
    return store.exchange(ends, new Claim(NODE, List.of(), Set.of(), 0));
  }

  private static Transition complete() {
    return new Transition.Complete(Optional.empty());
  }

  private Stranger holding(JobId id) throws SQLException {
    return Stranger.holding(
        database.url(), "select 1 from jobs where id = '" + id + "' for update");
  }

  private void promote(JobStore store) {
    for (int i = 0; i < 3; i++) { // it walks over the waits, from where it ended
      store.promote(10);
    }
  }

  /** Enqueues a job whose waits nobody has counted, as their predecessors were locked. */
  private JobId unadopted(JobId... predecessors) throws SQLException {
    try (Stranger caller = Stranger.holding(database.url(), "select 1")) {
      JobId id =
          holdfast
              .queue()
              .in(JdbcTransaction.of(caller.connection()))
              .enqueue(NewJob.of(TYPE, 1).after(predecessors))
              .id();
      caller.connection().commit();
      return id;
    }
  }

  @Test
  void waits_that_are_never_adopted_are_caught() throws Exception {
    assertCaught(
        store -> {
          JobId first = holdfast.enqueue(NewJob.of(TYPE, 1)).id();
          Claimed claimed = claimed(first);
          JobId second = unadopted(first);
          end(store, claimed, complete());
          promote(store);
          JobState released = state(second);
          holdfast.queue().cancel(List.of(second), "test");
          assertThat(released).isEqualTo(JobState.PENDING);
        },
        "where adopted = 0 and on_id > ?",
        "where adopted = 7 and on_id > ?");
  }

  @Test
  void waits_that_are_adopted_twice_are_caught() throws Exception {
    assertCaught(
        store -> {
          JobId first = holdfast.enqueue(NewJob.of(TYPE, 1)).id();
          Claimed claimed = claimed(first);
          JobId other = holdfast.enqueue(NewJob.of("other", 1)).id();
          JobId waits = unadopted(first, other);
          UnaryOperator<String> own = change;
          end(holdfast.embedding().store(), claimed, complete());
          boolean[] isFirst = {true};
          change =
              sql -> { // another node is faster, after this one has read what to adopt
                if (isFirst[0] && sql.contains("skip locked")) {
                  isFirst[0] = false;
                  promote(holdfast.embedding().store());
                }
                return own.apply(sql);
              };
          promote(store);
          change = own;
          JobState still = state(waits);
          long counted = database.count("jobs where id = '" + other + "' and awaited = 1");
          holdfast.queue().cancel(List.of(waits, other), "test");
          assertThat(isFirst[0]).isFalse();
          assertThat(still).isEqualTo(JobState.BLOCKED);
          assertThat(counted).as("the other predecessor counts it once").isOne();
        },
        "where job_id = ? and position = ? and adopted = 0",
        "where job_id = ? and position = ?");
  }

  @Test
  void ends_of_locked_rows_that_are_dropped_are_caught() throws Exception {
    assertCaught(
        store -> {
          JobId id = holdfast.enqueue(NewJob.of(TYPE, 1)).id();
          Claimed claimed = claimed(id);
          Exchange ended;
          try (Stranger stranger = holding(id)) {
            ended = end(store, claimed, complete());
          }
          holdfast.queue().cancel(List.of(id), "test");
          assertThat(ended.setAside()).containsExactly(claimed.lease());
          assertThat(ended.stale()).isEmpty();
        },
        "select id, token, state from jobs",
        "select id, token, 'FAILED' from jobs");
  }

  @Test
  void ends_that_are_set_aside_though_the_row_does_not_run_are_caught() throws Exception {
    assertCaught(
        store -> {
          JobId id = holdfast.enqueue(NewJob.of(TYPE, 1)).id();
          Claimed claimed = claimed(id);
          end(store, claimed, complete());
          Exchange again;
          Exchange otherwise;
          try (Stranger stranger = holding(id)) {
            again = end(store, claimed, complete());
            otherwise = end(store, claimed, new Transition.Snooze(Duration.ofHours(1)));
          }
          assertThat(again.setAside()).isEmpty();
          assertThat(again.stale()).isEmpty();
          assertThat(otherwise.setAside()).isEmpty();
          assertThat(otherwise.stale()).containsExactly(claimed.lease());
        },
        "select id, token, state from jobs",
        "select id, token, 'RUNNING' from jobs");
  }

  @Test
  void ends_that_are_set_aside_though_another_token_runs_are_caught() throws Exception {
    assertCaught(
        store -> {
          JobId id = holdfast.enqueue(NewJob.of(TYPE, 1)).id();
          Claimed claimed = claimed(id);
          holdfast.queue().cancel(List.of(id), "test");
          holdfast.queue().retry(List.of(id), "test");
          claimed(id);
          JobId other = holdfast.enqueue(NewJob.of(TYPE, 2)).id();
          Claimed held = claimed(other); // its end waits, so that all are looked at
          Exchange late;
          try (Stranger stranger =
              Stranger.holding(database.url(), "select 1 from jobs for update")) {
            late = end(store, List.of(held, claimed), complete());
          }
          holdfast.queue().cancel(List.of(id, other), "test");
          assertThat(late.setAside()).containsExactly(held.lease());
          assertThat(late.stale()).containsExactly(claimed.lease());
        },
        "select id, token, state from jobs",
        "select id, 1 as token, state from jobs");
  }
}
