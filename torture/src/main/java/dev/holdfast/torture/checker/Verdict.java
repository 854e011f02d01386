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

/** What the checker found in the evidence of one run. */
public final class Verdict {
  private final Map<Promise, List<String>> breaches = new EnumMap<>(Promise.class);
  private final List<JobCase> cases;
  private final Blows blows;

  private Verdict(List<JobCase> cases, Blows blows) {
    this.cases = cases;
    this.blows = blows;
    for (Promise promise : Promise.values()) {
      List<String> broken = new ArrayList<>();
      for (JobCase job : cases) {
        promise.breaches(job, blows).forEach(how -> broken.add("job " + job.id() + ": " + how));
      }
      breaches.put(promise, broken);
    }
  }

  /** Checks the run in {@code folder} against its store. */
  public static Verdict of(Path folder, Holdfast holdfast) {
    Evidence evidence = new Evidence(folder, holdfast);
    return new Verdict(evidence.cases(holdfast), evidence.blows());
  }

  /** How this promise was broken, one sentence each time. */
  public List<String> breaches(Promise promise) {
    return breaches.getOrDefault(promise, List.of());
  }

  /** How often any promise was broken. */
  public long breaches() {
    return breaches.values().stream().mapToLong(List::size).sum();
  }

  /** How many blows of this kind were struck. */
  public long blows(Blow.Kind kind) {
    return blows.count(kind);
  }

  /** How many handlers of a queue ran at once. */
  public Crowd crowd(String queue) {
    return Crowd.of(queue, cases, blows);
  }

  /** Whether all promises were kept. */
  public boolean isGood() {
    return breaches() == 0;
  }

  /** All numbers, by name, in the order in which they are told. */
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
      if (kind != Blow.Kind.PEACE && kind != Blow.Kind.GO_ON) {
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
