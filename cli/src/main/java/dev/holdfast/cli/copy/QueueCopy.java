package dev.holdfast.cli.copy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.Move.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Moves a queue from one database to another in steps that can each be interrupted: the target
 * accepts only the copy until the source is closed permanently, and until then the move can be
 * undone.
 */
public final class QueueCopy {
  private static final String WHY = "moved while it was running";

  /** The number of differences small enough to copy while the queue is fenced. */
  private static final int FEW = 1_000;

  private static final int LIVE_PASSES_MAX = 10;
  private static final int LAST_PASSES_MAX = 3;
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);

  /** Extra wait for handlers to stop; a node stops them when a fifth of the lease remains. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Holdfast source;
  private final String sourceName;
  private final Holdfast target;
  private final String targetName;
  private final boolean mayLeaveOpen;
  private final String by;
  private final Console console;
  private long saidAt;

  /**
   * Creates a move from one queue to another.
   *
   * @param mayLeaveOpen whether the target may be left without tokens although the source has some
   * @param by the person who moves it
   */
  public QueueCopy(
      Holdfast source, Holdfast target, boolean mayLeaveOpen, String by, Console console) {
    this.source = source;
    this.mayLeaveOpen = mayLeaveOpen;
    this.by = by;
    this.sourceName = name(source);
    this.target = target;
    this.targetName = name(target);
    this.console = console;
    this.saidAt = console.time().ticks();
  }

  private static String name(Holdfast queue) {
    return queue.queue().status().database().name();
  }

  /**
   * Moves the queue, or continues an earlier copy.
   *
   * @param drain the maximum time for running jobs to finish
   * @return the jobs that were running and will run again
   * @throws ConflictException if the target is not empty, either is part of another move, or the
   *     target would be more open than the source
   */
  public List<JobId> run(Duration drain) throws InterruptedException {
    if (sourceName.equals(targetName)) {
      throw new ConflictException(
          "'%s' is the queue's own database: specify another".formatted(sourceName));
    }
    Optional<Direction> begun = direction(source, targetName);
    if (begun.filter(Direction.GONE::equals).isPresent()) {
      return arrive();
    }
    refuse(begun, Direction.COMING, source);
    checkNotMoreOpen();
    takeTarget();
    long left = FEW + 1;
    for (int pass = 1; begun.isEmpty() && left > FEW && pass <= LIVE_PASSES_MAX; pass++) {
      left = compare();
    }
    if (begun.isEmpty()) {
      new Draining(source, console).run(drain);
    }
    fence();
    copyRest();
    checkNotMoreOpen(); // the first token may have been created meanwhile
    source.embedding().archive().fence(new Move(Direction.GONE, targetName));
    return arrive();
  }

  private void checkNotMoreOpen() {
    if (!mayLeaveOpen) {
      LeftOut.of(source).checkNotMoreOpen(target, targetName);
    }
  }

  /**
   * Returns the direction of a move between a queue and the other one, as recorded in its fence.
   */
  private static Optional<Direction> direction(Holdfast queue, String other) {
    Optional<Move> move = queue.embedding().archive().move();
    if (move.filter(another -> !another.address().equals(other)).isPresent()) {
      throw new ConflictException("'%s': %s".formatted(name(queue), move.get().message()));
    }
    return move.map(Move::direction);
  }

  private static void refuse(Optional<Direction> found, Direction unfit, Holdfast queue) {
    if (found.filter(unfit::equals).isPresent()) {
      throw new ConflictException(
          "'%s': %s"
              .formatted(name(queue), queue.embedding().archive().move().orElseThrow().message()));
    }
  }

  /**
   * Reserves the target: an empty one, one of an earlier attempt, or the one that the queue came
   * from.
   */
  private void takeTarget() {
    Optional<Direction> begun = direction(target, sourceName);
    refuse(begun, Direction.GOING, target);
    if (begun.isEmpty()) {
      checkEmpty();
    }
    target.embedding().archive().fence(new Move(Direction.COMING, sourceName));
    if (begun.isEmpty()) {
      checkStillEmpty();
    }
  }

  private void checkEmpty() {
    boolean isUsed = target.queue().status().nodes().stream().anyMatch(node -> node.alive());
    boolean isEmpty =
        target.embedding().archive().stamps(Optional.empty(), 1).isEmpty()
            && target.embedding().archive().schedules().isEmpty();
    if (isUsed || !isEmpty) {
      throw new ConflictException(
          "'%s' is in use or has jobs: a queue can only be moved to an empty database"
              .formatted(targetName));
    }
  }

  /** Checks that nothing was enqueued before the fence. */
  private void checkStillEmpty() {
    try {
      checkEmpty();
    } catch (ConflictException used) {
      target.embedding().archive().unfence();
      throw used;
    }
  }

  private long compare() {
    return new Comparison(
            source.embedding().archive(), target.embedding().archive(), this::sayNowAndThen)
        .run();
  }

  private void sayNowAndThen(long seen) {
    long now = console.time().ticks();
    if (now - saidAt >= SAY_INTERVAL.toNanos()) {
      saidAt = now;
      console.say("compared %s so far".formatted(Text.count(seen, "job")));
    }
  }

  /** Fences the source; from here on, no program can change it. */
  private void fence() throws InterruptedException {
    Duration lease = source.embedding().archive().fence(new Move(Direction.GOING, targetName));
    if (!lease.isZero()) {
      Duration wait = lease.plus(MARGIN);
      console.say(
          "jobs are still running: waiting %s for their nodes to stop them"
              .formatted(Durations.format(wait)));
      Threads.pause(wait);
    }
  }

  private void copyRest() {
    for (int pass = 1; pass <= LAST_PASSES_MAX; pass++) {
      Comparison comparison =
          new Comparison(
              source.embedding().archive(), target.embedding().archive(), this::sayNowAndThen);
      if (comparison.run() == 0) {
        comparison.keys();
        target.embedding().archive().fillTypeLimits(source.embedding().archive().typeLimits());
        target.embedding().archive().fillSchedules(source.embedding().archive().schedules());
        console.say("copied and compared " + Text.count(comparison.seen(), "job"));
        return;
      }
    }
    throw new IllegalStateException(
        "'%s' differs from '%s' after %d copies: a bug"
            .formatted(targetName, sourceName, LAST_PASSES_MAX));
  }

  private List<JobId> arrive() {
    boolean isComing = direction(target, sourceName).filter(Direction.COMING::equals).isPresent();
    if (!isComing) {
      console.say("the queue has already been moved");
      return List.of();
    }
    LeftOut left = LeftOut.of(source);
    if (!left.isNothing()) {
      console.say("not copied: %s; create them again in '%s'".formatted(left, targetName));
    }
    return target.embedding().archive().arrive(by, WHY);
  }

  /**
   * Undoes a move that has not been completed: the queue stays where it was.
   *
   * @throws ConflictException if it was completed
   */
  public static void undo(Holdfast source) {
    Optional<Move> move = source.embedding().archive().move();
    if (move.isPresent() && move.get().direction() != Direction.GOING) {
      throw new ConflictException(
          "'%s': %s; to move it back, run holdfast copy from there"
              .formatted(name(source), move.get().message()));
    }
    source.embedding().archive().unfence();
    source.queue().nodes().command(NodeCommand.RUN, List.of());
  }
}
