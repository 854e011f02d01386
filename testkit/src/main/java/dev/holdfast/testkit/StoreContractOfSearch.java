package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.Range;
import dev.holdfast.search.Scope;
import dev.holdfast.search.TimeRange;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.JobFacets;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: searches, against a look at every job. */
abstract class StoreContractOfSearch extends StoreFixture {
  private static final int JOBS = 150;
  private static final int COMBINATIONS = 60;
  private static final Failure FULL = Failure.of(Failure.Kind.TIMEOUT, "disk 100% full: 'ü_x'");
  private static final List<String> QUEUES = List.of("default", "letters", "a,b%_c");

  private NodeId nodeA;
  private NodeId nodeB;

  /**
   * A condition of a filter, and what it means.
   *
   * @param change adds it to a filter
   * @param meaning whether a job satisfies it
   */
  private record Condition(String name, UnaryOperator<JobFilter> change, Predicate<Job> meaning) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void registerNodes() {
    nodeA = register("a");
    nodeB = register("b");
  }

  /** Jobs in every state, with all that can be searched, some of it alike. */
  private void populate() {
    for (int i = 0; i < JOBS; i++) {
      time.advance(someSeconds());
      advanceOne(enqueue(someJob(i)));
    }
  }

  private NewJob someJob(int i) {
    Map<String, Object> customer =
        i % 3 == 0 ? Map.of("id", random.nextInt(4), "vip", i % 2 == 0) : Map.of("id", "n" + i % 4);
    NewJob job =
        NewJob.of(i % 4 == 0 ? "print" : TYPE, Map.of("customer", customer, "size", 0.5 + i % 2))
            .on(QUEUES.get(random.nextInt(QUEUES.size())))
            .priority(random.nextInt(5) - 2)
            .metadata(Map.of("region", i % 2 == 0 ? "eu" : "us", "sizes", List.of(i % 5, "x")));
    job = i % 5 == 0 ? job : job.group("g" + random.nextInt(4));
    job = i % 6 == 0 ? job : job.tags("t" + random.nextInt(3), "u\"" + random.nextInt(2), ",");
    job = i % 7 == 0 ? job.unique("key-" + i) : job;
    job = i % 8 == 0 ? job.createdBy("ada") : job;
    job = i % 9 == 0 ? job.createdBy("schedule:nightly") : job;
    return i % 10 == 0 ? job.in(Duration.ofHours(1 + random.nextInt(9))) : job;
  }

  private void advanceOne(JobId id) {
    Job job = job(id);
    if (job.state() != JobState.PENDING || random.nextInt(6) == 0) {
      return;
    }
    if (random.nextInt(8) == 0) {
      store.cancel(List.of(id), "ops");
      return;
    }
    time.advance(someSeconds());
    NodeId node = random.nextInt(2) == 0 ? nodeA : nodeB;
    Claim claim = new Claim(node, List.of(job.queue()), Set.of(job.type()), 1);
    for (Claimed claimed : exchange(List.of(), claim).claimed()) {
      time.advance(someSeconds());
      switch (random.nextInt(6)) {
        case 0 -> acknowledge(claimed, new Transition.Fail(BOOM));
        case 1 -> acknowledge(claimed, new Transition.Fail(FULL));
        case 2 -> acknowledge(claimed, new Transition.Hold("review"));
        case 3 ->
            store
                .recovery()
                .rescue(List.of(rescue(claimed, new Transition.Release("x"), true)), "b");
        case 4 -> {}
        default -> acknowledge(claimed, complete(), SECOND);
      }
    }
  }

  /** Often none, so that jobs have times in common. */
  private Duration someSeconds() {
    return Duration.ofSeconds(random.nextInt(2) == 0 ? 0 : random.nextInt(12));
  }

  private List<Condition> conditions(List<Job> jobs) {
    List<Condition> all = new ArrayList<>();
    addNames(all);
    addOrigins(all);
    addTimesAndNumbers(all, jobs.get(jobs.size() / 2).createdAt());
    addFailuresAndFields(all);
    return all;
  }

