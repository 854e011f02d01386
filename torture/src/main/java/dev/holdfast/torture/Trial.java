package dev.holdfast.torture;

import dev.holdfast.torture.checker.Promise;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.mutants.Mutant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The shortest run that shows that the checker catches a mutant.
 *
 * @param mutant the broken store
 * @param promise the promise that it breaks
 * @param plan the run
 */
public record Trial(Mutant mutant, Promise promise, Plan plan) {
  /**
   * The maximum number of attempts, as the timing of a signal is not drawn from the seed and may
   * miss.
   */
  private static final int TRIES = 6;

  private static final Plan CALM = Plan.small().jobs(150).patience(Duration.ofSeconds(3));
  private static final Plan KILL =
      Plan.small().jobs(250).runMillis(50).unfinished(100).blows(Blow.Kind.KILL, 1);

  /** A plan with short leases for processes that are stopped, not killed. */
  private static final Plan STOPPED =
      KILL.runMillis(100)
          .unfinished(1_000)
          .workers(3, 8)
          .lease(Duration.ofSeconds(1))
          .blows(Blow.Kind.KILL, 0);

  /** A plan that keeps all slots busy. */
  private static final Plan BUSY =
      Plan.small().jobs(600).runMillis(100).lease(Duration.ofSeconds(4));

  /** Returns the trial of this mutant. */
  public static Trial of(Mutant mutant) {
    return switch (mutant) {
      case EARLY_ANSWER ->
          new Trial(
              mutant,
              Promise.LOST,
              CALM.jobs(300).unfinished(50).blows(Blow.Kind.KILL_PRODUCER, 1));
      case HALF_BATCH -> new Trial(mutant, Promise.LOST, CALM);
      case HELD_BACK_ENDS ->
          new Trial(mutant, Promise.DOUBLE_ACCEPT, KILL.jobs(600).blows(Blow.Kind.KILL, 4));
      case ANY_TOKEN ->
          new Trial(mutant, Promise.DOUBLE_ACCEPT, STOPPED.jobs(600).blows(Blow.Kind.STOP, 2));
      case SAME_TOKEN -> new Trial(mutant, Promise.UNRECORDED, CALM);
      case CLAIMED_TWICE -> new Trial(mutant, Promise.UNRECORDED, CALM);
      case SLANDER -> new Trial(mutant, Promise.OVERLAP, CALM.jobs(200).runMillis(300));
      case SILENT_AT_THE_END ->
          new Trial(
              mutant,
              Promise.OVERLAP,
              CALM.jobs(24)
                  .runMillis(2_000)
                  .workers(2, 24)
                  .seed(3) // its blow comes early, when all handlers have just begun
                  .lease(Duration.ofSeconds(1))
                  .grace(Duration.ofSeconds(10))
                  .blows(Blow.Kind.TERMINATE, 1));
      case UNCOUNTED_CRASHES -> new Trial(mutant, Promise.UNRECORDED, KILL);
      case LAPSES_AS_CRASHES ->
          new Trial(
              mutant,
              Promise.UNRECORDED,
              STOPPED
                  .jobs(6_000) // so long that a process that stood still is known to be back
                  .blows(Blow.Kind.STOP, 6));
      case PHANTOM_COMPLETION -> new Trial(mutant, Promise.LOST, KILL);
      case DROPPED_AT_RESCUE -> new Trial(mutant, Promise.LOST, KILL);
      case HIDDEN_DEAD -> new Trial(mutant, Promise.STUCK, KILL.patience(Duration.ofSeconds(3)));
      case BEFORE_THEIR_TIME -> new Trial(mutant, Promise.EARLY, CALM);
      case FORGOTTEN_KEYS -> new Trial(mutant, Promise.UNEXPECTED, CALM);
      case LOST_EVENTS -> new Trial(mutant, Promise.GAP, CALM);
      case LOST_NOTES -> new Trial(mutant, Promise.UNRECORDED, CALM);
      case RESTING_CLAIMS -> new Trial(mutant, Promise.IDLE, BUSY);
      case ONLY_FORWARD ->
          new Trial(
              mutant,
              Promise.IDLE,
              BUSY.blows(Blow.Kind.CLOCK_FORWARD, 2).blows(Blow.Kind.CLOCK_BACK, 2));
      case POISONED_CONNECTION ->
          new Trial(mutant, Promise.IDLE, BUSY.blows(Blow.Kind.FILL_DISK, 2));
      case WAITING_ENDS -> new Trial(mutant, Promise.IDLE, BUSY.blows(Blow.Kind.LOCK_ROWS, 6));
      case RESCUE_IN_ONE_BATCH ->
          new Trial(
              mutant,
              Promise.IDLE,
              BUSY.workers(3, 8).blows(Blow.Kind.FREEZE, 3).blows(Blow.Kind.LOCK_ROWS, 3));
    };
  }

  /** Returns the trials of all mutants. */
  public static List<Trial> all(Ground ground) {
    return Arrays.stream(Mutant.values())
        .map(mutant -> of(mutant).on(ground))
        .filter(Trial::isPossible)
        .toList();
  }

  /** Returns whether its ground and this machine allow its blows. */
  boolean isPossible() {
    Set<Blow.Kind> others = plan.ground().isSqlite() ? Blow.Kind.OF_SERVERS : Blow.Kind.OF_FILES;
    return others.stream().noneMatch(plan::has)
        && Abilities.allowed(plan, why -> {}).blows().equals(plan.blows());
  }

  /** Returns a copy on this ground. */
  public Trial on(Ground ground) {
    return new Trial(mutant, promise, plan.ground(ground));
  }

  /**
   * Tries the mutant.
   *
   * @param folder the folder for the files of the runs
   * @return the verdict of the checker
   */
  public Verdict run(Path folder) {
    Verdict verdict;
    int tries = 0;
    do {
      Plan mutated = plan.mutant(mutant.label()).seed(plan.seed() + tries);
      verdict = Run.in(subfolder(folder, ++tries), mutated);
    } while (verdict.breaches(promise).isEmpty() && tries < TRIES);
    return verdict;
  }

  @Override
  public String toString() {
    return mutant.label();
  }

  private Path subfolder(Path folder, int number) {
    try {
      return Files.createDirectories(folder.resolve(mutant.label() + "-" + number));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
