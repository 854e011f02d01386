package dev.holdfast.jdbc.search;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Limits;
import dev.holdfast.jdbc.search.SearchWalk.Place;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Searches for jobs. Each walk follows one index in stretches, of which each is filtered by one
 * statement, until the page is full or enough jobs were examined; the results of several walks are
 * merged. The jobs of a page are then read by their ids and checked once more, as they may have
 * changed since.
 */
public final class JobSearch {
  /** Jobs in the first stretch; the next ones are longer. */
  private static final int STRETCH = 1_000;

  private static final int STRETCH_MAX = 25_000;
  private static final int STRETCH_GROWTH = 4;

  /** Jobs in a stretch whose texts are read, so that they fit into memory. */
  private static final int STRETCH_OF_TEXTS = SearchIndex.FIELD_STRETCH;

  /** A longer payload is read by itself, and counts as this many jobs. */
  private static final int LONG_PAYLOAD_COUNTS = 100;

  private static final String COLUMNS = "id, state, queue, type, failure_kind, finished_at, run_at";

  private static final String COLUMNS_WITH_TEXTS = COLUMNS + ", tags, metadata, requires";

  private static final String COLUMNS_WITH_PAYLOAD =
      COLUMNS_WITH_TEXTS + ", case when octet_length(payload) <= 16384 then payload end as payload";

  private static final Sql FIND_MANY = IdLists.in("select * from job_rows where id in (%s)");

  private final Session session;
  private final JobFilter filter;
  private final SearchConditions conditions;
  private final String columns;
  private long examined;
  private long budget;

  /**
   * @param filter without ages
   */
  JobSearch(Session session, JobFilter filter) {
    this.session = session;
    this.filter = filter;
    this.conditions = new SearchConditions(filter);
    this.columns = columns(filter);
  }

  private static String columns(JobFilter filter) {
    if (!filter.hasContent()) {
      return COLUMNS;
    }
    return filter.fields().isEmpty() ? COLUMNS_WITH_TEXTS : COLUMNS_WITH_PAYLOAD;
  }

  /**
   * A job that matches, as it was when it was found.
   *
   * @param id its id
   * @param place its place in the walk
   * @param state its state
   * @param queue its queue
   * @param type its type
   * @param failure the kind of its failure
   */
  public record Found(
      JobId id,
      Place place,
      JobState state,
      String queue,
      String type,
      Optional<Failure.Kind> failure) {}

  /**
   * The result of a search.
   *
   * @param jobs the jobs in order
   * @param next where the next page begins
   * @param examined how many jobs were examined, approximately
   * @param complete false if the search stopped before the page was full
   */
  public record Result(
      List<Found> jobs, Optional<PageCursor> next, long examined, boolean complete) {
    /** Nothing, and nothing more to come. */
    public static final Result NONE = new Result(List.of(), Optional.empty(), 0, true);
  }

  /** Returns a page of jobs. */
  public static Page<Job> page(Session session, JobFilter filter, PageRequest page) {
    if (!filter.ids().isEmpty()) {
      return named(session, filter, page.after(), page.limit());
    }
    Result result = new JobSearch(session, filter).find(page.after(), page.limit());
    List<JobId> ids = result.jobs().stream().map(Found::id).toList();
    Map<JobId, Job> jobs = new HashMap<>();
    IdLists.list(session, FIND_MANY, ids, JobRows::job).forEach(job -> jobs.put(job.id(), job));
    List<Job> matching =
        ids.stream().filter(jobs::containsKey).map(jobs::get).filter(filter::matches).toList();
    return new Page<>(matching, result.next(), result.examined(), result.complete());
  }

  /** Returns the first {@code limit} jobs as they were found, without reading them whole. */
  public static Result found(
      Session session, JobFilter filter, Optional<PageCursor> after, int limit) {
    if (filter.ids().isEmpty()) {
      return new JobSearch(session, filter).find(after, limit);
    }
    Page<Job> page = named(session, filter, after, limit);
    List<Found> jobs = page.items().stream().map(JobSearch::found).toList();
    return new Result(jobs, page.next(), page.searched(), page.complete());
  }

  private static Found found(Job job) {
    return new Found(
        job.id(),
        new Place(0, job.id()),
        job.state(),
        job.queue(),
        job.type(),
        job.failure().map(Failure::kind));
  }

  private static Page<Job> named(
      Session session, JobFilter filter, Optional<PageCursor> start, int limit) {
    List<JobId> ids =
        filter.ids().stream()
            .distinct()
            .sorted(Comparator.reverseOrder())
            .filter(id -> start.map(after -> id.compareTo(after.id()) < 0).orElse(true))
            .toList();
    List<Job> matching =
        IdLists.list(session, FIND_MANY, ids, JobRows::job).stream()
            .filter(filter::matches)
            .sorted(Comparator.comparing(Job::id).reversed())
            .toList();
    boolean isFull = matching.size() >= limit;
    List<Job> jobs = isFull ? matching.subList(0, limit) : matching;
    Optional<PageCursor> next =
        isFull ? Optional.of(PageCursor.of(jobs.get(jobs.size() - 1).id())) : Optional.empty();
    return new Page<>(jobs, next, ids.size(), true);
  }

  /** Returns the first {@code limit} jobs behind a position. */
  Result find(Optional<PageCursor> after, int limit) {
    List<SearchWalk> walks = SearchPlan.of(session, filter, after);
    if (walks.size() == 1) {
      return single(walks.get(0), limit);
    }
    return merged(walks, limit);
  }