  private static void addNames(List<Condition> all) {
    add(
        all,
        "state",
        filter -> filter.states(Set.of(JobState.FAILED, JobState.PENDING)),
        job -> job.state() == JobState.FAILED || job.state() == JobState.PENDING);
    add(
        all,
        "set aside",
        filter -> filter.states(Set.of(JobState.FAILED, JobState.CANCELLED)),
        job -> job.state() == JobState.FAILED || job.state() == JobState.CANCELLED);
    add(
        all,
        "running",
        filter -> filter.states(Set.of(JobState.RUNNING)),
        job -> job.state() == JobState.RUNNING);
    add(
        all,
        "queue",
        filter -> filter.queues(Set.of("a,b%_c", "letters")),
        job -> !job.queue().equals("default"));
    add(
        all,
        "not queue",
        filter -> filter.notQueues(Set.of("a,b%_c")),
        job -> !job.queue().equals("a,b%_c"));
    add(all, "type", filter -> filter.type("print"), job -> job.type().equals("print"));
    add(
        all,
        "not type",
        filter -> filter.notTypes(Set.of("print", "none")),
        job -> !job.type().equals("print"));
    add(all, "group", filter -> filter.group("g1"), job -> job.group().equals(Optional.of("g1")));
    add(
        all,
        "groups",
        filter -> filter.groups(Set.of("g1", "g2", "none")),
        job -> Set.of(Optional.of("g1"), Optional.of("g2")).contains(job.group()));
    add(
        all,
        "scope",
        filter -> filter.within(Scope.of(Set.of("g0", "g1", "g3"))),
        job -> Set.of("g0", "g1", "g3").contains(job.group().orElse("")));
    add(
        all,
        "all tags",
        filter -> filter.allTags(List.of("t1", "u\"1")),
        job -> job.tags().contains("t1") && job.tags().contains("u\"1"));
    add(
        all,
        "any tag",
        filter -> filter.anyTags(List.of("t0", "t2")),
        job -> job.tags().contains("t0") || job.tags().contains("t2"));
  }

  private void addOrigins(List<Condition> all) {
    add(all, "key", filter -> filter.key("key-77"), job -> job.key().equals(Optional.of("key-77")));
    add(
        all,
        "node",
        filter -> filter.node(nodeA),
        job -> job.holder().map(Job.Holder::node).equals(Optional.of(nodeA)));
    add(
        all,
        "worker",
        filter -> filter.worker("b"),
        job -> job.holder().map(Job.Holder::node).equals(Optional.of(nodeB)));
    add(
        all,
        "created by",
        filter -> filter.createdBy("ada"),
        job -> job.createdBy().equals(Optional.of("ada")));
    add(
        all,
        "schedule",
        filter -> filter.schedule("nightly"),
        job -> job.createdBy().equals(Optional.of("schedule:nightly")));
  }

  private static void addTimesAndNumbers(List<Condition> all, Instant middle) {
    times(all, "created", JobFilter::created, job -> Optional.of(job.createdAt()), middle);
    times(all, "started", JobFilter::started, Job::startedAt, middle);
    times(all, "finished", JobFilter::finished, Job::finishedAt, middle);
    times(all, "run at", JobFilter::runAt, job -> Optional.of(job.runAt()), middle);
    add(all, "attempts", filter -> filter.attempts(Range.atLeast(1)), job -> job.attempt() >= 1);
    add(all, "crashes", filter -> filter.crashes(Range.between(1, 2)), job -> job.crashes() > 0);
    add(all, "priority", filter -> filter.priority(Range.atMost(-1)), job -> job.priority() < 0);
    add(
        all,
        "waited",
        filter -> filter.waited(Range.atLeast(Duration.ofSeconds(4))),
        job -> job.startedAt().filter(at -> !at.isBefore(job.runAt().plusSeconds(4))).isPresent());
    add(
        all,
        "ran",
        filter -> filter.ran(Range.between(SECOND, Duration.ofSeconds(5))),
        job -> ran(job).filter(Range.between(SECOND, Duration.ofSeconds(5))::contains).isPresent());
  }

  private static void addFailuresAndFields(List<Condition> all) {
    add(
        all,
        "failure",
        filter -> filter.failures(Set.of(Failure.Kind.TIMEOUT)),
        job -> job.failure().filter(why -> why.kind() == Failure.Kind.TIMEOUT).isPresent());
    add(
        all,
        "failure text",
        filter -> filter.failureText("100% full: 'ü_"),
        job -> job.failure().filter(why -> why.message().startsWith("disk")).isPresent());
    field(all, "payload.customer.id=2", job -> job.payload().contains("\"id\":2"));
    field(all, "payload.customer.id=n1", job -> job.payload().contains("\"id\":\"n1\""));
    field(all, "payload.customer.vip=true", job -> job.payload().contains("\"vip\":true"));
    field(all, "payload.size=1.50", job -> job.payload().contains("\"size\":1.5"));
    field(all, "metadata.region=eu", job -> job.metadata().orElse("").contains("eu"));
    field(all, "metadata.sizes=3", job -> job.metadata().orElse("").contains("[3,"));
    field(all, "metadata.sizes.x=3", job -> false);
  }

