package dev.holdfast.jdbc.search;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.PageCursor;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The walk of a search along one index, in the order of the list. It is cut into stretches: first
 * the end of the stretch is read from the index alone, then the jobs up to there are filtered. So
 * no statement examines more jobs than intended, however few of them match.
 */
final class SearchWalk {
  /** The tolerance between the time in an id and that of the enqueue. */
  private static final Duration ID_TOLERANCE = Duration.ofHours(1);

  private static final long MIN = Long.MIN_VALUE;
  private static final long MAX = Long.MAX_VALUE;
  private static final JobId FIRST_ID = new JobId(new UUID(0, 0));
  static final JobId LAST_ID = new JobId(new UUID(-1, -1));

  /** The states whose jobs are few, or have an index of their ids. */
  private static final Set<JobState> WALKED_STATES =
      EnumSet.of(
          JobState.BLOCKED,
          JobState.RUNNING,
          JobState.FAILED,
          JobState.INTERRUPTED,
          JobState.CANCELLED);

  private final SearchIndex index;
  private final Optional<String> group;
  private final Optional<IndexedValue> value;
  private final Place first;
  private final Place last;

  /**
   * A position in an index.
   *
   * @param at the time; 0 in an index of ids
   * @param id the id
   */
  record Place(long at, JobId id) {}

  private SearchWalk(SearchIndex index, Optional<String> group, Place first, Place last) {
    this(index, group, Optional.empty(), first, last);
  }

  private SearchWalk(
      SearchIndex index,
      Optional<String> group,
      Optional<IndexedValue> value,
      Place first,
      Place last) {
    this.index = index;
    this.group = group;
    this.value = value;
    this.first = first;
    this.last = last;
  }

  /**
   * Returns the walks of a search that follows no tag or field.
   *
   * @param filter without ages
   * @param after the position behind which to begin
   */
  static List<SearchWalk> of(JobFilter filter, Optional<PageCursor> after) {
    return switch (filter.order()) {
      case CREATED -> byId(filter, after);
      case FINISHED -> List.of(byEnd(filter, after));
      case RUN_AT -> List.of(byRunAt(filter, after));
    };
  }

  private static List<SearchWalk> byId(JobFilter filter, Optional<PageCursor> after) {
    Span span = span(filter, after);
    List<SearchWalk> walks = new ArrayList<>();
    if (filter.reachableGroups().isPresent()) {
      for (String group : filter.reachableGroups().get()) {
        walks.add(new SearchWalk(SearchIndex.GROUP, Optional.of(group), span.first(), span.last()));
      }
    } else if (!filter.states().isEmpty() && WALKED_STATES.containsAll(filter.states())) {
      for (JobState state : filter.states()) {
        walks.add(
            new SearchWalk(SearchIndex.of(state), Optional.empty(), span.first(), span.last()));
      }
    } else {
      walks.add(new SearchWalk(SearchIndex.ID, Optional.empty(), span.first(), span.last()));
    }
    return walks;
  }

  /**
   * Returns the walks along values that a job must have, one or another of them: one for each value
   * and group.
   */
  static List<SearchWalk> along(
      List<IndexedValue> values, JobFilter filter, Optional<PageCursor> after) {
    Span span = span(filter, after);
    List<SearchWalk> walks = new ArrayList<>();
    for (IndexedValue value : values) {
      Optional<IndexedValue> wanted = Optional.of(value);
      if (filter.reachableGroups().isEmpty()) {
        walks.add(
            new SearchWalk(SearchIndex.FIELD, Optional.empty(), wanted, span.first(), span.last()));
      }
      for (String group : filter.reachableGroups().orElse(Set.of())) {
        walks.add(
            new SearchWalk(
                SearchIndex.FIELD_OF_GROUP, Optional.of(group), wanted, span.first(), span.last()));
      }
    }
    return walks;
  }

  /** Returns these walks of ids, from a job back to their ends. */
  static List<SearchWalk> before(List<SearchWalk> walks, JobId id) {
    return walks.stream()
        .map(
            walk ->
                new SearchWalk(
                    walk.index,
                    walk.group,
                    walk.value,
                    new Place(0, least(walk.first.id(), id)),
                    walk.last))
        .toList();
  }

  /** The part of an index of ids in which a search can find something. */
  private record Span(Place first, Place last) {}