  private Result single(SearchWalk walk, int limit) {
    budget = Limits.SEARCHED_MAX;
    List<Found> found = new ArrayList<>();
    Optional<Place> stopped = follow(walk, walk.last(), limit, found);
    if (found.size() >= limit) {
      return full(walk, found);
    }
    return new Result(found, stopped.map(walk::cursor), examined, stopped.isEmpty());
  }

  private Result full(SearchWalk walk, List<Found> found) {
    PageCursor next = walk.cursor(found.get(found.size() - 1).place());
    return new Result(found, Optional.of(next), examined, true);
  }

  /**
   * Walks by id one after the other, none further than the page reaches by the jobs already found.
   * Where one stopped early, the jobs behind that place are left for the next page.
   */
  private Result merged(List<SearchWalk> walks, int limit) {
    List<Found> newest = new ArrayList<>();
    Optional<JobId> cut = Optional.empty();
    for (SearchWalk walk : walks) {
      budget = Limits.SEARCHED_MAX / walks.size();
      List<Found> found = new ArrayList<>();
      Place last = newest.size() < limit ? walk.last() : newest.get(newest.size() - 1).place();
      Optional<Place> stopped = follow(walk, last, limit, found);
      if (stopped.isPresent() && found.size() < limit) {
        JobId end = stopped.get().id();
        cut = cut.filter(other -> other.compareTo(end) > 0).or(() -> Optional.of(end));
      }
      Set<JobId> known = newest.stream().map(Found::id).collect(Collectors.toSet());
      found.stream().filter(job -> known.add(job.id())).forEach(newest::add); // may be on both
      newest.sort(Comparator.comparing(Found::id).reversed());
      newest = new ArrayList<>(newest.subList(0, Math.min(limit, newest.size())));
    }
    JobId oldest = cut.orElse(null);
    List<Found> jobs =
        oldest == null
            ? newest
            : newest.stream().filter(job -> job.id().compareTo(oldest) >= 0).toList();
    if (jobs.size() >= limit) {
      return full(walks.get(0), jobs);
    }
    return new Result(jobs, cut.map(PageCursor::of), examined, cut.isEmpty());
  }

  /**
   * Collects matching jobs until there are {@code limit}, the walk has ended or the budget is used
   * up.
   *
   * @return where it stopped for its budget; empty if it did not
   */
  private Optional<Place> follow(SearchWalk walk, Place last, int limit, List<Found> found) {
    boolean isFiltered = !conditions.isEmpty() || filter.hasContent();
    Place from = walk.first();
    for (int stretch = filter.hasContent() ? STRETCH_OF_TEXTS : STRETCH; ; ) {
      Optional<Place> end = isFiltered ? walk.end(session, from, last, stretch) : Optional.empty();
      Place to = end.orElse(last);
      List<Found> some = filter(walk, from, to, limit - found.size());
      found.addAll(some);
      if (!isFiltered || found.size() >= limit) {
        examined += isFiltered ? countTo(walk, from, some, stretch) : some.size();
        return Optional.empty();
      }
      if (end.isEmpty()) {
        examined += walk.count(session, from, to, stretch);
        return Optional.empty();
      }
      examined += stretch;
      budget -= stretch;
      if (budget <= 0) {
        return end.map(walk::behind);
      }
      from = walk.behind(to);
      if (!filter.hasContent()) {
        stretch = Math.min(STRETCH_MAX, stretch * STRETCH_GROWTH);
      }
      stretch = (int) Math.min(stretch, budget);
    }
  }

  private long countTo(SearchWalk walk, Place from, List<Found> some, int stretch) {
    return some.isEmpty()
        ? 0
        : walk.count(session, from, some.get(some.size() - 1).place(), stretch);
  }

  private List<Found> filter(SearchWalk walk, Place from, Place to, int limit) {
    Sql sql = walk.filter(columns, conditions.sql());
    int[] left = {limit};
    return session.once(
        sql,
        query ->
            walk
                .bound(conditions.bind(query), from, to)
                .set("limit", filter.hasContent() ? Integer.MAX_VALUE : limit)
                .listUntil(found -> found.isPresent() && --left[0] == 0, row -> matching(row, walk))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  private Optional<Found> matching(Row row, SearchWalk walk) {
    return !filter.hasContent() || matchesContent(row)
        ? Optional.of(found(row, walk))
        : Optional.empty();
  }

  private boolean matchesContent(Row row) {
    Optional<String> tags = row.maybeText("tags");
    Optional<String> payload =
        filter.fields().isEmpty() ? Optional.empty() : row.maybeText("payload");
    boolean isLong = !filter.fields().isEmpty() && payload.isEmpty();
    if (isLong) {
      budget -= LONG_PAYLOAD_COUNTS;
      return Reads.find(session, new JobId(row.id("id"))).filter(filter::matches).isPresent();
    }
    return filter.matchesContent(
        tags.map(Json::texts).orElse(List.of()),
        payload,
        row.maybeText("metadata"),
        row.maybeText("requires"));
  }

  private static Found found(Row row, SearchWalk walk) {
    JobId id = new JobId(row.id("id"));
    return new Found(
        id,
        walk.place(id, row.maybeNumber("finished_at"), row.number("run_at")),
        JobState.valueOf(row.text("state")),
        row.text("queue"),
        row.text("type"),
        row.maybeText("failure_kind").map(Failure.Kind::valueOf));
  }
}
