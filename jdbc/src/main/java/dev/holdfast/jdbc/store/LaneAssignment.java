package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.AssignedJob;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.EligibleLanes;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.LeaseRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assigns jobs to their lanes, some before each claim, in claim order. A job is not in its lane if
 * another program wrote it, if it was moved, if its process died, or if its lane's row was lost.
 */
final class LaneAssignment {
  private static final Sql FIRST =
      Sql.of(
          """
          select id, queue, type, requires, job_group, rank, run_at, crashes from jobs
           where state = 'PENDING' and lane = :lane
           order by rank, run_at, id limit :limit
          """);

  /** A job with the lane that it has while it is not on its last chance. */
  private record Waiting(AssignedJob assigned, int crashes) {
    private AssignedJob lastChance() {
      return new AssignedJob(assigned.job(), assigned.lane().lastChance(), assigned.place());
    }
  }

  private final Dialect dialect;
  private final JobLanes lanes;

  LaneAssignment(Dialect dialect, JobLanes lanes) {
    this.dialect = dialect;
    this.lanes = lanes;
  }

  /** Assigns the first jobs of a wrong lane to their own. @return their lanes */
  List<EligibleLanes.Head> sortFrom(Tx tx, long from, int most) {
    Map<String, LeaseRules> rules = new HashMap<>();
    List<Waiting> waiting = tx.sql(FIRST).set("lane", from).set("limit", most).list(this::waiting);
    List<AssignedJob> jobs =
        waiting.stream()
            .map(
                job ->
                    job.crashes > 0
                            && rules
                                .computeIfAbsent(
                                    job.assigned.lane().type(), type -> NodeRows.rules(tx, type))
                                .isLastChance(job.crashes)
                        ? job.lastChance()
                        : job.assigned)
            .toList();
    lanes.put(tx, jobs.stream().map(AssignedJob::lane).toList());
    dialect.sortIn(tx, from, jobs);
    jobs.forEach(job -> tx.postCommit().arrived(job.lane().id(), job.place()));
    return jobs.stream().map(job -> new EligibleLanes.Head(job.lane(), job.place())).toList();
  }

  private Waiting waiting(Row row) {
    JobLane lane = lanes.of(row.text(2), row.text(3), row.maybeText(4), row.maybeText(5));
    Place place = new Place(row.number(6), row.number(7));
    return new Waiting(new AssignedJob(new JobId(row.id(1)), lane, place), row.count(8));
  }
}
