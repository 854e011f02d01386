package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.Range;
import dev.holdfast.search.Scope;
import dev.holdfast.search.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of a {@link JobFilter}, and whether they hold for a job. Changed only while its
 * filter is built.
 */
final class JobConditions {
  Set<JobState> states = Set.of();
  Set<String> queues = Set.of();
  Set<String> notQueues = Set.of();
  Set<String> types = Set.of();
  Set<String> notTypes = Set.of();
  Set<String> groups = Set.of();
  List<JobId> ids = List.of();
  Scope scope = Scope.all();
  Set<String> allTags = Set.of();
  Set<String> anyTags = Set.of();
  Optional<String> key = Optional.empty();
  Optional<NodeId> node = Optional.empty();
  Optional<String> worker = Optional.empty();
  Optional<String> createdBy = Optional.empty();
  TimeRange created = TimeRange.any();
  TimeRange started = TimeRange.any();
  TimeRange finished = TimeRange.any();
  TimeRange runAt = TimeRange.any();
  Range<Integer> attempts = Range.any();
  Range<Integer> crashes = Range.any();
  Range<Integer> priority = Range.any();
  Range<Duration> waited = Range.any();
  Range<Duration> ran = Range.any();
  Set<Failure.Kind> failures = Set.of();
  Optional<String> failureText = Optional.empty();
  List<FieldMatch> fields = List.of();
  JobOrder order = JobOrder.CREATED;

  /** Creates conditions that every job satisfies. */
  JobConditions() {}

  JobConditions(JobConditions other) {
    states = other.states;
    queues = other.queues;
    notQueues = other.notQueues;
    types = other.types;
    notTypes = other.notTypes;
    groups = other.groups;
    ids = other.ids;
    scope = other.scope;
    allTags = other.allTags;
    anyTags = other.anyTags;
    key = other.key;
    node = other.node;
    worker = other.worker;
    createdBy = other.createdBy;
    created = other.created;
    started = other.started;
    finished = other.finished;
    runAt = other.runAt;
    attempts = other.attempts;
    crashes = other.crashes;
    priority = other.priority;
    waited = other.waited;
    ran = other.ran;
    failures = other.failures;
    failureText = other.failureText;
    fields = other.fields;
    order = other.order;
  }

  /** Returns whether all of them hold. */
  boolean match(Job job) {
    return matchesNames(job)
        && matchesOrigin(job)
        && matchesTimes(job)
        && matchesNumbers(job)
        && matchesFailure(job)
        && matchContent(job.tags(), Optional.of(job.payload()), job.metadata(), job.requires());
  }

  private boolean matchesNames(Job job) {
    return (states.isEmpty() || states.contains(job.state()))
        && isAmong(queues, job.queue())
        && !notQueues.contains(job.queue())
        && isAmong(types, job.type())
        && !notTypes.contains(job.type())
        && (groups.isEmpty() || job.group().filter(groups::contains).isPresent())
        && (ids.isEmpty() || ids.contains(job.id()))
        && scope.covers(job.group());
  }

  private static boolean isAmong(Set<String> allowed, String name) {
    return allowed.isEmpty() || allowed.contains(name);
  }

  private boolean matchesOrigin(Job job) {
    return (key.isEmpty() || key.equals(job.key()))
        && (node.isEmpty() || node.equals(job.holder().map(Job.Holder::node)))
        && (worker.isEmpty() || worker.equals(job.holder().map(Job.Holder::name)))
        && (createdBy.isEmpty() || createdBy.equals(job.createdBy()));
  }

  private boolean matchesTimes(Job job) {
    return created.contains(job.createdAt())
        && runAt.contains(job.runAt())
        && contains(started, job.startedAt())
        && contains(finished, job.finishedAt())
        && (order != JobOrder.FINISHED || job.finishedAt().isPresent());
  }

  private static boolean contains(TimeRange range, Optional<Instant> time) {
    return range.isAny() || time.filter(range::contains).isPresent();
  }

  private boolean matchesNumbers(Job job) {
    return attempts.contains(job.attempt())
        && crashes.contains(job.crashes())
        && priority.contains(job.priority())
        && contains(waited, Optional.of(job.runAt()), job.startedAt())
        && contains(ran, job.startedAt(), job.finishedAt());
  }

  private static boolean contains(
      Range<Duration> range, Optional<Instant> begin, Optional<Instant> end) {
    return range.isAny()
        || begin
            .flatMap(from -> end.map(to -> Duration.between(from, to)))
            .filter(range::contains)
            .isPresent();
  }

  private boolean matchesFailure(Job job) {
    Optional<Failure> failure = job.failure();
    return (failures.isEmpty() || failure.map(Failure::kind).filter(failures::contains).isPresent())
        && failureText
            .map(text -> failure.filter(found -> found.message().contains(text)).isPresent())
            .orElse(true);
  }

  /** Returns whether the conditions on tags and fields hold for a job with these. */
  boolean matchContent(
      List<String> tags,
      Optional<String> payload,
      Optional<String> metadata,
      Optional<String> requires) {
    return tags.containsAll(allTags)
        && (anyTags.isEmpty() || tags.stream().anyMatch(anyTags::contains))
        && fields.stream()
            .allMatch(
                match -> match.field().read(payload, metadata, requires).contains(match.value()));
  }

  /** Returns all conditions, without the order. */
  List<Object> all() {
    return List.of(
        states,
        queues,
        notQueues,
        types,
        notTypes,
        groups,
        ids,
        scope,
        allTags,
        anyTags,
        key,
        node,
        worker,
        createdBy,
        created,
        started,
        finished,
        runAt,
        attempts,
        crashes,
        priority,
        waited,
        ran,
        failures,
        failureText,
        fields);
  }

  /** Returns the range after checking that its ends are possible. */
  static Range<Duration> lengths(Range<Duration> range) {
    range.least().ifPresent(length -> Check.length("a length of time", length));
    range.most().ifPresent(length -> Check.length("a length of time", length));
    return range;
  }
}
