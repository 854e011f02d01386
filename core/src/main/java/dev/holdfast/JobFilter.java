package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.Range;
import dev.holdfast.search.Scope;
import dev.holdfast.search.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A selection of jobs, those that satisfy every condition given, and their order. Immutable; each
 * method that takes a condition returns a changed copy.
 *
 * <pre>{@code
 * JobFilter.in(JobState.FAILED).queue("mail").created(TimeRange.any().since(Duration.ofHours(2)))
 * }</pre>
 */
public final class JobFilter {
  private static final JobFilter ALL = new JobFilter(new JobConditions());

  private final JobConditions wanted;

  private JobFilter(JobConditions wanted) {
    this.wanted = wanted;
  }

  private JobFilter with(Consumer<JobConditions> change) {
    JobConditions copy = new JobConditions(wanted);
    change.accept(copy);
    return new JobFilter(copy);
  }

  /** Selects every job. */
  public static JobFilter all() {
    return ALL;
  }

  /** Selects these jobs; all if there are none. */
  public static JobFilter ids(List<JobId> ids) {
    return ALL.with(copy -> copy.ids = List.copyOf(ids));
  }

  /** Restricts the selection to these jobs; empty for any. */
  public JobFilter named(List<JobId> newIds) {
    return with(copy -> copy.ids = List.copyOf(newIds));
  }

  /** Selects jobs in one of these states. */
  public static JobFilter in(JobState first, JobState... others) {
    return all().states(EnumSet.of(first, others));
  }

  /** Restricts the selection to these states; empty for any. */
  public JobFilter states(Set<JobState> newStates) {
    return with(copy -> copy.states = Set.copyOf(newStates));
  }

  /** Restricts the selection to this queue. */
  public JobFilter queue(String queue) {
    return queues(Set.of(queue));
  }

  /** Restricts the selection to these queues; empty for any. */
  public JobFilter queues(Set<String> newQueues) {
    return with(copy -> copy.queues = values("queues", newQueues));
  }

  /** Excludes these queues. */
  public JobFilter notQueues(Set<String> excluded) {
    return with(copy -> copy.notQueues = values("queues", excluded));
  }

  /** Restricts the selection to this type. */
  public JobFilter type(String type) {
    return types(Set.of(type));
  }

  /** Restricts the selection to these types; empty for any. */
  public JobFilter types(Set<String> newTypes) {
    return with(copy -> copy.types = values("types", newTypes));
  }

  /** Excludes these types. */
  public JobFilter notTypes(Set<String> excluded) {
    return with(copy -> copy.notTypes = values("types", excluded));
  }

  /** Restricts the selection to this group. */
  public JobFilter group(String group) {
    return groups(Set.of(group));
  }

  /** Restricts the selection to these groups; empty for any. */
  public JobFilter groups(Set<String> newGroups) {
    return with(copy -> copy.groups = values("groups", newGroups));
  }

  /** Restricts the selection to this scope. */
  public JobFilter within(Scope newScope) {
    return with(copy -> copy.scope = newScope);
  }

  /** Restricts the selection to jobs that have all of these tags. */
  public JobFilter allTags(Collection<String> tags) {
    return with(copy -> copy.allTags = values("tags", tags));
  }

  /** Restricts the selection to jobs that have at least one of these tags; empty for any. */
  public JobFilter anyTags(Collection<String> tags) {
    return with(copy -> copy.anyTags = values("tags", tags));
  }

  /** Restricts the selection to jobs that were enqueued with this idempotency key. */
  public JobFilter key(String newKey) {
    return with(copy -> copy.key = Optional.of(newKey));
  }

  /** Restricts the selection to jobs that this node runs, or ran last. */
  public JobFilter node(NodeId newNode) {
    return with(copy -> copy.node = Optional.of(newNode));
  }

  /** Restricts the selection to jobs that nodes of this name run, or ran last. */
  public JobFilter worker(String name) {
    return with(copy -> copy.worker = Optional.of(name));
  }

  /** Restricts the selection to jobs that were enqueued by this person or program. */
  public JobFilter createdBy(String name) {
    return with(copy -> copy.createdBy = Optional.of(name));
  }

  /** Restricts the selection to the jobs of this schedule. */
  public JobFilter schedule(String name) {
    return createdBy("schedule:" + name);
  }

