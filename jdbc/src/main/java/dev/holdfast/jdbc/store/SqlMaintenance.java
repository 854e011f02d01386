package dev.holdfast.jdbc.store;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.JobId;
import dev.holdfast.Retention;
import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.spi.MaintenanceStore;
import dev.holdfast.spi.ReviewStore;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.record.Archive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Checks, retention and copies over JDBC. */
final class SqlMaintenance implements MaintenanceStore {
  private final Database database;
  private final Sweeps sweeps;
  private final Archive archive;
  private final ReviewStore reviews;

  SqlMaintenance(Database database, Sweeps sweeps, Archive archive, ReviewStore reviews) {
    this.database = database;
    this.sweeps = sweeps;
    this.archive = archive;
    this.reviews = reviews;
  }

  @Override
  public void checkReady() {
    database.checkReady();
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return database.write(ConnectionUse.CALLERS, tx -> sweeps.sweep(tx, retention, from, limit));
  }

  @Override
  public List<Finding> examine() {
    long now = database.now();
    List<Finding> findings = new ArrayList<>(database.examine());
    try {
      findings.addAll(Examination.of(database, now));
    } catch (StorageException unreadable) {
      boolean isExplained = findings.stream().anyMatch(known -> known.gravity() == Gravity.ERROR);
      if (!isExplained) {
        throw unreadable;
      }
    }
    findings.sort(Comparator.comparing(Finding::gravity));
    return findings;
  }

  @Override
  public Upkeep upkeep() {
    return new SqlUpkeep(database);
  }

  @Override
  public ReviewStore reviews() {
    return reviews;
  }

  @Override
  public Archive archive() {
    return archive;
  }
}