  private static Span span(JobFilter filter, Optional<PageCursor> after) {
    TimeRange created = filter.created();
    Optional<JobId> before = created.until().map(end -> firstIdOf(end.plus(ID_TOLERANCE)));
    Optional<JobId> from = created.since().map(begin -> firstIdOf(begin.minus(ID_TOLERANCE)));
    JobId below = least(after.map(PageCursor::id).orElse(LAST_ID), before.orElse(LAST_ID));
    return new Span(new Place(0, below), new Place(0, from.orElse(FIRST_ID)));
  }

  private static JobId least(JobId one, JobId other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns the smallest id of version 7 that is made at a time. */
  private static JobId firstIdOf(Instant time) {
    long millis = Math.max(0, Math.min(time.toEpochMilli(), (1L << 48) - 1));
    return new JobId(new UUID(millis << 16, 0));
  }

  private static SearchWalk byEnd(JobFilter filter, Optional<PageCursor> after) {
    boolean isFailed = filter.states().equals(Set.of(JobState.FAILED));
    TimeRange finished = filter.finished();
    long newest = finished.until().map(end -> SearchConditions.microsFrom(end) - 1).orElse(MAX);
    long oldest = finished.since().map(SearchConditions::microsFrom).orElse(MIN);
    return new SearchWalk(
        isFailed ? SearchIndex.FAILED_END : SearchIndex.END,
        Optional.empty(),
        after.map(SearchWalk::place).orElse(new Place(newest, LAST_ID)),
        new Place(oldest, FIRST_ID));
  }

  private static SearchWalk byRunAt(JobFilter filter, Optional<PageCursor> after) {
    TimeRange due = filter.runAt();
    long soonest = due.since().map(SearchConditions::microsFrom).orElse(MIN);
    long latest = due.until().map(end -> SearchConditions.microsFrom(end) - 1).orElse(MAX);
    return new SearchWalk(
        SearchIndex.RUN_AT,
        Optional.empty(),
        after.map(SearchWalk::place).orElse(new Place(soonest, FIRST_ID)),
        new Place(latest, LAST_ID));
  }

  private static Place place(PageCursor cursor) {
    return new Place(cursor.at().map(Micros::of).orElse(0L), cursor.id());
  }

  /** Returns whether the walk leads along all jobs. */
  boolean isOfEveryJob() {
    return index == SearchIndex.ID;
  }

  /** Returns where the walk begins: behind this place. */
  Place first() {
    return first;
  }

  /** Returns where the walk ends, this place included. */
  Place last() {
    return last;
  }

  /** Returns the place of a job with these values. */
  Place place(JobId id, Optional<Long> finishedAt, long runAt) {
    return new Place(index.at(finishedAt, runAt), id);
  }

  /** Returns the position of a place, for the next page. */
  PageCursor cursor(Place place) {
    return index.isById()
        ? PageCursor.of(place.id())
        : PageCursor.of(Micros.toInstant(place.at()), place.id());
  }

  /** Returns the place behind which the next stretch begins. */
  Place behind(Place end) {
    return index.isById() ? end : new Place(end.at(), index.isAscending() ? LAST_ID : FIRST_ID);
  }

  /** Returns the end of a stretch of {@code jobs} jobs; empty if there are fewer. */
  Optional<Place> end(Session session, Place from, Place to, int jobs) {
    return bound(session.sql(index.end()), from, to)
        .set("behind", jobs - 1L)
        .first(row -> index.isById() ? new Place(0, new JobId(row.id(1))) : at(row.number(1)));
  }

  private Place at(long time) {
    return new Place(time, index.isAscending() ? LAST_ID : FIRST_ID);
  }

  /** Counts the jobs between two places, up to a maximum. */
  long count(Session session, Place from, Place to, int most) {
    return bound(session.sql(index.count()), from, to).set("most", most).number();
  }

  /** Binds a statement of the index to a part of this walk. */
  Bound bound(Bound query, Place from, Place to) {
    group.ifPresent(name -> query.set("group", name));
    value.ifPresent(wanted -> query.set("field", wanted.field()).set("value", wanted.value()));
    if (index.isById()) {
      return query.set("below", from.id()).set("above", to.id());
    }
    return query.set("from_at", from.at()).set("to_at", to.at()).set("from_id", from.id());
  }

  /** Returns the statement that filters the jobs of a stretch. */
  Sql filter(String columns, String conditions) {
    return index.filter(columns, conditions);
  }
}