  /**
   * Restricts the selection to jobs that were enqueued then. Ids contain that time; a job whose id
   * differs from it by more than an hour is not found.
   */
  public JobFilter created(TimeRange range) {
    return with(copy -> copy.created = range);
  }

  /** Restricts the selection to jobs whose newest attempt began then. */
  public JobFilter started(TimeRange range) {
    return with(copy -> copy.started = range);
  }

  /** Restricts the selection to jobs that finished then. */
  public JobFilter finished(TimeRange range) {
    return with(copy -> copy.finished = range);
  }

  /** Restricts the selection to jobs that are due then, or were. */
  public JobFilter runAt(TimeRange range) {
    return with(copy -> copy.runAt = range);
  }

  /** Restricts the selection to jobs with so many attempts. */
  public JobFilter attempts(Range<Integer> range) {
    return with(copy -> copy.attempts = range);
  }

  /** Restricts the selection to jobs with so many crashes. */
  public JobFilter crashes(Range<Integer> range) {
    return with(copy -> copy.crashes = range);
  }

  /** Restricts the selection to jobs with such a priority. */
  public JobFilter priority(Range<Integer> range) {
    return with(copy -> copy.priority = range);
  }

  /**
   * Restricts the selection to jobs that waited so long from being due until the start of their
   * newest attempt.
   */
  public JobFilter waited(Range<Duration> range) {
    return with(copy -> copy.waited = JobConditions.lengths(range));
  }

  /** Restricts the selection to finished jobs whose last attempt took so long. */
  public JobFilter ran(Range<Duration> range) {
    return with(copy -> copy.ran = JobConditions.lengths(range));
  }

  /** Restricts the selection to jobs whose failure is of one of these kinds; empty for any. */
  public JobFilter failures(Set<Failure.Kind> kinds) {
    return with(copy -> copy.failures = Set.copyOf(kinds));
  }

  /** Restricts the selection to jobs whose failure's message contains this text as it stands. */
  public JobFilter failureText(String text) {
    Check.range("the length of the text", text.length(), 1, Limits.FILTER_CHARS_MAX);
    return with(copy -> copy.failureText = Optional.of(text));
  }

  /** Restricts the selection further, to jobs with this value in a field. */
  public JobFilter field(FieldMatch match) {
    List<FieldMatch> more = new ArrayList<>(wanted.fields);
    more.add(match);
    Check.range("the number of fields", more.size(), 0, Limits.FILTER_FIELDS_MAX);
    return with(copy -> copy.fields = List.copyOf(more));
  }

  /** Changes the order. Default: {@link JobOrder#CREATED}. */
  public JobFilter sortedBy(JobOrder newOrder) {
    return with(copy -> copy.order = newOrder);
  }

  private static Set<String> values(String what, Collection<String> values) {
    Set<String> distinct = new LinkedHashSet<>(values);
    Check.range("the number of " + what, distinct.size(), 0, Limits.FILTER_VALUES_MAX);
    return Set.copyOf(distinct);
  }

  /** Returns the states; empty for any. */
  public Set<JobState> states() {
    return wanted.states;
  }

  /** Returns the queues; empty for any. */
  public Set<String> queues() {
    return wanted.queues;
  }

  /** Returns the excluded queues. */
  public Set<String> notQueues() {
    return wanted.notQueues;
  }

  /** Returns the types; empty for any. */
  public Set<String> types() {
    return wanted.types;
  }

  /** Returns the excluded types. */
  public Set<String> notTypes() {
    return wanted.notTypes;
  }

  /** Returns the groups; empty for any. */
  public Set<String> groups() {
    return wanted.groups;
  }

  /** Returns the ids; empty for any. */
  public List<JobId> ids() {
    return wanted.ids;
  }

  /** Returns the scope. */
  public Scope scope() {
    return wanted.scope;
  }

  /** Returns the tags of which a job must have all. */
  public Set<String> allTags() {
    return wanted.allTags;
  }

  /** Returns the tags of which a job must have one; empty for any. */
  public Set<String> anyTags() {
    return wanted.anyTags;
  }

  /** Returns the idempotency key. */
  public Optional<String> key() {
    return wanted.key;
  }

