package dev.holdfast.torture.actors;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.Retention;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.DriverUrl;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A worker's process: runs jobs of all behaviours until a signal ends it. */
public final class WorkerProgram {
  /** The checker counts all jobs, and the clock may be set by more than the usual age. */
  private static final Retention ALL =
      new Retention(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Retention.INTERVAL_MAX);

  /**
   * The settings of a worker.
   *
   * @param address the store
   * @param folder the folder of its effects log
   * @param concurrency handlers at once
   * @param lease its node's lease
   * @param grace the grace period of its handlers at SIGTERM
   * @param durability the durability of its effects log
   */
  public record Settings(
      String address,
      Path folder,
      int concurrency,
      Duration lease,
      Duration grace,
      Durability durability) {

    private List<String> arguments(String name) {
      return List.of(
          name,
          address,
          folder.toString(),
          Integer.toString(concurrency),
          lease.toString(),
          grace.toString(),
          durability.name());
    }

    private static Settings of(String[] arguments) {
      return new Settings(
          arguments[1],
          Path.of(arguments[2]),
          Integer.parseInt(arguments[3]),
          Duration.parse(arguments[4]),
          Duration.parse(arguments[5]),
          Durability.valueOf(arguments[6]));
    }
  }

  private WorkerProgram() {}

  /** Starts a worker, with an optional command in front of {@code java}. */
  public static Child start(String name, Settings settings, List<String> wrapper) {
    return Child.start(
        settings.folder(), name, wrapper, WorkerProgram.class, settings.arguments(name));
  }

  /** Runs the process. */
  public static void main(String[] arguments) throws InterruptedException {
    Child.endWithParent();
    String name = arguments[0];
    Settings settings = Settings.of(arguments);
    EffectsLog effects =
        new EffectsLog(
            new LineFile(settings.folder().resolve(name + Effect.ENDING), settings.durability()));
    Holdfast holdfast = Holdfast.open(settings.address());
    Ledger ledger = new Ledger(DriverUrl.of(settings.address()));
    ledger.create();
    for (Behaviour behaviour : Behaviour.values()) {
      holdfast.handle(
          behaviour.type(),
          Work.class,
          new Labourer(behaviour, effects, ledger),
          behaviour.policy());
    }
    holdfast.onAcknowledged(effects::acknowledged);
    holdfast.start(
        NodeConfig.defaults()
            .name(name)
            .concurrency(settings.concurrency())
            .lease(settings.lease())
            .grace(settings.grace())
            .retention(ALL));
    System.out.println("ready");
    Thread.currentThread().join();
  }
}
