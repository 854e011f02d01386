package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobField;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.record.EncodedUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A chapter of {@link JobStoreContract}: searches by indexed fields, against a look at each job.
 */
abstract class StoreContractOfFields extends StoreFixture {
  private static final int SOME = 60;
  private static final Set<String> QUEUES = Set.of("orders", "letters");
  private static final List<JobField> FIELDS =
      Stream.of("payload.customer", "metadata.sizes", "requires.memory")
          .map(JobField::parse)
          .toList();

  private static final List<String> WANTED =
      List.of(
          "payload.customer=3",
          "payload.customer=\"3\"",
          "payload.customer=null",
          "payload.customer=true",
          "payload.customer=" + "x".repeat(300),
          "payload.customer=\"a\\u0000b\"",
          "payload.customer=\"a?b\"",
          "metadata.sizes=1",
          "metadata.sizes=39",
          "requires.memory=2",
          "payload.other=3");

  private static final List<UnaryOperator<JobFilter>> SELECTIONS =
      List.of(
          all -> all,
          all -> all.queue("orders"),
          all -> all.queues(QUEUES),
          all -> all.queues(Set.of("orders", "plain")),
          all -> all.queues(QUEUES).group("g1"),
          all -> all.queues(QUEUES).within(Scope.of(Set.of("g0", "g2"))),
          all -> all.queue("orders").allTags(List.of("t1")),
          all -> all.queue("orders").type("print"));

  private List<JobId> enqueueSome() {
    return IntStream.range(0, SOME).mapToObj(i -> enqueue(some(i))).toList();
  }

  private NewJob some(int i) {
    time.advance(Duration.ofSeconds(random.nextInt(3)));
    List<Object> customers =
        List.of(3, 3.0, "3", true, "x".repeat(300) + i % 2, "a\0b", 4, List.of(3, 5));
    NewJob job =
        NewJob.of(i % 3 == 0 ? "print" : TYPE, Map.of("customer", customers.get(random.nextInt(8))))
            .on(List.of("orders", "letters", "plain").get(random.nextInt(3)))
            .metadata(Map.of("sizes", IntStream.range(0, i % 2 == 0 ? 2 : 40).boxed().toList()))
            .tags("t" + random.nextInt(2));
    job = i % 5 == 0 ? job.requires(Map.of("memory", 2)) : job;
    return i % 4 == 0 ? job : job.group("g" + random.nextInt(3));
  }

  private void index(String queue, List<JobField> fields) {
    store.queues().configure(queue, settings -> settings.indexedFields(fields));
  }

  private void assertSearchesFindTheSame() {
    List<Job> all = pages(JobFilter.all(), 100);
    for (String wanted : WANTED) {
      for (UnaryOperator<JobFilter> selection : SELECTIONS) {
        JobFilter filter = selection.apply(JobFilter.all()).field(FieldMatch.parse(wanted));
        List<JobId> expected = newestFirst(all.stream().filter(filter::matches).toList());

        assertThat(newestFirst(pages(filter, 7))).as(filter.toString()).isEqualTo(expected);
      }
    }
  }

  private static List<JobId> newestFirst(List<Job> jobs) {
    return jobs.stream().map(Job::id).sorted(Comparator.reverseOrder()).toList();
  }

  private List<Job> pages(JobFilter filter, int size) {
    List<Job> jobs = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(size));
    while (next.isPresent()) {
      Page<Job> page = store.search(filter, next.get());
      jobs.addAll(page.items());
      next = page.next().map(PageRequest.first(size)::after);
    }
    return jobs;
  }

  @Nested
  @Tag("R-14")
  class An_indexed_field {
    @Test
    void is_a_setting_of_its_queue() {
      index("orders", FIELDS);
      store.queues().configure("orders", settings -> settings.concurrency(3));

      assertThat(store.queues().settings("orders").indexedFields()).isEqualTo(FIELDS);
      index("orders", List.of());
      assertThat(store.queues().settings("orders").indexedFields()).isEmpty();
    }

    @Test
    void leads_to_the_same_jobs_at_every_stage() {
      List<JobId> older = enqueueSome();
      index("orders", FIELDS);
      index("letters", FIELDS.subList(0, 2));
      enqueueSome();
      assertSearchesFindTheSame();

      time.advance(Duration.ofMinutes(1));
      store.bulkOperations().indexFields(20);
      List<JobId> newer = enqueueSome();
      assertSearchesFindTheSame();

      for (int i = 0; store.bulkOperations().indexFields(20) && i < 100; i++) {
        store.delete(List.of(newer.get(i % SOME)));
      }
      store.move(older.subList(0, SOME / 2), "orders");
      List<JobId> others = older.subList(SOME / 2, SOME);
      others.forEach(id -> store.amend(id, payload("{\"customer\":[\"3\",null]}"), "ada"));
      assertSearchesFindTheSame();

      index("orders", List.of());
      enqueueSome();
      index("orders", FIELDS);
      assertSearchesFindTheSame();
    }

    @Test
    void says_how_far_back_its_index_reaches() {
      Instant before = time.now();
      enqueueSome();
      assertThat(reach("orders")).isEmpty();
      index("orders", FIELDS.subList(0, 1));
      assertThat(reach("orders"))
          .singleElement()
          .extracting(FieldIndex::field)
          .isEqualTo(FIELDS.get(0));

      time.advance(Duration.ofMinutes(1));
      boolean isBegun = store.bulkOperations().indexFields(1);

      assertThat(reach("orders"))
          .singleElement()
          .satisfies(
              index -> {
                assertThat(index.complete()).isEqualTo(!isBegun);
                index.since().ifPresent(since -> assertThat(since).isBetween(before, time.now()));
              });
      for (int i = 0; store.bulkOperations().indexFields(20) && i < 100; i++) {
        time.advance(Duration.ofSeconds(1));
      }
      assertThat(reach("orders"))
          .containsExactly(new FieldIndex(FIELDS.get(0), true, Optional.empty()));
    }

    private List<FieldIndex> reach(String name) {
      return queue.queues().list().stream()
          .filter(summary -> summary.name().equals(name))
          .flatMap(summary -> summary.fieldIndexes().stream())
          .toList();
    }

    private EncodedUpdate payload(String json) {
      return new EncodedUpdate(
          Optional.of(json), 1, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }
}
