package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.test.time.MovableTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lapses that wait to be settled. */
@Tag("R-28")
final class LapseSettlementTest {
  private static final int HELD = 1_200;
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofDays(1);

  private final MovableTime time = new MovableTime();
  private final List<Lapse> open = new ArrayList<>();

  /** Returns a store in which strangers hold the rows of the first jobs. */
  private JobStore store() {
    RecoveryStore recovery =
        proxy(
            RecoveryStore.class,
            (method, given) ->
                switch (method) {
                  case "lapses" -> part((Optional<?>) given[0], (Integer) given[1]);
                  case "settle" -> settled((List<?>) given[0]);
                  default -> throw new AssertionError(method);
                });
    return proxy(JobStore.class, (method, given) -> recovery);
  }

  private interface Calls {
    Object answer(String method, Object[] given);
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, given) -> calls.answer(method.getName(), given)));
  }

  private List<Lapse> part(Optional<?> after, int limit) {
    long last = after.map(lease -> number((Lease) lease)).orElse(0L);
    return open.stream().filter(lapse -> number(lapse.lease()) > last).limit(limit).toList();
  }

  private List<Lapse> settled(List<?> lapses) {
    List<Lapse> free =
        lapses.stream()
            .map(Lapse.class::cast)
            .filter(lapse -> number(lapse.lease()) > HELD)
            .toList();
    open.removeAll(free);
    return free;
  }

  private static long number(Lease lease) {
    return lease.job().value().getLeastSignificantBits();
  }

  private void add(int first, int last) {
    for (int i = first; i <= last; i++) {
      Lease lease = new Lease(new JobId(new UUID(0, i)), 1, 1, new NodeId(new UUID(1, 1)));
      open.add(new Lapse(lease, 7, false, LEASE));
    }
  }

  @Test
  void are_settled_a_lease_later_whatever_rows_before_them_others_hold() {
    LapseSettlement settlement = new LapseSettlement(store(), time);
    add(1, HELD + 600);
    for (int turn = 0; turn < 5; turn++) {
      settlement.settle(LONG);
    }
    assertThat(open).as("their time has not come").hasSize(HELD + 600);

    time.advance(LEASE);
    for (int turn = 0; turn < 5; turn++) {
      settlement.settle(LONG);
    }
    assertThat(open).as("all that are free are settled").hasSize(HELD);

    add(HELD + 601, HELD + 601);
    for (int turn = 0; turn < 5; turn++) {
      settlement.settle(LONG);
    }
    assertThat(open).as("a new one waits for its own time").hasSize(HELD + 1);
  }
}
