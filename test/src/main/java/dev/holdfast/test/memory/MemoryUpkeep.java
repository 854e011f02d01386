package dev.holdfast.test.memory;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Upkeep;
import java.util.List;

/** The upkeep of a memory store, which has no file: there is nothing to maintain or copy. */
final class MemoryUpkeep implements Upkeep {

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
  public Backup backup(BackupRequest request) {
    throw new InvalidRequestException(
        "a queue in memory has no file to copy: use 'holdfast export'");
  }

  @Override
  public List<StoredBackup> backups() {
    return List.of();
  }
}
