package dev.holdfast.torture.checker;

import dev.holdfast.torture.evidence.Sample;
import dev.holdfast.torture.evidence.Sample.Judgement;
import dev.holdfast.torture.host.LineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The share of time in which work could run and did not: the share of valid samples that found both
 * a job and a free slot waiting for longer than tolerated.
 */
final class Idleness {
  private static final double PERCENT_MAX = 1;

  /**
   * The number of idle samples that is always tolerated, as in a short run a single hiccup of the
   * machine would exceed one percent.
   */
  private static final int SAMPLES_MAX = 20;

  private final List<Sample> samples;

  private Idleness(List<Sample> samples) {
    this.samples = samples;
  }

  /** Reads the samples in this folder; none if there was no sampler. */
  static Idleness in(Path folder) {
    Path file = folder.resolve(Sample.FILE);
    List<String> lines = Files.exists(file) ? LineFile.read(file) : List.of();
    return new Idleness(lines.stream().map(Sample::parse).toList());
  }

  private long count(Judgement judgement) {
    return samples.stream().filter(sample -> sample.judgement() == judgement).count();
  }

  private double percent() {
    long judged = samples.size() - count(Judgement.UNJUDGED);
    return judged == 0 ? 0 : 100.0 * count(Judgement.IDLE) / judged;
  }

  /** Returns one sentence for each kind of work that did not run, if there was too much. */
  List<String> breaches() {
    if (percent() < PERCENT_MAX || count(Judgement.IDLE) <= SAMPLES_MAX) {
      return List.of();
    }
    Map<String, List<Sample>> kinds =
        samples.stream()
            .filter(sample -> sample.judgement() == Judgement.IDLE)
            .collect(Collectors.groupingBy(sample -> sample.detail().split(" ", 2)[0]));
    return kinds.entrySet().stream()
        .map(
            kind ->
                "in %d of %d samples a slot was free and a job that could run did not: %s, such as %s"
                    .formatted(
                        kind.getValue().size(),
                        samples.size(),
                        kind.getKey(),
                        kind.getValue().get(kind.getValue().size() / 2)))
        .toList();
  }

  Map<String, Number> numbers() {
    Map<String, Number> numbers = new LinkedHashMap<>();
    numbers.put("samples", samples.size());
    numbers.put("samples_unjudged", count(Judgement.UNJUDGED));
    numbers.put("samples_idle", count(Judgement.IDLE));
    numbers.put("idle_percent", percent());
    return numbers;
  }
}
