package dev.holdfast.test;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Job;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a handler again and again, each time with a crash at the next place. */
final class CrashRuns<T> {
  private static final Duration LONG = Duration.ofDays(31);

  private final JobType<T, ?> type;
  private final JobHandler<? super T> handler;
  private final T payload;
  private final Collection<?> effects;

  CrashRuns(JobType<T, ?> type, JobHandler<? super T> handler, T payload, Collection<?> effects) {
    this.type = type;
    this.handler = handler;
    this.payload = payload;
    this.effects = effects;
  }

  CrashReport report() {
    Run calm = new Run(-1);
    calm.run();
    if (calm.state() != JobState.COMPLETED) {
      throw new AssertionError(
          "without a crash the job must complete, but it is %s: %s"
              .formatted(calm.state(), requireNonNull(calm.job).failure()));
    }
    List<CrashReport.Crash> crashes = new ArrayList<>();
    for (int place = 0; place < calm.places.size(); place++) {
      Run run = new Run(place);
      run.run();
      crashes.add(
          new CrashReport.Crash(
              run.places.get(place),
              without(run.seen, calm.seen),
              without(calm.seen, run.seen),
              run.state()));
    }
    return new CrashReport(crashes);
  }

  /** Returns what is in {@code all} more often than in {@code others}. */
  private static List<Object> without(List<Object> all, List<Object> others) {
    List<Object> rest = new ArrayList<>(all);
    others.forEach(rest::remove);
    return rest;
  }

  /** One run, from an empty queue to the job's end. */
  private final class Run implements StoreLink.Faults {
    private final int crashAt;
    private final List<String> places = new ArrayList<>(); // passed so far
    private @Nullable VirtualQueue world;
    private List<Object> seen = List.of();
    private @Nullable Job job; // at the end

    /**
     * @param crashAt the number of the place at which the process dies; -1 for none
     */
    private Run(int crashAt) {
      this.crashAt = crashAt;
    }

    /** Runs the job to its end. */
    private void run() {
      effects.clear();
      try (VirtualQueue queue =
          new VirtualQueue(
              holdfast -> holdfast.handle(type, handler).start(), false, this::linked)) {
        world = queue;
        JobId id = queue.holdfast().enqueue(NewJob.of(type.name(), payload)).id();
        while (!queue.runUntil(() -> job(queue, id).state().isFinished(), LONG) && queue.isDown()) {
          queue.start();
        }
        seen = List.copyOf(effects); // before the rest of the dead handler is unwound
        job = job(queue, id);
      }
    }

    private JobState state() {
      return requireNonNull(job).state();
    }

    private static Job job(VirtualQueue queue, JobId id) {
      return queue.memory().find(id).orElseThrow();
    }

    private JobStore linked(JobStore store) {
      return StoreLink.link(store, this);
    }

    @Override
    public void before(String operation, Object[] arguments) {
      switch (operation) {
        case "checkpoint" -> passed("before checkpoint '%s'".formatted(arguments[1]));
        case "finish" -> passed("before step '%s' was stored".formatted(finished(arguments)));
        case "exchange" -> ends(arguments).forEach(end -> passed(beforeEnd(end)));
        default -> {} // no place of the handler
      }
    }

    @Override
    public void after(String operation, Object[] arguments) {
      switch (operation) {
        case "checkpoint" -> passed("after checkpoint '%s'".formatted(arguments[1]));
        case "finish" -> passed("after step '%s'".formatted(finished(arguments)));
        case "exchange" ->
            ends(arguments).stream()
                .flatMap(end -> suspended(end).stream())
                .forEach(step -> passed("while step '%s' waits".formatted(step)));
        default -> {} // no place of the handler
      }
    }

    private static String finished(Object[] arguments) {
      return ((StepStore.Finished) arguments[arguments.length - 1]).name();
    }

    private static List<Acknowledgement> ends(Object[] arguments) {
      return arguments[0] instanceof List<?> ends
          ? ends.stream()
              .filter(Acknowledgement.class::isInstance)
              .map(Acknowledgement.class::cast)
              .toList()
          : List.of();
    }

    private static String beforeEnd(Acknowledgement end) {
      return suspended(end)
          .map("before step '%s' suspended the job"::formatted)
          .orElse("at the end, before it was stored");
    }

    /** Returns the step in which the attempt ended, if it did. */
    private static Optional<String> suspended(Acknowledgement end) {
      return end.transition() instanceof Transition.Suspend suspend
          ? Optional.of(suspend.step().step())
          : Optional.empty();
    }

    private void passed(String place) {
      places.add(place);
      if (places.size() - 1 == crashAt && world != null) {
        world.crash();
        throw new ProcessDiedError();
      }
    }
  }

  /** Unwinds a duty of a process that has died; handlers do not get this far. */
  private static final class ProcessDiedError extends Error {
    private static final long serialVersionUID = 1L;

    private ProcessDiedError() {
      super("the process died", null, false, false);
    }
  }
}
