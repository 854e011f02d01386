package dev.holdfast.cli.copy;

import dev.holdfast.ConflictException;
import dev.holdfast.Durations;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NodeOrder;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.spi.Move;
import dev.holdfast.spi.Move.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A queue's move from one database to another, in an order in which each step may be the last one:
 * the target takes nothing but the copy until the source is gone for good, and the source can have
 * everything back until then.
 */
public final class QueueCopy {
  private static final String BY = "copy";
  private static final String WHY = "moved while it was running";

  /** So few differences are left to the standstill. */
  private static final int FEW = 1_000;

  private static final int LIVE_PASSES_MAX = 10;
  private static final int LAST_PASSES_MAX = 3;
  private static final Duration SAY_INTERVAL = Duration.ofSeconds(10);

  /** Handlers are stopped when a node's belief in its lease ends, a fifth before the lease. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Holdfast source;
  private final String sourceName;
  private final Holdfast target;
  private final String targetName;
  private final Console console;
  private long saidAt;

  /** From one queue to another. */
  public QueueCopy(Holdfast source, Holdfast target, Console console) {
    this.source = source;
    this.sourceName = name(source);
    this.target = target;
    this.targetName = name(target);
    this.console = console;
    this.saidAt = console.time().ticks();
  }

  private static String name(Holdfast queue) {
    return queue.status().database().name();
  }

  /**
   * Moves the queue, or goes on where an earlier copy ended.
   *
   * @param drain how long running jobs may take to end
   * @return the jobs that were running and will run again
   * @throws ConflictException if the target is not empty, or either is part of another move
   */
  public List<JobId> run(Duration drain) throws InterruptedException {
    if (sourceName.equals(targetName)) {
      throw new ConflictException("'%s' is where the queue is: name another".formatted(sourceName));
    }
    Optional<Direction> begun = direction(source, targetName);
    if (begun.filter(Direction.GONE::equals).isPresent()) {
      return arrive();
    }
    refuse(begun, Direction.COMING, source);
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
    source.archive().fence(new Move(Direction.GONE, targetName));
    return arrive();
  }

  /** What a queue's fence says of a move from or to the other one. */
  private static Optional<Direction> direction(Holdfast queue, String other) {
    Optional<Move> move = queue.archive().move();
    if (move.filter(another -> !another.address().equals(other)).isPresent()) {
      throw new ConflictException("'%s': %s".formatted(name(queue), move.get().message()));
    }
    return move.map(Move::direction);
  }

  private static void refuse(Optional<Direction> found, Direction unfit, Holdfast queue) {
    if (found.filter(unfit::equals).isPresent()) {
      throw new ConflictException(
          "'%s': %s".formatted(name(queue), queue.archive().move().orElseThrow().message()));
    }
  }

  /** An empty one, one of an earlier try, or the one that the queue had come from. */
  private void takeTarget() {
    Optional<Direction> begun = direction(target, sourceName);
    refuse(begun, Direction.GOING, target);
    if (begun.isEmpty()) {
      checkEmpty();
    }
    target.archive().fence(new Move(Direction.COMING, sourceName));
    if (begun.isEmpty()) {
      checkStillEmpty();
    }
  }

  private void checkEmpty() {
    boolean isUsed = target.status().nodes().stream().anyMatch(node -> node.alive());
    boolean isEmpty =
        target.archive().stamps(Optional.empty(), 1).isEmpty()
            && target.archive().schedules().isEmpty();
    if (isUsed || !isEmpty) {
      throw new ConflictException(
          "'%s' is in use or has jobs: a queue is moved to an empty database"
              .formatted(targetName));
    }
  }

  /** Somebody may have enqueued before the fence. */
  private void checkStillEmpty() {
    try {
      checkEmpty();
    } catch (ConflictException used) {
      target.archive().unfence();
      throw used;
    }
  }

  private long compare() {
    return new Comparison(source.archive(), target.archive(), this::sayNowAndThen).run();
  }

  private void sayNowAndThen(long seen) {
    long now = console.time().ticks();
    if (now - saidAt >= SAY_INTERVAL.toNanos()) {
      saidAt = now;
      console.say("compared %s so far".formatted(Text.count(seen, "job")));
    }
  }

  /** From here on the source stands still, whoever has it open. */
  private void fence() throws InterruptedException {
    Duration lease = source.archive().fence(new Move(Direction.GOING, targetName));
    if (!lease.isZero()) {
      Duration wait = lease.plus(MARGIN);
      console.say(
          "jobs are still running: waiting %s until their nodes have stopped them"
              .formatted(Durations.format(wait)));
      Threads.pause(wait);
    }
  }

  private void copyRest() {
    for (int pass = 1; pass <= LAST_PASSES_MAX; pass++) {
      Comparison comparison =
          new Comparison(source.archive(), target.archive(), this::sayNowAndThen);
      if (comparison.run() == 0) {
        comparison.keys();
        target.archive().fillTypeLimits(source.archive().typeLimits());
        target.archive().fillSchedules(source.archive().schedules());
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
      console.say("the queue had been moved before");
      return List.of();
    }
    return target.archive().arrive(BY, WHY);
  }

  /**
   * Takes a move back that has not been completed: the queue lives on where it was.
   *
   * @throws ConflictException if it was completed
   */
  public static void undo(Holdfast source) {
    Optional<Move> move = source.archive().move();
    if (move.isPresent() && move.get().direction() != Direction.GOING) {
      throw new ConflictException(
          "'%s': %s; from there, holdfast copy brings it back"
              .formatted(name(source), move.get().message()));
    }
    source.archive().unfence();
    source.order(NodeOrder.RUN, List.of());
  }
}
