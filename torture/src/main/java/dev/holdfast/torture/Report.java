package dev.holdfast.torture;

import dev.holdfast.torture.checker.Promise;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report of a run, for people and for machines. */
public final class Report {
  private static final int EXAMPLES_MAX = 5;

  private final Map<String, Number> settings = new LinkedHashMap<>();
  private final Map<Blow.Kind, Integer> planned;
  private final Verdict verdict;

  /** Creates the report of this run. */
  public Report(Plan plan, Verdict verdict) {
    this.planned = plan.blows();
    this.verdict = verdict;
    settings.put("postgres", plan.ground().postgres());
    settings.put("seed", plan.seed());
    settings.put("workers", plan.workers());
    settings.put("concurrency", plan.concurrency());
    settings.put("lease_ms", plan.lease().toMillis());
    settings.put("handler_ms", plan.runMillis());
  }

  /** Creates the report of a run of which only the evidence is left. */
  Report(Verdict verdict) {
    this.planned = Map.of();
    this.verdict = verdict;
  }

  /** Returns whether all promises were kept and all planned blows were struck. */
  public boolean isGood() {
    return verdict.isGood() && isAsPlanned();
  }

  private boolean isAsPlanned() {
    return planned.entrySet().stream()
        .filter(blow -> blow.getKey() != Blow.Kind.KILL_ALL)
        .allMatch(blow -> blow.getValue() <= verdict.blows(blow.getKey()));
  }

  /** Returns all numbers, one a line, and some examples of broken promises. */
  public String table() {
    StringBuilder table = new StringBuilder();
    all().forEach((name, number) -> table.append("%-34s %s%n".formatted(name, text(number))));
    for (Promise promise : Promise.values()) {
      verdict.breaches(promise).stream()
          .limit(EXAMPLES_MAX)
          .forEach(how -> table.append("%s: %s%n".formatted(promise.label(), how)));
    }
    if (!isAsPlanned()) {
      table.append(
          "Fewer blows were struck than planned: there was too little work; use more --jobs\n");
    }
    return table.toString();
  }

  /** Returns all numbers in one line of JSON. */
  public String json() {
    return all().entrySet().stream()
        .map(entry -> "\"%s\": %s".formatted(entry.getKey(), text(entry.getValue())))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private Map<String, Number> all() {
    Map<String, Number> all = new LinkedHashMap<>(settings);
    all.putAll(verdict.numbers());
    return all;
  }

  private static String text(Number number) {
    return number instanceof Double fraction
        ? String.format(Locale.ROOT, "%.1f", fraction)
        : number.toString();
  }
}