  /** Returns the node. */
  public Optional<NodeId> node() {
    return wanted.node;
  }

  /** Returns the name of the node. */
  public Optional<String> worker() {
    return wanted.worker;
  }

  /** Returns who enqueued it. */
  public Optional<String> createdBy() {
    return wanted.createdBy;
  }

  /** Returns when it was enqueued. */
  public TimeRange created() {
    return wanted.created;
  }

  /** Returns when its newest attempt began. */
  public TimeRange started() {
    return wanted.started;
  }

  /** Returns when it finished. */
  public TimeRange finished() {
    return wanted.finished;
  }

  /** Returns when it is due. */
  public TimeRange runAt() {
    return wanted.runAt;
  }

  /** Returns the number of attempts. */
  public Range<Integer> attempts() {
    return wanted.attempts;
  }

  /** Returns the number of crashes. */
  public Range<Integer> crashes() {
    return wanted.crashes;
  }

  /** Returns the priority. */
  public Range<Integer> priority() {
    return wanted.priority;
  }

  /** Returns the time from being due until the start of the newest attempt. */
  public Range<Duration> waited() {
    return wanted.waited;
  }

  /** Returns the duration of the last attempt of a finished job. */
  public Range<Duration> ran() {
    return wanted.ran;
  }

  /** Returns the kinds of failures; empty for any. */
  public Set<Failure.Kind> failures() {
    return wanted.failures;
  }

  /** Returns the text that the failure's message contains. */
  public Optional<String> failureText() {
    return wanted.failureText;
  }

  /** Returns the conditions on fields. */
  public List<FieldMatch> fields() {
    return wanted.fields;
  }

  /** Returns the order. */
  public JobOrder order() {
    return wanted.order;
  }

  /** Returns whether all jobs of a scope are selected: no condition but the scope was given. */
  public boolean isAll() {
    return wanted.all().equals(ALL.within(wanted.scope).wanted.all());
  }

  /**
   * Returns the groups whose jobs may match, those of the scope included; empty for jobs of any
   * group and of none.
   */
  public Optional<Set<String>> reachableGroups() {
    if (wanted.groups.isEmpty()) {
      return wanted.scope.groups();
    }
    Set<String> reachable = new LinkedHashSet<>(wanted.groups);
    wanted.scope.groups().ifPresent(reachable::retainAll);
    return Optional.of(reachable);
  }

  /** Returns the same selection with instants in place of ages. */
  public JobFilter at(Instant now) {
    return with(
        copy -> {
          copy.created = wanted.created.at(now);
          copy.started = wanted.started.at(now);
          copy.finished = wanted.finished.at(now);
          copy.runAt = wanted.runAt.at(now);
        });
  }

  /**
   * Checks that an index has the order for this selection.
   *
   * @throws InvalidRequestException saying what to change
   */
  public void checkOrder() {
    Check.that(
        wanted.order != JobOrder.RUN_AT || wanted.states.equals(Set.of(JobState.SCHEDULED)),
        "jobs are sorted by run_at only if they are SCHEDULED: select that state alone");
    Check.that(
        wanted.order == JobOrder.CREATED || reachableGroups().isEmpty(),
        "the jobs of single groups are sorted by their creation only: leave the order out, or the"
            + " groups");
  }

  /**
   * Returns whether a job is selected.
   *
   * @throws IllegalStateException if a time is an age: {@link #at} replaces it
   */
  public boolean matches(Job job) {
    return wanted.match(job);
  }

  /** Returns whether there is a condition on tags or fields. */
  public boolean hasContent() {
    return !(wanted.allTags.isEmpty() && wanted.anyTags.isEmpty() && wanted.fields.isEmpty());
  }

  /** Returns whether the conditions on tags and fields hold for a job with these. */
  public boolean matchesContent(
      List<String> tags,
      Optional<String> payload,
      Optional<String> metadata,
      Optional<String> requires) {
    return wanted.matchContent(tags, payload, metadata, requires);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JobFilter filter
        && wanted.order == filter.wanted.order
        && wanted.all().equals(filter.wanted.all());
  }

  @Override
  public int hashCode() {
    return wanted.all().hashCode();
  }

  @Override
  public String toString() {
    return "JobFilter" + wanted.all() + " by " + wanted.order;
  }
}
