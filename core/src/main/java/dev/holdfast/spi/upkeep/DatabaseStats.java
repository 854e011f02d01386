package dev.holdfast.spi.upkeep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statistics of a database, read with bounded work.
 *
 * @param space the space that it takes
 * @param logBytes the size of the write-ahead log; empty if the database does not show it
 * @param rebuildBytes about how much free space a rebuild needs
 * @param relations the tables and indexes, the largest first
 * @param oldest the transaction that has been open for the longest time; empty if there is none
 * @param jobs the jobs by state and age
 * @param notes which figures are estimates or missing, and why, one sentence each
 */
public record DatabaseStats(
    Space space,
    Optional<Long> logBytes,
    long rebuildBytes,
    List<Relation> relations,
    Optional<OldestTransaction> oldest,
    List<JobAges> jobs,
    List<String> notes) {
  /** Copies the lists. */
  public DatabaseStats {
    relations = List.copyOf(relations);
    jobs = List.copyOf(jobs);
    notes = List.copyOf(notes);
  }

  /** Returns the same statistics with these jobs, and further notes. */
  public DatabaseStats jobs(List<JobAges> counted, List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new DatabaseStats(space, logBytes, rebuildBytes, relations, oldest, counted, all);
  }
}
