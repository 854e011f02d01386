package dev.holdfast.torture;

import dev.holdfast.torture.host.SteppedClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a run takes place.
 *
 * @param folder where everybody writes what the checker reads
 * @param address the store
 * @param workerWrapper a command in front of java's for the first worker or for all, or nothing
 * @param isForAll whether the wrapper is for all workers and the producer
 * @param clock the clock that is set while they run, if one is
 */
record Stage(
    Path folder,
    String address,
    List<String> workerWrapper,
    boolean isForAll,
    Optional<SteppedClock> clock) {

  /** This host as it is, with the store in the folder. */
  static Stage plain(Path folder, Plan plan) {
    return at(folder, folder.resolve("jobs.db"), plan);
  }

  /** This host as it is, with the store elsewhere. */
  static Stage at(Path folder, Path database, Plan plan) {
    String file = database.toAbsolutePath().toString();
    String address = plan.mutant().isEmpty() ? file : "mutant:" + plan.mutant() + ":" + file;
    return new Stage(folder, address, List.of(), true, Optional.empty());
  }

  Stage address(String newAddress) {
    return new Stage(folder, newAddress, workerWrapper, isForAll, clock);
  }

  Stage wrapper(List<String> newWrapper) {
    return new Stage(folder, address, newWrapper, isForAll, clock);
  }

  Stage clock(SteppedClock newClock, boolean newIsForAll) {
    return new Stage(folder, address, newClock.wrapper(), newIsForAll, Optional.of(newClock));
  }

  List<String> wrapperOfWorker(int number) {
    return isForAll || number == 1 ? workerWrapper : List.of();
  }

  /** A producer shares the clock of the others, but not their other surroundings. */
  List<String> wrapperOfProducer() {
    return isForAll && clock.isPresent() ? workerWrapper : List.of();
  }
}
