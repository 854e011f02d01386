package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.testkit.process.Eventually;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Machine;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.server.LoneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Cuts one of two workers on different machines off from the database while it holds jobs of an
 * exclusive type: it must stop its handlers before the other one starts their jobs. The first time
 * the network goes silent, so that the server still sees the connections; the second time the
 * connections break.
 */
public final class CutOff implements Scenario {
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final int JOBS = 8;
  private static final Work LONG =
      new Work(20_000, 1, 0, false); // outlasts the start of the other worker
  private static final long END_SECONDS_MAX = 30;

  private final int major;

  CutOff(int major) {
    this.major = major;
  }

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new CutOff(18));
  }

  @Override
  public boolean run(Path folder) throws IOException {
    boolean isGoodWhenSilent = run(folder.resolve("silent"), "goes silent", Wire::freeze);
    return run(folder.resolve("broken"), "breaks", Wire::refuse) && isGoodWhenSilent;
  }

  boolean run(Path folder, String how, Consumer<Wire> cut) throws IOException {
    Files.createDirectories(folder);
    try (LoneServer server = LoneServer.start(major, false, Map.of());
        Wire wire = Wire.to(server.server().port());
        Holdfast holdfast = Holdfast.open(server.address())) {
      Child first = start(folder, "first", wire.url(server.address()));
      Child second = null;
      try {
        WorkerLog ofFirst = WorkerLog.of(folder, "first");
        for (int job = 0; job < JOBS; job++) {
          holdfast.enqueue(NewJob.of(Behaviour.EXCLUSIVE.type(), LONG));
        }
        ofFirst.await(Effect.Kind.BEGIN, JOBS);
        second = start(folder, "second", server.address());
        Eventually.is("the second worker is ready", second::isReady);
        Moment moment = Moment.now();
        cut.accept(wire);
        List<Effect> begins = WorkerLog.of(folder, "second").await(Effect.Kind.BEGIN, JOBS);
        Map<JobId, Effect> ends = ends(ofFirst);
        wire.letThrough();
        WorkerLog.of(folder, "second").await(Effect.Kind.ACCEPTED, JOBS);
        return tell(how, moment, begins, ends)
            && ofFirst.effects(Effect.Kind.ACCEPTED).isEmpty()
            && holdfast.queue().status().counts().getOrDefault(JobState.COMPLETED, 0L) == JOBS;
      } finally {
        end(first);
        Optional.ofNullable(second).ifPresent(CutOff::end);
      }
    }
  }

  private static Child start(Path folder, String name, String address) {
    WorkerProgram.Settings settings =
        new WorkerProgram.Settings(
            address, folder, JOBS, LEASE, Duration.ofSeconds(5), Durability.KILL);
    return WorkerProgram.start(name, settings, Machine.wrapper(folder, name));
  }

  /** Returns when each handler was interrupted, or had ended. */
  private static Map<JobId, Effect> ends(WorkerLog log) {
    Map<JobId, Effect> ends = new HashMap<>();
    Stream.of(Effect.Kind.TOLD, Effect.Kind.END)
        .flatMap(kind -> log.effects(kind).stream())
        .forEach(effect -> ends.putIfAbsent(effect.job(), effect));
    return ends;
  }

  private static boolean tell(
      String how, Moment cut, List<Effect> begins, Map<JobId, Effect> ends) {
    List<Double> told = ends.values().stream().map(end -> seconds(cut, end)).sorted().toList();
    List<Double> begun = begins.stream().map(begin -> seconds(cut, begin)).sorted().toList();
    long overlaps = begins.stream().filter(begin -> isOverlap(begin, ends)).count();
    System.out.printf(
        "the network %s, lease %d s: interrupted after %s s, started elsewhere after %s s, %d of %d"
            + " overlap%n",
        how, LEASE.toSeconds(), range(told), range(begun), overlaps, JOBS);
    return overlaps == 0;
  }

  private static boolean isOverlap(Effect begin, Map<JobId, Effect> ends) {
    Effect end = ends.get(begin.job());
    return end == null || end.at().ticks() > begin.at().ticks();
  }

  private static String range(List<Double> sorted) {
    return sorted.isEmpty()
        ? "never"
        : "%.2f to %.2f".formatted(sorted.get(0), sorted.get(sorted.size() - 1));
  }

  private static double seconds(Moment from, Effect to) {
    return to.at().nanosSince(from) / 1e9;
  }

  private static void end(Child worker) {
    worker.terminate();
    worker.end(END_SECONDS_MAX);
  }
}
