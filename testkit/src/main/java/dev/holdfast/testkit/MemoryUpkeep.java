package dev.holdfast.testkit;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.spi.Upkeep;
import java.util.Optional;

/** A queue in memory has no file: there is nothing to keep in order, and nothing to copy. */
final class MemoryUpkeep implements Upkeep {

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    throw new InvalidRequestException("a queue in memory has no log to be checkpointed");
  }

  @Override
  public void analyze() {
    // whatever it looks for, it finds without
  }

  @Override
  public Vacuumed vacuum() {
    return new Vacuumed(0, 0);
  }

  @Override
  public Backup backup(BackupName name, Optional<Integer> keep) {
    throw new InvalidRequestException(
        "a queue in memory has no file to be copied: use 'holdfast export'");
  }
}
