package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StoreProvider;
import dev.holdfast.torture.host.DriverUrl;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens {@code mutant:NAME:ADDRESS}, the store at ADDRESS, broken in one way. */
public final class MutantProvider implements StoreProvider {
  private static final String SCHEME = "mutant:";

  @Override
  public Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings) {
    if (!address.startsWith(SCHEME)) {
      return Optional.empty();
    }
    int end = address.indexOf(':', SCHEME.length());
    Mutant mutant = Mutant.named(address.substring(SCHEME.length(), end));
    String behind = address.substring(end + 1);
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      Optional<JobStore> store = provider.open(behind, mode, surroundings);
      if (store.isPresent()) {
        return store.map(whole -> mutant.breakStore(whole, DriverUrl.of(behind)));
      }
    }
    throw new IllegalArgumentException("no store for '" + behind + "' is on the class path");
  }
}
