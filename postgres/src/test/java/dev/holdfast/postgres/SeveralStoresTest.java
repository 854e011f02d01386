package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several stores on one database at once, each with connections, marks and a node of its own. */
final class SeveralStoresTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int STORES = 4;
  private static final int KEYS = 200;
  private static final int JOBS = 3_000;
  private static final int PORTION = 500;

  private TestDatabase database;
  private final List<Holdfast> stores = new ArrayList<>();

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    for (int i = 0; i < STORES; i++) {
      stores.add(Holdfast.open(database.url()));
    }
  }

  @AfterEach
  void close() {
    stores.forEach(Holdfast::close);
    database.close();
  }

  @Test
  @Tag("R-17")
  void that_are_asked_for_the_same_keys_at_once_make_one_job_of_each() throws Exception {
    Map<Integer, Set<JobId>> answers = new ConcurrentHashMap<>();
    List<CompletableFuture<?>> callers = new ArrayList<>();
    for (int store = 0; store < STORES; store++) {
      Holdfast own = stores.get(store);
      Random random = new Random(store);
      callers.add(CompletableFuture.runAsync(() -> enqueueAllKeys(own, random, answers)));
    }
    CompletableFuture.allOf(callers.toArray(CompletableFuture<?>[]::new)).get();

    assertThat(answers).hasSize(KEYS).allSatisfy((key, ids) -> assertThat(ids).hasSize(1));
    assertThat(stores.get(0).queue().status().counts())
        .containsEntry(JobState.PENDING, (long) KEYS);
  }

  /** Enqueues all keys in a random order, and in portions that overlap with those of others. */
  private static void enqueueAllKeys(
      Holdfast store, Random random, Map<Integer, Set<JobId>> answers) {
    List<Integer> keys = new ArrayList<>(IntStream.range(0, KEYS).boxed().toList());
    Collections.shuffle(keys, random);
    for (int next = 0; next < KEYS; next += 10) {
      List<Integer> portion = keys.subList(next, next + 10);
      List<Enqueued> enqueued =
          store
              .queue()
              .enqueue(
                  portion.stream().map(key -> NewJob.of("t", key).unique("key" + key)).toList());
      for (int i = 0; i < portion.size(); i++) {
        answers
            .computeIfAbsent(portion.get(i), key -> ConcurrentHashMap.newKeySet())
            .add(enqueued.get(i).id());
      }
    }
  }

  @Test
  @Tag("R-33")
  void that_claim_at_once_never_run_a_job_twice() throws Exception {
    Map<JobId, Integer> runs = new ConcurrentHashMap<>();
    for (Holdfast store : stores) {
      store.handle("t", Integer.class, (payload, job) -> runs.merge(job.id(), 1, Integer::sum));
      store.start(NodeConfig.defaults().concurrency(8).pollInterval(Duration.ofMillis(20)));
    }
    List<JobId> ids = new ArrayList<>();
    for (int next = 0; next < JOBS; next += PORTION) {
      Holdfast store = stores.get(next / PORTION % STORES);
      store
          .queue()
          .enqueue(
              IntStream.range(0, PORTION)
                  .mapToObj(i -> NewJob.of("t", i).on("q" + i % 3).priority(i % 5))
                  .toList())
          .forEach(enqueued -> ids.add(enqueued.id()));
    }

    for (int next = 0; next < JOBS; next += PORTION) {
      stores.get(0).queue().await(ids.subList(next, next + PORTION), LONG).get();
    }

    assertThat(new HashSet<>(ids)).hasSize(JOBS);
    assertThat(runs).hasSize(JOBS).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
    assertThat(stores.get(0).queue().list(JobFilter.all(), PageRequest.first(500)).items())
        .allSatisfy(job -> assertThat(job.token()).as("claims of %s", job.id()).isPositive());
    assertThat(stores.get(0).queue().status().counts())
        .containsEntry(JobState.COMPLETED, (long) JOBS);
  }
}
