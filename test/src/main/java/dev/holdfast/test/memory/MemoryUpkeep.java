package dev.holdfast.test.memory;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Space;
import java.util.List;
import java.util.Optional;

/** The upkeep of a memory store, which has no file: there is nothing to maintain or copy. */
final class MemoryUpkeep implements Upkeep {
  private static final Space NOTHING = new Space(0, Optional.of(0L), Optional.empty());

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    throw new InvalidRequestException("a queue in memory has no log to checkpoint");
  }

  @Override
  public void analyze() {
    // statistics are not needed
  }

  @Override
  public Vacuumed vacuum() {
    return new Vacuumed(0, 0);
  }

  @Override
  public Optimized optimize() {
    return new Optimized(NOTHING, NOTHING, List.of());
  }

  @Override
  public Optimized rebuild() {
    return optimize();
  }

  @Override
  public long bytesToRebuild() {
    return 0;
  }

  @Override
  public Backup backup(BackupRequest request) {
    throw new InvalidRequestException(
        "a queue in memory has no file to copy: use 'holdfast export'");
  }

  @Override
  public List<StoredBackup> backups() {
    return List.of();
  }
}
