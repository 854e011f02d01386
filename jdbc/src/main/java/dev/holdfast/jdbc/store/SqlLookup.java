package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.search.Reads;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.JobLookup;
import dev.holdfast.spi.Lease;
import java.util.List;
import java.util.Optional;

/** Looks jobs up by what they are related to. */
final class SqlLookup implements JobLookup {
  private final Database database;

  SqlLookup(Database database) {
    this.database = database;
  }

  @Override
  public Optional<AttemptEnd> endOf(Lease lease) {
    return database.read(ConnectionUse.WORK, session -> AttemptEnds.of(session, lease));
  }

  @Override
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    long now = database.now();
    return database.read(
        ConnectionUse.CALLERS, session -> Enqueues.keyOwner(session, group, type, key, now));
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return database.read(
        ConnectionUse.CALLERS, session -> Predecessors.list(session, id, from, limit));
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.dependents(session, id, page));
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return database.read(ConnectionUse.CALLERS, session -> Reads.lastGroup(session, prefix));
  }
}
