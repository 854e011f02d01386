package dev.holdfast.torture;

import dev.holdfast.JobId;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.LineTail;
import dev.holdfast.torture.host.Moment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A place for one worker: when its process has ended, the next one is started at once. */
final class Post {
  private final String name;
  private final WorkerProgram.Settings settings;
  private final List<String> wrapper;
  private int incarnation;
  private Child child;
  private LineTail effects;
  private final Set<JobId> running = new HashSet<>();
  private long ends;
  private long completions;
  private Optional<Long> standsUntilTicks = Optional.empty();

  /** The next process at the post of this name, with a command or nothing in front of java's. */
  Post(String name, WorkerProgram.Settings settings, List<String> wrapper) {
    this.name = name;
    this.settings = settings;
    this.wrapper = wrapper;
    this.incarnation = RunFolder.files(settings.folder(), Effect.ENDING).size();
    this.child = next();
    this.effects = follow();
  }

  private Child next() {
    incarnation++;
    return WorkerProgram.start(name + "-" + incarnation, settings, wrapper);
  }

  private LineTail follow() {
    return new LineTail(settings.folder().resolve(child.name() + Effect.ENDING));
  }

  Child child() {
    return child;
  }

  /** Reads what its handlers have done since the last look. */
  void look() {
    for (String line : effects.read()) {
      Effect effect = Effect.parse(line);
      if (effect.kind() == Effect.Kind.BEGIN) {
        running.add(effect.job());
      } else if (effect.kind() == Effect.Kind.END) {
        running.remove(effect.job());
        ends++;
        completions += effect.what().equals(Effect.COMPLETES) ? 1 : 0;
      }
    }
  }

  /** How many handlers have ended here, in all of its processes. */
  long ends() {
    return ends;
  }

  /** How many of them said that they complete. */
  long completions() {
    return completions;
  }

  /** Whether its process runs, and not stands. */
  boolean isReady() {
    return child.isAlive() && child.isReady() && standsUntilTicks.isEmpty();
  }

  /** Whether handlers are running in it. */
  boolean isBusy() {
    return isReady() && !running.isEmpty();
  }

  boolean stands() {
    return standsUntilTicks.isPresent();
  }

  /** Sends SIGSTOP; after {@code pause} it {@linkplain #isDueToGoOn is due to go on}. */
  void stop(Duration pause) {
    standsUntilTicks = Optional.of(Moment.now().ticks() + pause.toNanos());
    child.signal("STOP");
  }

  boolean isDueToGoOn() {
    return standsUntilTicks.filter(until -> Moment.now().ticks() - until >= 0).isPresent();
  }

  /** Sends SIGCONT. */
  void goOn() {
    standsUntilTicks = Optional.empty();
    child.signal("CONT");
  }

  void restartWhenEnded() {
    if (child.isAlive()) {
      return;
    }
    look();
    running.clear();
    child = next();
    effects = follow();
  }
}
