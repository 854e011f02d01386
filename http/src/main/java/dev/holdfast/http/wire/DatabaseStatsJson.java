package dev.holdfast.http.wire;

import dev.holdfast.JobState;
import dev.holdfast.http.wire.OptimizedJson.SpaceJson;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.JobAges;
import dev.holdfast.spi.upkeep.OldestTransaction;
import dev.holdfast.spi.upkeep.Relation;
import java.util.List;
import java.util.Optional;

/** Wire form of {@link DatabaseStats}. */
public record DatabaseStatsJson(
    SpaceJson space,
    Optional<Long> logBytes,
    long rebuildBytes,
    List<RelationJson> relations,
    Optional<OldestJson> oldestTransaction,
    List<JobAgesJson> jobs,
    List<String> notes) {

  /** Wire form of a {@link Relation}. */
  public record RelationJson(
      String name, String table, long bytes, boolean estimated, Optional<Long> deadRows) {
    static RelationJson of(Relation one) {
      return new RelationJson(
          one.name(), one.table(), one.bytes(), one.isEstimated(), one.deadRows());
    }

    Relation relation() {
      return new Relation(name, table, bytes, estimated, deadRows);
    }
  }

  /** Wire form of an {@link OldestTransaction}. */
  public record OldestJson(double ageSeconds, String who) {
    static OldestJson of(OldestTransaction oldest) {
      return new OldestJson(Seconds.of(oldest.age()), oldest.who());
    }

    OldestTransaction oldest() {
      return new OldestTransaction(Seconds.read(ageSeconds), who);
    }
  }

  /** Wire form of {@link JobAges}. */
  public record JobAgesJson(JobState state, long jobs, long hour, long day, long week, long older) {
    static JobAgesJson of(JobAges ages) {
      return new JobAgesJson(
          ages.state(), ages.jobs(), ages.hour(), ages.day(), ages.week(), ages.older());
    }

    JobAges ages() {
      return new JobAges(state, jobs, hour, day, week, older);
    }
  }

  /** Returns statistics. */
  public static DatabaseStatsJson of(DatabaseStats stats) {
    return new DatabaseStatsJson(
        SpaceJson.of(stats.space()),
        stats.logBytes(),
        stats.rebuildBytes(),
        stats.relations().stream().map(RelationJson::of).toList(),
        stats.oldest().map(OldestJson::of),
        stats.jobs().stream().map(JobAgesJson::of).toList(),
        stats.notes());
  }

  /** Returns the statistics. */
  public DatabaseStats stats() {
    return new DatabaseStats(
        space.space(),
        logBytes,
        rebuildBytes,
        relations.stream().map(RelationJson::relation).toList(),
        oldestTransaction.map(OldestJson::oldest),
        jobs.stream().map(JobAgesJson::ages).toList(),
        notes);
  }
}
