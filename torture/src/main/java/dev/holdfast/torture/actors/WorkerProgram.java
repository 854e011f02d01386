package dev.holdfast.torture.actors;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.torture.evidence.Deed;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A worker's process: runs jobs of all deeds until a signal ends it. */
public final class WorkerProgram {

  /**
   * How a worker works.
   *
   * @param address the store
   * @param folder where its effects log is
   * @param concurrency handlers at once
   * @param lease its node's lease
   * @param grace how long its handlers may go on at SIGTERM
   * @param durability what its effects log must survive
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

  /** Starts a worker, with a command or nothing in front of java's. */
  public static Child start(String name, Settings settings, List<String> wrapper) {
    return Child.start(
        settings.folder(), name, wrapper, WorkerProgram.class, settings.arguments(name));
  }

  /** The process. */
  public static void main(String[] arguments) throws InterruptedException {
    Child.endWithParent();
    String name = arguments[0];
    Settings settings = Settings.of(arguments);
    EffectsLog effects =
        new EffectsLog(
            new LineFile(settings.folder().resolve(name + Effect.ENDING), settings.durability()));
    Holdfast holdfast = Holdfast.open(settings.address());
    for (Deed deed : Deed.values()) {
      holdfast.handle(deed.type(), Work.class, new Labourer(deed, effects));
    }
    holdfast.onAcknowledged(effects::acknowledged);
    holdfast.start(
        NodeConfig.defaults()
            .name(name)
            .concurrency(settings.concurrency())
            .lease(settings.lease())
            .grace(settings.grace()));
    System.out.println("ready");
    Thread.currentThread().join();
  }
}