  private static Optional<Duration> ran(Job job) {
    return job.startedAt().flatMap(from -> job.finishedAt().map(to -> Duration.between(from, to)));
  }

  private static void add(
      List<Condition> all, String name, UnaryOperator<JobFilter> change, Predicate<Job> meaning) {
    all.add(new Condition(name, change, meaning));
  }

  private static void field(List<Condition> all, String match, Predicate<Job> meaning) {
    add(all, match, filter -> filter.field(FieldMatch.parse(match)), meaning);
  }

  private static void times(
      List<Condition> all,
      String name,
      BiFunction<JobFilter, TimeRange, JobFilter> change,
      Function<Job, Optional<Instant>> time,
      Instant middle) {
    TimeRange since = TimeRange.any().since(middle);
    TimeRange until = TimeRange.any().until(middle.minusNanos(1));
    add(
        all,
        name + " since",
        filter -> change.apply(filter, since),
        job -> time.apply(job).filter(at -> !at.isBefore(middle)).isPresent());
    add(
        all,
        name + " until",
        filter -> change.apply(filter, until),
        job -> time.apply(job).filter(at -> at.isBefore(middle)).isPresent());
  }

  private List<Job> everyJob() {
    List<Job> all = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(100));
    while (next.isPresent()) {
      Page<Job> page = store.search(JobFilter.all(), next.get());
      all.addAll(page.items());
      next = page.next().map(PageRequest.first(100)::after);
    }
    return all;
  }

  /** Reads all pages of a search, which are {@code size} jobs long. */
  private List<JobId> pages(JobFilter filter, int size) {
    List<JobId> ids = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(size));
    while (next.isPresent()) {
      Page<Job> page = store.search(filter, next.get());
      assertThat(page.complete()).isTrue();
      page.items().forEach(job -> ids.add(job.id()));
      next = page.next().map(PageRequest.first(size)::after);
    }
    return ids;
  }

  private static List<JobId> sorted(List<Job> jobs, JobOrder order) {
    Comparator<Job> comparator =
        switch (order) {
          case CREATED -> Comparator.comparing(Job::id).reversed();
          case FINISHED ->
              Comparator.comparing((Job job) -> job.finishedAt().orElseThrow())
                  .thenComparing(Job::id)
                  .reversed();
          case RUN_AT -> Comparator.comparing(Job::runAt).thenComparing(Job::id);
        };
    return jobs.stream().sorted(comparator).map(Job::id).toList();
  }

  @Nested
  @Tag("R-43")
  class A_search {
    private List<Job> all;

    @BeforeEach
    void enqueueAndRun() {
      populate();
      all = everyJob();
      assertThat(all).hasSize(JOBS);
    }

    @Test
    void finds_what_meets_a_condition() {
      for (Condition condition : conditions(all)) {
        JobFilter filter = condition.change().apply(JobFilter.all());
        List<Job> expected = all.stream().filter(condition.meaning()).toList();

        assertThat(pages(filter, 100))
            .as(condition.name())
            .isEqualTo(sorted(expected, JobOrder.CREATED));
        if (!condition.name().contains("sizes.x") && !condition.name().startsWith("key")) {
          assertThat(expected).as(condition.name()).isNotEmpty().hasSizeLessThan(JOBS);
        }
      }
    }

    @Test
    void finds_what_meets_any_combination_of_conditions_in_any_order() {
      List<Condition> conditions = conditions(all);
      for (int i = 0; i < COMBINATIONS; i++) {
        JobFilter filter = JobFilter.all();
        Predicate<Job> meaning = job -> true;
        List<Condition> chosen = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
          Condition condition = conditions.get(random.nextInt(conditions.size()));
          boolean isNew = !filter.equals(condition.change().apply(filter));
          if (isNew && chosen.stream().noneMatch(other -> replaces(condition, other))) {
            filter = condition.change().apply(filter);
            meaning = meaning.and(condition.meaning());
            chosen.add(condition);
          }
        }
        JobOrder order = someOrder(filter);
        Predicate<Job> listed =
            order == JobOrder.FINISHED ? meaning.and(job -> job.finishedAt().isPresent()) : meaning;

        assertThat(pages(filter.sortedBy(order), 5 + random.nextInt(40)))
            .as("%s by %s", chosen, order)
            .isEqualTo(sorted(all.stream().filter(listed).toList(), order));
      }
    }

    /** Two conditions of the same part of a filter: the later one replaces the other. */
    private boolean replaces(Condition one, Condition other) {
      return !one.name().contains("=") && part(one).equals(part(other));
    }

    private String part(Condition condition) {
      return switch (condition.name()) {
        case "set aside", "running" -> "state";
        case "groups" -> "group";
        case "schedule" -> "created by";
        default -> condition.name().replaceAll(" (since|until)$", "");
      };
    }

    private JobOrder someOrder(JobFilter filter) {
      boolean hasGroups = filter.reachableGroups().isPresent();
      return hasGroups || random.nextInt(2) == 0 ? JobOrder.CREATED : JobOrder.FINISHED;
    }

    @Test
    void counts_what_it_finds_by_state_queue_type_and_failure() {
      List<Job> expected = all.stream().filter(job -> job.type().equals(TYPE)).toList();

      JobFacets facets = store.insights().facets(JobFilter.all().type(TYPE));

      assertThat(facets.matches()).isEqualTo(expected.size());
      assertThat(facets.hasMore()).isFalse();
      assertThat(facets.complete()).isTrue();
      assertThat(facets.types()).isEqualTo(Map.of(TYPE, (long) expected.size()));
      assertThat(facets.states()).isEqualTo(counts(expected, job -> Stream.of(job.state())));
      assertThat(facets.queues()).isEqualTo(counts(expected, job -> Stream.of(job.queue())));
      assertThat(facets.failures())
          .isEqualTo(counts(expected, job -> job.failure().map(Failure::kind).stream()));
      JobId named = expected.get(0).id();
      assertThat(store.insights().facets(JobFilter.ids(List.of(named))).matches()).isEqualTo(1);
    }

    private static <T> Map<T, Long> counts(List<Job> jobs, Function<Job, Stream<T>> property) {
      return jobs.stream()
          .flatMap(property)
          .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
    }

    @Test
    void lists_scheduled_jobs_by_the_time_at_which_they_are_due() {
      JobFilter scheduled = JobFilter.in(JobState.SCHEDULED).sortedBy(JobOrder.RUN_AT);
      List<Job> expected = all.stream().filter(job -> job.state() == JobState.SCHEDULED).toList();

      assertThat(expected).hasSizeGreaterThan(5);
      assertThat(pages(scheduled, 2)).isEqualTo(sorted(expected, JobOrder.RUN_AT));
    }

    @Test
    void takes_ages_by_the_clock_of_the_store() {
      time.advance(Duration.ofDays(1));
      JobId fresh = enqueue(mail());
      time.advance(Duration.ofMinutes(10));

      TimeRange lastHour = TimeRange.any().since(Duration.ofHours(1));
      assertThat(pages(JobFilter.all().created(lastHour), 9)).containsExactly(fresh);
      TimeRange before = TimeRange.any().until(Duration.ofHours(1));
      assertThat(pages(JobFilter.all().created(before), 100)).hasSize(JOBS);
    }

    @Test
    void refuses_an_order_without_an_index() {
      assertThatThrownBy(
              () -> store.search(JobFilter.all().sortedBy(JobOrder.RUN_AT), PageRequest.first(1)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("SCHEDULED");
      assertThatThrownBy(
              () ->
                  store.search(
                      JobFilter.all().group("g1").sortedBy(JobOrder.FINISHED),
                      PageRequest.first(1)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("groups");
    }

    @Test
    void pages_without_doubles_while_jobs_change() {
      Set<JobId> before = new HashSet<>();
      all.stream().filter(job -> job.finishedAt().isPresent()).forEach(job -> before.add(job.id()));
      Set<JobId> changed = new HashSet<>();
      List<JobId> listed = new ArrayList<>();
      Optional<PageCursor> next = Optional.empty();
      do {
        JobFilter finished = JobFilter.all().sortedBy(JobOrder.FINISHED);
        Page<Job> page = store.search(finished, new PageRequest(7, next));
        page.items().forEach(job -> listed.add(job.id()));
        next = page.next();
        time.advance(SECOND);
        changed.add(changeOne(listed));
      } while (next.isPresent());

      assertThat(listed).doesNotHaveDuplicates();
      before.removeAll(changed);
      assertThat(listed).containsAll(before);
    }

    /** Retries a listed job that failed and lets it fail again, or deletes one, at random. */
    private JobId changeOne(List<JobId> listed) {
      JobId id = listed.get(random.nextInt(listed.size()));
      if (random.nextInt(2) == 0) {
        store.delete(List.of(id));
      } else {
        store.retry(List.of(id), "ops");
        store.cancel(List.of(id), "ops");
      }
      return id;
    }
  }
}
