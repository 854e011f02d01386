package dev.holdfast.torture;

import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.DriverUrl;
import dev.holdfast.torture.host.Machine;
import dev.holdfast.torture.host.SmallDisk;
import dev.holdfast.torture.host.SteppedClock;
import dev.holdfast.torture.server.LoneServer;
import dev.holdfast.torture.server.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The environment of a run.
 *
 * @param folder the folder for the files that the checker reads
 * @param address the store
 * @param workerWrapper a command in front of {@code java} for the first worker or for all, or
 *     nothing
 * @param isForAll whether the wrapper is for all workers and the producer
 * @param clock the clock that is set during the run, if any
 * @param server the database server, if any; it ends with the stage
 * @param apart whether each worker behaves as on its own machine
 * @param props the infrastructure between workers and store; it ends with the stage
 */
record Stage(
    Path folder,
    String address,
    List<String> workerWrapper,
    boolean isForAll,
    Optional<SteppedClock> clock,
    Optional<Server> server,
    boolean apart,
    Props props)
    implements AutoCloseable {
  private static final long DISK_MEGABYTES = 64;
  private static final int JOBS_PER_MEGABYTE = 300;

  /** Returns this host, with the store on the plan's ground. */
  static Stage of(Path folder, Plan plan) {
    Ground ground = plan.ground();
    Stage stage =
        ground.isSqlite()
            ? onFile(folder, plan)
            : wired(
                on(LoneServer.start(ground.postgres(), ground.pooled(), Map.of()), folder, plan),
                plan);
    return plan.has(Blow.Kind.CLOCK_BACK) || plan.has(Blow.Kind.CLOCK_FORWARD)
        ? SteppedClock.in(folder).map(clock -> stage.clock(clock, true)).orElse(stage)
        : stage;
  }

  private static Stage onFile(Path folder, Plan plan) {
    if (!plan.has(Blow.Kind.FILL_DISK)) {
      return plain(folder, plan);
    }
    long megabytes = DISK_MEGABYTES + plan.jobs() / JOBS_PER_MEGABYTE;
    SmallDisk disk =
        SmallDisk.mount(folder.resolve("disk"), megabytes)
            .orElseThrow(
                () -> new IllegalStateException("no disk can be mounted: this needs root"));
    return at(folder, disk.folder().resolve("jobs.db"), plan)
        .props(new Props(List.of(), Optional.of(disk)));
  }

  private static Stage wired(Stage stage, Plan plan) {
    if (!plan.has(Blow.Kind.CUT) && !plan.has(Blow.Kind.SILENCE)) {
      return stage;
    }
    int port = port(stage.address);
    List<Wire> wires =
        IntStream.rangeClosed(1, plan.workers()).mapToObj(worker -> Wire.to(port)).toList();
    return stage.props(new Props(wires, Optional.empty()));
  }

  private static int port(String address) {
    int host = address.indexOf("//") + 2;
    return Integer.parseInt(
        address.substring(address.indexOf(':', host) + 1, address.indexOf('/', host)));
  }

  /** Returns this host, with the store on this server. */
  static Stage on(Server server, Path folder, Plan plan) {
    return new Stage(
        folder,
        broken(server.address(), plan),
        List.of(),
        true,
        Optional.empty(),
        Optional.of(server),
        plan.ground().apart(),
        Props.NONE);
  }

  private static String broken(String address, Plan plan) {
    return plan.mutant().isEmpty() ? address : "mutant:" + plan.mutant() + ":" + address;
  }

  /** Returns this host, with the store in the folder. */
  static Stage plain(Path folder, Plan plan) {
    return at(folder, folder.resolve("jobs.db"), plan);
  }

  /** Returns this host, with the store elsewhere. */
  static Stage at(Path folder, Path database, Plan plan) {
    return new Stage(
        folder,
        broken(database.toAbsolutePath().toString(), plan),
        List.of(),
        true,
        Optional.empty(),
        Optional.empty(),
        false,
        Props.NONE);
  }

  Stage address(String newAddress) {
    return new Stage(folder, newAddress, workerWrapper, isForAll, clock, server, apart, props);
  }

  Stage wrapper(List<String> newWrapper) {
    return new Stage(folder, address, newWrapper, isForAll, clock, server, apart, props);
  }

  Stage clock(SteppedClock newClock, boolean newIsForAll) {
    return new Stage(
        folder,
        address,
        newClock.wrapper(),
        newIsForAll,
        Optional.of(newClock),
        server,
        apart,
        props);
  }

  private Stage props(Props newProps) {
    return new Stage(folder, address, workerWrapper, isForAll, clock, server, apart, newProps);
  }

  /** Returns the driver's URL of the store, without a proxy. */
  String url() {
    return server.map(Server::direct).orElseGet(() -> DriverUrl.of(address));
  }

  /** Returns the address of the store for this worker. */
  String addressOfWorker(int number) {
    return props.wireOf(number).map(wire -> wire.url(address)).orElse(address);
  }

  List<String> wrapperOfWorker(int number) {
    List<String> wrapper = new ArrayList<>();
    if (apart) {
      wrapper.addAll(Machine.wrapper(folder, "w" + number));
    }
    if (isForAll || number == 1) {
      wrapper.addAll(workerWrapper);
    }
    return wrapper;
  }

  /** Returns the wrapper of a producer, which shares the clock of the workers, but nothing else. */
  List<String> wrapperOfProducer() {
    return isForAll && clock.isPresent() ? workerWrapper : List.of();
  }

  @Override
  public void close() {
    props.close();
    server.ifPresent(Server::close);
  }
}
