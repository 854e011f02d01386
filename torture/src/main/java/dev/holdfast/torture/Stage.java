package dev.holdfast.torture;

import dev.holdfast.torture.host.Machine;
import dev.holdfast.torture.host.SteppedClock;
import dev.holdfast.torture.server.LoneServer;
import dev.holdfast.torture.server.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run takes place.
 *
 * @param folder where everybody writes what the checker reads
 * @param address the store
 * @param workerWrapper a command in front of java's for the first worker or for all, or nothing
 * @param isForAll whether the wrapper is for all workers and the producer
 * @param clock the clock that is set while they run, if one is
 * @param server the database server, if there is one; it ends with the stage
 * @param apart whether each worker is as on a machine of its own
 */
record Stage(
    Path folder,
    String address,
    List<String> workerWrapper,
    boolean isForAll,
    Optional<SteppedClock> clock,
    Optional<Server> server,
    boolean apart)
    implements AutoCloseable {

  /** This host as it is, with the store on the plan's ground. */
  static Stage of(Path folder, Plan plan) {
    Ground ground = plan.ground();
    return ground.isSqlite()
        ? plain(folder, plan)
        : on(LoneServer.start(ground.postgres(), ground.pooled(), Map.of()), folder, plan);
  }

  /** This host as it is, with the store on this server. */
  static Stage on(Server server, Path folder, Plan plan) {
    return new Stage(
        folder,
        broken(server.address(), plan),
        List.of(),
        true,
        Optional.empty(),
        Optional.of(server),
        plan.ground().apart());
  }

  private static String broken(String address, Plan plan) {
    return plan.mutant().isEmpty() ? address : "mutant:" + plan.mutant() + ":" + address;
  }

  /** This host as it is, with the store in the folder. */
  static Stage plain(Path folder, Plan plan) {
    return at(folder, folder.resolve("jobs.db"), plan);
  }

  /** This host as it is, with the store elsewhere. */
  static Stage at(Path folder, Path database, Plan plan) {
    return new Stage(
        folder,
        broken(database.toAbsolutePath().toString(), plan),
        List.of(),
        true,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  Stage address(String newAddress) {
    return new Stage(folder, newAddress, workerWrapper, isForAll, clock, server, apart);
  }

  Stage wrapper(List<String> newWrapper) {
    return new Stage(folder, address, newWrapper, isForAll, clock, server, apart);
  }

  Stage clock(SteppedClock newClock, boolean newIsForAll) {
    return new Stage(
        folder, address, newClock.wrapper(), newIsForAll, Optional.of(newClock), server, apart);
  }

  List<String> wrapperOfWorker(int number) {
    if (apart) {
      return Machine.wrapper(folder, "w" + number);
    }
    return isForAll || number == 1 ? workerWrapper : List.of();
  }

  /** A producer shares the clock of the others, but not their other surroundings. */
  List<String> wrapperOfProducer() {
    return isForAll && clock.isPresent() ? workerWrapper : List.of();
  }

  @Override
  public void close() {
    server.ifPresent(Server::close);
  }
}
