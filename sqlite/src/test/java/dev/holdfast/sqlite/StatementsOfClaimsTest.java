package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.sql.DriverFaults;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The number of statements that a claim makes, with very many lanes. */
final class StatementsOfClaimsTest {
  private static final int LANES = 6_000; // more than the first claim of a process reads
  private static final NodeId NODE = new NodeId(new UUID(0, 2));

  /** Beyond these the first claims of a process read which lanes there are, in parts. */
  private static final int USUAL_MAX = 20;

  private static final int FIRST_MAX = 160;

  @TempDir private Path folder;

  private final MovableTime time = new MovableTime();
  private final AtomicLong statements = new AtomicLong();
  private final DriverFaults faults = new DriverFaults();
  private JobStore store;

  @BeforeEach
  void open() {
    store =
        SqliteStores.open(
            folder.resolve("jobs.db"),
            time,
            connection -> counted(faults.wrap(connection), Connection.class));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private <T> T counted(Object target, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, given) -> {
              if (method.getName().startsWith("execute")) {
                statements.incrementAndGet();
              }
              Object answer = call(target, method, given);
              return answer instanceof PreparedStatement
                  ? counted(answer, PreparedStatement.class)
                  : answer;
            }));
  }

  private static Object call(Object target, Method method, Object[] given) throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }

  private void enqueue() {
    StoreQueue queue =
        new StoreQueue(
            store,
            new Handlers(new JacksonCodec()),
            time,
            new SplittableRandom(1),
            () -> {
              throw new IllegalStateException("nobody waits here");
            },
            Runnable::run);
    queue.enqueue(
        IntStream.range(0, LANES)
            .mapToObj(i -> NewJob.of("t", i).requires(Map.of("memory", Map.of(">=", i))))
            .toList());
  }

  private List<Claimed> claim(int most) {
    Claim claim = new Claim(NODE, List.of(), Set.of("t"), Map.of("memory", LANES), most);
    return store.exchange(List.of(), claim).claimed();
  }

  private long statementsOfClaim() {
    long before = statements.get();
    assertThat(claim(10)).hasSize(10);
    return statements.get() - before;
  }

  @Test
  void is_bounded_however_many_lanes_there_are() {
    enqueue();

    assertThat(statementsOfClaim()).isLessThan(FIRST_MAX);
    assertThat(statementsOfClaim()).isLessThan(FIRST_MAX);
    for (int i = 0; i < 100; i++) {
      assertThat(statementsOfClaim()).isLessThan(USUAL_MAX);
    }
  }

  @Test
  void is_the_same_after_claims_that_failed() {
    enqueue();
    claim(10);
    claim(10);

    for (int nth = 1; nth < 20; nth++) {
      faults.arm(nth, DriverFaults.When.AFTER, FULL, false);
      assertThatThrownBy(() -> claim(10)).isInstanceOf(HoldfastException.class);
      faults.disarm();
      assertThat(statementsOfClaim()).isLessThan(USUAL_MAX);
    }
  }

  private static final DriverFaults.Kind FULL =
      new DriverFaults.Kind(
          "full",
          DriverFaults.Damage.STATEMENT,
          () -> new SQLiteException("a test's full disk", SQLiteErrorCode.SQLITE_FULL));
}
