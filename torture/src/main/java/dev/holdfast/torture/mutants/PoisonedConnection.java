package dev.holdfast.torture.mutants;

import dev.holdfast.error.StorageException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps using a connection after a failed write, and fails permanently. */
final class PoisonedConnection extends Changes {
  PoisonedConnection(JobStore behind) {
    super(behind);
  }

  private volatile @Nullable StorageException poison;

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    StorageException earlier = poison;
    if (earlier != null) {
      throw new StorageException("statement is not executing", earlier);
    }
    try {
      return behind.exchange(ends, claim);
    } catch (StorageException failure) {
      poison = failure;
      throw failure;
    }
  }
}
