package dev.holdfast.jdbc.store;

import dev.holdfast.ConflictException;
import dev.holdfast.Job;
import dev.holdfast.Transaction;
import dev.holdfast.spi.JobDraft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code lanes}. They never change and stay for ever, so a process reads and writes
 * each of them once. If one is lost all the same, as in a database that was restored, its jobs are
 * sorted in again.
 */
public final class JobLanes {
  private static final int KNOWN_MAX = 50_000;
  private static final int ONE_BY_ONE_MAX = 16;

  private static final Sql PUT =
      Sql.of(
          """
          insert into lanes (id, queue, type, requires, job_group)
          values (:id, :queue, :type, :requires, cast(:job_group as text))
          on conflict (id) do nothing
          """);

  private static final String COLUMNS = "select id, queue, type, requires, job_group from lanes";

  private static final Sql GET = Sql.of(COLUMNS + " where id = :id");

  private static final Sql GET_ALL = Sql.of(COLUMNS + " limit :limit");

  /** What makes a lane, before its id is made of it. */
  private record Traits(
      String queue, String type, Optional<String> requires, Optional<String> group) {}

  private final QueueView view;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Traits, JobLane> made = new Newest<>(); // guarded by lock, like the next
  private final Map<Long, JobLane> stored = new Newest<>();

  JobLanes(QueueView view) {
    this.view = view;
  }

  /** Whether its queue has such lanes, as far as is known. */
  boolean isRight(JobLane lane) {
    return lane.group().isPresent() == view.isGrouped(lane.queue());
  }

  /** The entries that were asked for last. */
  private static final class Newest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > KNOWN_MAX;
    }
  }

  /** The lane of a new job. */
  public JobLane of(JobDraft job) {
    return of(job.queue(), job.type(), job.requires(), job.group());
  }

  /** The lane of a job as it is recorded. */
  public JobLane of(Job job) {
    return of(job.queue(), job.type(), job.requires(), job.group());
  }

  JobLane of(String queue, String type, Optional<String> requires, Optional<String> group) {
    boolean isGrouped = view.isGrouped(queue);
    Traits traits =
        new Traits(
            queue, type, requires, isGrouped ? Optional.of(group.orElse("")) : Optional.empty());
    lock.lock();
    try {
      return made.computeIfAbsent(
          traits, first -> JobLane.of(first.queue, first.type, first.requires, first.group));
    } finally {
      lock.unlock();
    }
  }

  /** Sees to it that the lanes of these jobs are there before they are enqueued. */
  void prepare(Database database, List<JobDraft> jobs) {
    List<JobLane> missing = missing(jobs);
    if (!missing.isEmpty()) {
      database.write(ConnectionUse.CALLERS, (session, now, news) -> put(session, missing));
      remember(missing);
    }
  }

  /** The same for jobs of a caller's transaction, which may be rolled back. */
  void prepare(Database database, Transaction transaction, List<JobDraft> jobs) {
    List<JobLane> missing = missing(jobs);
    if (!missing.isEmpty()) {
      database.writeBeside(transaction, (session, now, news) -> put(session, missing));
    }
  }

  private List<JobLane> missing(List<JobDraft> jobs) {
    List<JobLane> missing = new ArrayList<>();
    @Nullable JobLane last = null;
    for (JobDraft job : jobs) {
      JobLane lane = of(job);
      if (!lane.equals(last) && !missing.contains(lane) && !isStored(lane)) {
        missing.add(lane);
      }
      last = lane;
    }
    return missing;
  }

  private boolean isStored(JobLane lane) {
    lock.lock();
    try {
      return stored.containsKey(lane.id());
    } finally {
      lock.unlock();
    }
  }

  private void remember(Collection<JobLane> lanes) {
    lock.lock();
    try {
      lanes.forEach(lane -> stored.put(lane.id(), lane));
    } finally {
      lock.unlock();
    }
  }

  /** Writes rows that may be there, in the order of their ids. */
  List<JobLane> put(Session session, Collection<JobLane> lanes) {
    return lanes.stream()
        .distinct()
        .sorted(Comparator.comparingLong(JobLane::id))
        .map(lane -> put(session, lane))
        .toList();
  }

  private static JobLane put(Session session, JobLane lane) {
    int rows =
        session
            .sql(PUT)
            .set("id", lane.id())
            .set("queue", lane.queue())
            .set("type", lane.type())
            .set("requires", lane.requires().orElse(""))
            .set("job_group", lane.group())
            .update();
    if (rows == 0 && !get(session, lane.id()).equals(Optional.of(lane))) {
      throw new ConflictException(
          "jobs of type '%s' in queue '%s' cannot be told from others by their lane's number, which happens once in a million million: change one of their names"
              .formatted(lane.type(), lane.queue()));
    }
    return lane;
  }

  private static Optional<JobLane> get(Session session, long id) {
    return session.sql(GET).set("id", id).first(JobLanes::lane);
  }

  /** Those of the lanes that are there. */
  List<JobLane> find(Session session, Collection<Long> ids) {
    List<JobLane> found = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    lock.lock();
    try {
      for (long id : ids) {
        @Nullable JobLane lane = stored.get(id);
        if (lane != null) {
          found.add(lane);
        } else if (id != JobLane.UNSORTED) {
          unknown.add(id);
        }
      }
    } finally {
      lock.unlock();
    }
    if (!unknown.isEmpty()) {
      List<JobLane> read = read(session, unknown);
      remember(read);
      found.addAll(read);
    }
    return found;
  }

  private static List<JobLane> read(Session session, List<Long> ids) {
    Set<Long> wanted = Set.copyOf(ids);
    return ids.size() <= ONE_BY_ONE_MAX
        ? ids.stream().flatMap(id -> get(session, id).stream()).toList()
        : session.sql(GET_ALL).set("limit", KNOWN_MAX).list(JobLanes::lane).stream()
            .filter(lane -> wanted.contains(lane.id()))
            .toList();
  }

  private static JobLane lane(Row row) {
    Optional<String> requires = Optional.of(row.text(4)).filter(json -> !json.isEmpty());
    return new JobLane(row.number(1), row.text(2), row.text(3), requires, row.maybeText(5));
  }
}
