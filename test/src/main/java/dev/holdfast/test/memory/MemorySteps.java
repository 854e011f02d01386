package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.spi.StepStore.Finished;
import dev.holdfast.spi.StepWait;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of the jobs of a memory store. Guarded by the store's lock. */
final class MemorySteps {
  private final Map<JobId, List<Step>> ofJob = new HashMap<>();

  List<Step> of(JobId job) {
    return List.copyOf(ofJob.getOrDefault(job, List.of()));
  }

  Optional<Step> find(JobId job, String name) {
    return of(job).stream().filter(step -> step.name().equals(name)).findFirst();
  }

  void load(JobId job, List<Step> steps) {
    if (!steps.isEmpty()) {
      ofJob.put(job, new ArrayList<>(steps));
    }
  }

  void remove(JobId job) {
    ofJob.remove(job);
  }

  /** Forgets the steps of a job from this position on. */
  void forget(JobId job, int position) {
    ofJob.getOrDefault(job, new ArrayList<>()).removeIf(step -> step.position() >= position);
  }

  private int next(JobId job) {
    return of(job).stream().mapToInt(Step::position).max().orElse(0) + 1;
  }

  private void put(JobId job, Step step) {
    List<Step> steps = ofJob.computeIfAbsent(job, first -> new ArrayList<>());
    steps.removeIf(known -> known.position() == step.position());
    steps.add(step.position() > steps.size() ? steps.size() : step.position() - 1, step);
  }

  /** Begins the wait of a step, or continues it. */
  Step begin(JobId job, int attempt, StepWait wait, Instant now) {
    Optional<Step> known = find(job, wait.step());
    if (known.isPresent()) {
      return known.get();
    }
    boolean isForJobs = wait.kind() == StepKind.JOBS;
    Step step =
        new Step(
            next(job),
            wait.step(),
            wait.kind(),
            attempt,
            now,
            Optional.empty(),
            isForJobs ? Optional.empty() : Optional.of(now.plus(wait.limit())),
            isForJobs ? Optional.of(ids(wait.jobs())) : Optional.empty());
    put(job, step);
    return step;
  }

  private static String ids(List<JobId> jobs) {
    return new JacksonCodec().encode(jobs.stream().map(JobId::toString).toList());
  }

  void finish(JobId job, int attempt, Finished step, Instant now) {
    Optional<Step> known = find(job, step.name());
    put(
        job,
        new Step(
            known.map(Step::position).orElseGet(() -> next(job)),
            step.name(),
            known.map(Step::kind).orElse(step.kind()),
            attempt,
            known.map(Step::startedAt).orElseGet(() -> now.minus(step.ran())),
            Optional.of(now),
            known.flatMap(Step::until),
            step.result().or(() -> known.flatMap(Step::result))));
  }

  /** Counts the waits of a job from now, which was changed last at a moment still to come. */
  void countAgain(MemoryRow row, Instant now) {
    boolean waits = row.state() == JobState.SCHEDULED || row.state() == JobState.BLOCKED;
    if (waits) {
      of(row.id()).stream()
          .filter(step -> !step.isFinished() && step.until().isPresent())
          .forEach(step -> put(row.id(), until(step, rest(step, row, now))));
    }
  }

  private static Instant rest(Step step, MemoryRow row, Instant now) {
    return now.plus(Duration.between(row.updatedAt(), step.until().orElseThrow()));
  }

  private static Step until(Step step, Instant until) {
    return new Step(
        step.position(),
        step.name(),
        step.kind(),
        step.attempt(),
        step.startedAt(),
        step.finishedAt(),
        Optional.of(until),
        step.result());
  }
}
