package dev.holdfast.jdbc.dialect;

import dev.holdfast.Job;
import dev.holdfast.Transaction;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code lanes}. They never change, so a process remembers those that it used last. One
 * that was removed while this process still knew it is written again by the claim that finds its
 * jobs.
 */
public final class JobLanes {
  /** Maximum number of remembered lanes; others are read again. */
  private static final int KNOWN_MAX = 50_000;

  private static final int ROWS = 64; // to a statement

  private static final Sql PUT =
      Sql.of(
          """
          insert into lanes (id, queue, type, requires, job_group, last_chance)
          values (:id, :queue, :type, :requires, cast(:job_group as text), :last_chance)
          on conflict (id) do nothing
          """);

  private static final String COLUMNS =
      "select id, queue, type, requires, job_group, last_chance from lanes";

  private static final Sql GET_MANY =
      Sql.of(COLUMNS + " where id in (" + String.join(", ", Collections.nCopies(ROWS, "?")) + ")");

  /** The properties of a lane, from which its id is derived. */
  private record Traits(
      String queue, String type, Optional<String> requires, Optional<String> group) {}

  private final QueueView view;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Traits, JobLane> made = new Newest<>(); // guarded by lock, like the next
  private final Map<Long, JobLane> stored = new Newest<>();

  public JobLanes(QueueView view) {
    this.view = view;
  }

  /** Returns whether its queue has such lanes, as far as is known. */
  public boolean isRight(JobLane lane) {
    return lane.group().isPresent() == view.isGrouped(lane.queue());
  }

  /** A map of the most recently used entries. */
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

  /**
   * The lane of a job as it is recorded; empty if its process has died before, as then the next
   * claim decides.
   */
  public Optional<JobLane> of(Job job) {
    return job.crashes() > 0
        ? Optional.empty()
        : Optional.of(of(job.queue(), job.type(), job.requires(), job.group()));
  }

  /** The lane that is written with a job as it is recorded. */
  public long idOf(Job job) {
    return of(job).map(JobLane::id).orElse(JobLane.UNSORTED);
  }

  public JobLane of(String queue, String type, Optional<String> requires, Optional<String> group) {
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
  public void prepare(Database database, List<JobDraft> jobs) {
    List<JobLane> missing = missing(jobs);
    if (!missing.isEmpty()) {
      database.write(ConnectionUse.CALLERS, tx -> put(tx, missing));
      remember(missing);
    }
  }

  /** Prepares lanes for jobs of a caller's transaction, which may be rolled back. */
  public void prepare(Database database, Transaction transaction, List<JobDraft> jobs) {
    List<JobLane> missing = missing(jobs);
    if (!missing.isEmpty()) {
      database.writeBeside(transaction, tx -> put(tx, missing));
    }
  }

  private List<JobLane> missing(List<JobDraft> jobs) {
    Set<JobLane> missing = new LinkedHashSet<>();
    @Nullable JobLane last = null;
    for (JobDraft job : jobs) {
      JobLane lane = of(job);
      if (!lane.equals(last) && !isStored(lane)) {
        missing.add(lane);
      }
      last = lane;
    }
    return List.copyOf(missing);
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

  /** Forgets lanes whose rows were removed. */
  public void forget(Collection<Long> ids) {
    lock.lock();
    try {
      ids.forEach(stored::remove);
    } finally {
      lock.unlock();
    }
  }

  /** Writes rows that may be there, in the order of their ids. */
  public List<JobLane> put(Tx tx, Collection<JobLane> lanes) {
    List<JobLane> ordered =
        lanes.stream().distinct().sorted(Comparator.comparingLong(JobLane::id)).toList();
    int[] rows = tx.updateEach(PUT, ordered, JobLanes::bind);
    List<JobLane> there = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != 1) {
        there.add(ordered.get(i));
      }
    }
    check(tx, there);
    return ordered;
  }

  private static void bind(Bound put, JobLane lane) {
    put.set("id", lane.id())
        .set("queue", lane.queue())
        .set("type", lane.type())
        .set("requires", lane.requires().orElse(""))
        .set("job_group", lane.group())
        .set("last_chance", lane.isLastChance() ? 1 : 0);
  }

  private static void check(Session session, List<JobLane> there) {
    Set<JobLane> read = new HashSet<>(read(session, there.stream().map(JobLane::id).toList()));
    for (JobLane lane : there) {
      if (!read.contains(lane)) {
        throw new ConflictException(
            "jobs of type '%s' in queue '%s' cannot be told from others by their lane's number, which happens once in a million million: change one of their names"
                .formatted(lane.type(), lane.queue()));
      }
    }
  }

  /** Finds those of the lanes that exist. */
  public List<JobLane> find(Session session, Collection<Long> ids) {
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
    List<JobLane> found = new ArrayList<>();
    for (int next = 0; next < ids.size(); next += ROWS) {
      Bound many = session.sql(GET_MANY);
      for (int i = 0; i < ROWS; i++) { // the last one fills up what is left
        many.next(ids.get(Math.min(next + i, ids.size() - 1)));
      }
      found.addAll(many.list(JobLanes::lane));
    }
    return found;
  }

  private static JobLane lane(Row row) {
    Optional<String> requires = Optional.of(row.text(4)).filter(json -> !json.isEmpty());
    return new JobLane(
        row.number(1), row.text(2), row.text(3), requires, row.maybeText(5), row.number(6) == 1);
  }
}
