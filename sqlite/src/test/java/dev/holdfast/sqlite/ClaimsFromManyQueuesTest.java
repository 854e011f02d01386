package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.MovableTime;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims from queues that receive jobs in turn, so that neighbours in the file are of many. */
final class ClaimsFromManyQueuesTest {
  private static final int QUEUES = 20;
  private static final int JOBS = 2_000;
  private static final int BATCH = 200;
  private static final NodeId NODE = new NodeId(new UUID(0, 2));

  @TempDir private Path folder;

  private JobStore store;
  private StoreQueue queue;

  @BeforeEach
  void open() {
    MovableTime time = new MovableTime();
    store = SqliteStores.open(folder.resolve("jobs.db"), time, UnaryOperator.identity());
    queue =
        new StoreQueue(
            store,
            new Handlers(new JacksonCodec()),
            time,
            new SplittableRandom(1),
            () -> {
              throw new IllegalStateException("nobody waits here");
            },
            Runnable::run);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void enqueue(int each) {
    queue.enqueue(
        IntStream.range(0, JOBS)
            .mapToObj(i -> NewJob.of("t", i).on("q" + i / each % QUEUES))
            .toList());
  }

  private List<Claimed> claim(int most) {
    Claim claim = new Claim(NODE, List.of(), Set.of("t"), Map.of(), most);
    return store.exchange(List.of(), claim).claimed();
  }

  private static Map<String, Long> byQueue(List<Claimed> claimed) {
    return claimed.stream().collect(Collectors.groupingBy(Claimed::queue, Collectors.counting()));
  }

  @Test
  void soon_take_an_equal_share_of_each() {
    enqueue(1);

    claim(BATCH);
    claim(BATCH);

    assertThat(byQueue(claim(BATCH))).hasSizeGreaterThan(QUEUES / 2);
  }

  @Test
  void take_all_from_one_where_each_has_its_part_of_the_file() {
    enqueue(JOBS / QUEUES);

    claim(BATCH);
    claim(BATCH);

    assertThat(byQueue(claim(BATCH))).hasSizeLessThanOrEqualTo(1 + BATCH * QUEUES / JOBS);
  }

  @Test
  void take_each_job_once_and_as_many_as_are_wanted_until_none_is_left() {
    enqueue(1);

    Set<Object> seen = new HashSet<>();
    for (int left = JOBS; left > 0; ) {
      int most = 1 + left % 173;
      List<Claimed> claimed = claim(most);
      assertThat(claimed)
          .hasSize(Math.min(most, left))
          .allMatch(job -> seen.add(job.lease().job()));
      left -= claimed.size();
    }
    assertThat(claim(BATCH)).isEmpty();
  }

  @Test
  void keep_the_order_of_each() {
    queue.enqueue(
        IntStream.range(0, JOBS)
            .mapToObj(i -> NewJob.of("t", i).on("q" + i % QUEUES).priority(i / QUEUES))
            .toList());
    claim(BATCH);
    claim(BATCH);

    Map<String, List<Integer>> payloads =
        claim(BATCH).stream()
            .collect(
                Collectors.groupingBy(
                    Claimed::queue,
                    Collectors.mapping(
                        job -> Integer.valueOf(job.payload()), Collectors.toList())));

    assertThat(payloads).hasSizeGreaterThan(QUEUES / 2);
    assertThat(payloads.values())
        .allSatisfy(jobs -> assertThat(jobs).isSortedAccordingTo(Comparator.reverseOrder()));
  }

  @Test
  void take_none_from_a_queue_that_was_paused_meanwhile() {
    enqueue(1);
    claim(BATCH);
    claim(BATCH);

    queue.queues().pause("q3", "a test");
    assertThat(byQueue(claim(BATCH))).hasSizeGreaterThan(QUEUES / 2).doesNotContainKey("q3");

    queue.queues().resume("q3");
    assertThat(byQueue(claim(JOBS))).containsKey("q3");
  }
}
