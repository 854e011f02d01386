package dev.holdfast.torture.checker;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Blow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The findings of the checker in the evidence of one run. */
public final class Verdict {
  private final Map<Promise, List<String>> breaches = new EnumMap<>(Promise.class);
  private final List<JobCase> cases;
  private final Blows blows;
  private final Idleness idleness;

  private Verdict(List<JobCase> cases, Blows blows, Idleness idleness) {
    this.cases = cases;
    this.blows = blows;
    this.idleness = idleness;
    for (Promise promise : Promise.values()) {
      List<String> broken = new ArrayList<>();
      for (JobCase job : cases) {
        promise.breaches(job, blows).forEach(how -> broken.add("job " + job.id() + ": " + how));
      }
      breaches.put(promise, broken);
    }
    breaches.put(Promise.IDLE, idleness.breaches());
  }

  /** Checks the run in {@code folder} against its store. */
  public static Verdict of(Path folder, Holdfast holdfast) {
    Evidence evidence = new Evidence(folder, holdfast);
    return new Verdict(evidence.cases(holdfast), evidence.blows(), Idleness.in(folder));
  }

  /** Returns the breaches of this promise, one sentence each. */
  public List<String> breaches(Promise promise) {
    return breaches.getOrDefault(promise, List.of());
  }

  /** Returns the number of all breaches. */
  public long breaches() {
    return breaches.values().stream().mapToLong(List::size).sum();
  }

  /** Returns the number of blows of this kind. */
  public long blows(Blow.Kind kind) {
    return blows.count(kind);
  }

  /** Returns the number of handlers of a queue that ran at once. */
  public Crowd crowd(String queue) {
    return Crowd.of(queue, cases, blows);
  }

  /** Returns whether all promises were kept. */
  public boolean isGood() {
    return breaches() == 0;
  }

  /**
   * Returns whether all promises were kept except that of idle time, which cannot be kept on a
   * shared machine.
   */
  public boolean isGoodButForIdleTime() {
    return breaches() == breaches(Promise.IDLE).size();
  }

  /** Returns all numbers by name, in the order of the report. */
  public Map<String, Number> numbers() {
    Map<String, Number> numbers = new LinkedHashMap<>();
    numbers.put("jobs_asked", cases.stream().filter(job -> job.asked().isPresent()).count());
    numbers.put("jobs_acknowledged", cases.stream().filter(JobCase::isAcknowledged).count());
    numbers.put("jobs_duplicate", cases.stream().filter(JobCase::isDuplicate).count());
    numbers.put(
        "jobs_unknown",
        cases.stream().filter(job -> job.asked().isPresent() && job.answer().isEmpty()).count());
    numbers.put("jobs_completed", inState(JobState.COMPLETED));
    numbers.put("jobs_failed", inState(JobState.FAILED));
    numbers.put("handler_starts", cases.stream().mapToLong(job -> job.lives().size()).sum());
    numbers.put("crashes_counted", crashes());
    for (Blow.Kind kind : Blow.Kind.values()) {
      if (!Blow.Kind.ENDS.contains(kind)) {
        numbers.put("blows_" + kind.name().toLowerCase(Locale.ROOT), blows.count(kind));
      }
    }
    putTimes(numbers, "again_after_kill", Blow.Kind.KILL, false);
    putTimes(numbers, "again_after_kill_and_server", Blow.Kind.KILL, true);
    putTimes(numbers, "again_after_kill_all", Blow.Kind.KILL_ALL, false);
    LateAnswers late = LateAnswers.in(cases, blows);
    numbers.put("handlers_paused", late.paused());
    numbers.put("handlers_paused_taken_over", late.takenOver());
    numbers.put("late_answers_refused", late.refused());
    numbers.put("late_answers_accepted", late.accepted());
    numbers.putAll(idleness.numbers());
    breaches.forEach((promise, broken) -> numbers.put(promise.label(), broken.size()));
    return numbers;
  }

  private long inState(JobState state) {
    return cases.stream().filter(job -> job.isIn(state)).count();
  }

  private long crashes() {
    return cases.stream().flatMap(job -> job.row().stream()).mapToLong(row -> row.crashes()).sum();
  }

  private void putTimes(
      Map<String, Number> numbers, String name, Blow.Kind kind, boolean besideServerRestart) {
    Resumptions times = new Resumptions(kind, besideServerRestart, cases, blows);
    numbers.put(name + "_n", times.count());
    numbers.put(name + "_p50_ms", times.quantile(0.5));
    numbers.put(name + "_p99_ms", times.quantile(0.99));
    numbers.put(name + "_max_ms", times.quantile(1));
  }
}
