package dev.holdfast.jdbc.search;

import dev.holdfast.JobFilter;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.search.Range;
import dev.holdfast.search.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The parts of a filter that a statement checks itself: a condition for each, and its values.
 *
 * <p>No condition compares a column plainly that has an index, so that a search is always driven by
 * the index of its {@link SearchWalk}. Tags and fields of JSON are checked in Java, as databases
 * read JSON differently.
 */
public final class SearchConditions {
  private static final String STATES = "and :states like '%,' || state || ',%'";
  private static final String QUEUES =
      "and replace(:queues, :edge || queue || :edge, '') <> :queues";
  private static final String NOT_QUEUES =
      "and replace(:not_queues, :edge || queue || :edge, '') = :not_queues";
  private static final String TYPES = "and replace(:types, :edge || type || :edge, '') <> :types";
  private static final String NOT_TYPES =
      "and replace(:not_types, :edge || type || :edge, '') = :not_types";
  private static final String GROUPS =
      "and replace(:groups, :edge || job_group || :edge, '') <> :groups";
  private static final String KEY = "and idempotency_key = :key";
  private static final String NODE = "and node = :node";
  private static final String WORKER =
      "and node in (select workers.id from nodes workers where workers.name = :worker)";
  private static final String CREATED_BY = "and created_by = :created_by";
  private static final String CREATED_SINCE = "and created_at >= :created_since";
  private static final String CREATED_UNTIL = "and created_at < :created_until";
  private static final String STARTED_SINCE = "and started_at >= :started_since";
  private static final String STARTED_UNTIL = "and started_at < :started_until";
  private static final String FINISHED_SINCE = "and finished_at + 0 >= :finished_since";
  private static final String FINISHED_UNTIL = "and finished_at + 0 < :finished_until";
  private static final String DUE_SINCE = "and run_at + 0 >= :due_since";
  private static final String DUE_UNTIL = "and run_at + 0 < :due_until";
  private static final String ATTEMPTS_LEAST = "and attempt >= :attempts_least";
  private static final String ATTEMPTS_MOST = "and attempt <= :attempts_most";
  private static final String CRASHES_LEAST = "and crashes >= :crashes_least";
  private static final String CRASHES_MOST = "and crashes <= :crashes_most";
  private static final String PRIORITY_LEAST = "and priority >= :priority_least";
  private static final String PRIORITY_MOST = "and priority <= :priority_most";
  private static final String WAITED_LEAST = "and started_at - run_at >= :waited_least";
  private static final String WAITED_MOST = "and started_at - run_at <= :waited_most";
  private static final String RAN_LEAST = "and finished_at - started_at >= :ran_least";
  private static final String RAN_MOST = "and finished_at - started_at <= :ran_most";
  private static final String FAILURES = "and :failures like '%,' || failure_kind || ',%'";
  private static final String FAILURE_TEXT =
      "and replace(failure_message, :failure_text, '') <> failure_message";

  private final List<String> conditions = new ArrayList<>();
  private final List<Consumer<Bound>> values = new ArrayList<>();

  /** Creates the conditions of a filter without ages, except for those on its groups. */
  public SearchConditions(JobFilter filter) {
    states(filter);
    names(filter);
    origin(filter);
    times(filter);
    numbers(filter);
    failure(filter);
  }

  /** Adds the conditions on groups, for statements that do not walk along them. */
  public SearchConditions withGroups(JobFilter filter) {
    filter.reachableGroups().ifPresent(groups -> add(GROUPS, "groups", listed(groups), true));
    return this;
  }

  /** Returns whether there are none. */
  boolean isEmpty() {
    return conditions.isEmpty();
  }

  /** Returns them in SQL, each with an {@code and} in front. */
  public String sql() {
    return String.join("\n   ", conditions);
  }

  /** Binds their values. */
  public Bound bind(Bound query) {
    values.forEach(value -> value.accept(query));
    return query;
  }

  private void states(JobFilter filter) {
    if (!filter.states().isEmpty()) {
      add(STATES, "states", words(filter.states()), false);
    }
  }

