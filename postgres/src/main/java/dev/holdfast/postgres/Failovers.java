package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what a failover has cost. With synchronous replication that is nothing; without it, jobs
 * that the old primary had acknowledged but not yet replicated are lost, and only this process
 * knows.
 */
final class Failovers {
  private static final Logger log = LoggerFactory.getLogger(Failovers.class);
  private static final int PART = 5_000;
  private static final int NAMED_MAX = 20;

  private static final Sql MISSING =
      Sql.of(
          """
          select r.id from unnest(:ids::uuid[]) as r (id)
           where not exists (select 1 from jobs j where j.id = r.id)
          """);

  private final Database database;
  private final RecentJobs recent;
  private final AtomicReference<ServerLife> last;
  private final AtomicLong lost = new AtomicLong();

  Failovers(Database database, RecentJobs recent, ServerLife first) {
    this.database = database;
    this.recent = recent;
    this.last = new AtomicReference<>(first);
  }

  /** Returns how many jobs this process knows to be lost. */
  long lost() {
    return lost.get();
  }

  /** Records that a connection is open, perhaps to another server than the last one. */
  void met(ServerLife now) {
    ServerLife before = last.getAndSet(now);
    if (before.life().equals(now.life())) {
      return;
    }
    if (before.timeline() == now.timeline()) {
      log.atInfo().log("The database was restarted.");
      return;
    }
    log.atWarn()
        .addKeyValue("before", before.timeline())
        .addKeyValue("now", now.timeline())
        .log("The database failed over: its timeline has changed.");
    report(missing());
  }

  private List<JobId> missing() {
    List<JobId> acknowledged = recent.all();
    List<JobId> missing = new ArrayList<>();
    for (int i = 0; i < acknowledged.size(); i += PART) {
      List<JobId> part = acknowledged.subList(i, Math.min(acknowledged.size(), i + PART));
      missing.addAll(database.read(ConnectionUse.CALLERS, session -> missing(session, part)));
    }
    return missing;
  }

  private static List<JobId> missing(Session session, List<JobId> jobs) {
    return session
        .sql(MISSING)
        .set("ids", new Columns<>(session, jobs).ids(JobId::value))
        .list(row -> new JobId(row.id(1)));
  }

  private void report(List<JobId> missing) {
    if (missing.isEmpty()) {
      return;
    }
    recent.forget(missing);
    lost.addAndGet(missing.size());
    log.atError()
        .addKeyValue("jobs", missing.size())
        .addKeyValue(
            "first",
            missing.stream().limit(NAMED_MAX).map(JobId::toString).collect(Collectors.joining(" ")))
        .log(
            "Jobs that were acknowledged are gone, unless somebody deleted them: the standby had"
                + " not received them. Enqueue them again, and replicate synchronously.");
  }
}
