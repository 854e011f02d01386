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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
      if (operation.equals("checkpoint")) {
        passed("before checkpoint '%s'".formatted(arguments[1]));
      } else if (operation.equals("exchange") && endsAttempts(arguments)) {
        passed("at the end, before it was stored");
      }
    }

    @Override
    public void after(String operation, Object[] arguments) {
      if (operation.equals("checkpoint")) {
        passed("after checkpoint '%s'".formatted(arguments[1]));
      }
    }

    private boolean endsAttempts(Object[] arguments) {
      return arguments[0] instanceof List<?> ends
          && ends.stream().anyMatch(end -> end instanceof Acknowledgement);
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