  private void names(JobFilter filter) {
    names(QUEUES, "queues", filter.queues());
    names(NOT_QUEUES, "not_queues", filter.notQueues());
    names(TYPES, "types", filter.types());
    names(NOT_TYPES, "not_types", filter.notTypes());
  }

  private void names(String condition, String parameter, Collection<String> names) {
    if (!names.isEmpty()) {
      add(condition, parameter, listed(names), true);
    }
  }

  private void origin(JobFilter filter) {
    filter.key().ifPresent(key -> add(KEY, "key", key, false));
    filter.createdBy().ifPresent(by -> add(CREATED_BY, "created_by", by, false));
    filter.worker().ifPresent(worker -> add(WORKER, "worker", worker, false));
    filter
        .node()
        .ifPresent(
            node -> {
              conditions.add(NODE);
              values.add(query -> query.set("node", node));
            });
  }

  private void times(JobFilter filter) {
    times(CREATED_SINCE, "created_since", CREATED_UNTIL, "created_until", filter.created());
    times(STARTED_SINCE, "started_since", STARTED_UNTIL, "started_until", filter.started());
    times(FINISHED_SINCE, "finished_since", FINISHED_UNTIL, "finished_until", filter.finished());
    times(DUE_SINCE, "due_since", DUE_UNTIL, "due_until", filter.runAt());
  }

  private void times(
      String sinceCondition, String since, String untilCondition, String until, TimeRange range) {
    number(sinceCondition, since, range.since().map(SearchConditions::microsFrom));
    number(untilCondition, until, range.until().map(SearchConditions::microsFrom));
  }

  /** Returns the first microsecond that is not before an instant. */
  static long microsFrom(Instant instant) {
    Instant truncated = instant.truncatedTo(ChronoUnit.MICROS);
    return Micros.of(truncated) + (truncated.equals(instant) ? 0 : 1);
  }

  private void numbers(JobFilter filter) {
    numbers(
        ATTEMPTS_LEAST, "attempts_least", ATTEMPTS_MOST, "attempts_most", whole(filter.attempts()));
    numbers(CRASHES_LEAST, "crashes_least", CRASHES_MOST, "crashes_most", whole(filter.crashes()));
    numbers(
        PRIORITY_LEAST, "priority_least", PRIORITY_MOST, "priority_most", whole(filter.priority()));
    numbers(WAITED_LEAST, "waited_least", WAITED_MOST, "waited_most", micros(filter.waited()));
    numbers(RAN_LEAST, "ran_least", RAN_MOST, "ran_most", micros(filter.ran()));
  }

  private static Range<Long> whole(Range<Integer> range) {
    return new Range<Long>(
        range.least().map(Integer::longValue), range.most().map(Integer::longValue));
  }

  private static Range<Long> micros(Range<Duration> range) {
    return new Range<Long>(
        range.least().map(least -> Micros.of(least.plusNanos(999))), range.most().map(Micros::of));
  }

  private void numbers(
      String leastCondition, String least, String mostCondition, String most, Range<Long> range) {
    number(leastCondition, least, range.least());
    number(mostCondition, most, range.most());
  }

  private void failure(JobFilter filter) {
    if (!filter.failures().isEmpty()) {
      add(FAILURES, "failures", words(filter.failures()), false);
    }
    filter.failureText().ifPresent(text -> add(FAILURE_TEXT, "failure_text", text, false));
  }

  private void number(String condition, String parameter, Optional<Long> value) {
    value.ifPresent(
        number -> {
          conditions.add(condition);
          values.add(query -> query.set(parameter, number));
        });
  }

  private void add(String condition, String parameter, String value, boolean hasEdges) {
    conditions.add(condition);
    values.add(query -> query.set(parameter, value));
    if (hasEdges) {
      values.add(query -> query.set("edge", Scopes.EDGE));
    }
  }

  private static String words(Collection<? extends Enum<?>> constants) {
    StringBuilder words = new StringBuilder(",");
    constants.stream().map(Enum::name).sorted().forEach(word -> words.append(word).append(','));
    return words.toString();
  }

  /** Returns names in the form of {@link Scopes}, in which each is found exactly. */
  private static String listed(Collection<String> names) {
    String edge = Scopes.EDGE;
    return edge + String.join(edge + edge, new TreeSet<>(names)) + edge;
  }
}
