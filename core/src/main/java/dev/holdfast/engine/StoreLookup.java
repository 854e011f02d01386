package dev.holdfast.engine;

import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StoreProvider;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.TimeSource;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the store of an address among the providers on the class path. */
public final class StoreLookup {
  private StoreLookup() {}

  /**
   * Opens the store at {@code address}.
   *
   * @throws InvalidRequestException if no module for such an address is present
   */
  public static JobStore open(String address, OpenMode mode, TimeSource time) {
    Surroundings surroundings =
        new Surroundings(time, Platform.storeThreads(), ThisProcess.newNode("opened"));
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      Optional<JobStore> store = provider.open(address, mode, surroundings);
      if (store.isPresent()) {
        return store.get();
      }
    }
    throw new InvalidRequestException(
        "no store for '%s' is on the class path: add holdfast-sqlite for a file, or the module of the URL's database"
            .formatted(address));
  }
}
