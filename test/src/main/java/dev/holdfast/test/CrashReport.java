package dev.holdfast.test;

import dev.holdfast.JobState;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of {@link HandlerTests#crashAtEveryStep}: what each crash did to the effects.
 *
 * @param crashes one for each place at which the process died, in their order
 */
public record CrashReport(List<Crash> crashes) {

  /**
   * A run with a crash.
   *
   * @param place where the process died, such as {@code before checkpoint 'charged'}
   * @param doubled effects that happened more often than without the crash
   * @param missing effects that happened less often than without it
   * @param state the job's state at the end
   */
  public record Crash(String place, List<Object> doubled, List<Object> missing, JobState state) {
    /** Copies the lists. */
    public Crash {
      doubled = List.copyOf(doubled);
      missing = List.copyOf(missing);
    }

    @Override
    public String toString() {
      return "%s: %s%s%s"
          .formatted(
              place,
              state,
              doubled.isEmpty() ? "" : ", doubled " + doubled,
              missing.isEmpty() ? "" : ", missing " + missing);
    }
  }

  /** Copies the list. */
  public CrashReport {
    crashes = List.copyOf(crashes);
  }

  /** Returns the effects that a crash doubled, each once. */
  public List<Object> doubled() {
    return crashes.stream().flatMap(crash -> crash.doubled().stream()).distinct().toList();
  }

  /** Returns the effects that a crash lost, each once. */
  public List<Object> missing() {
    return crashes.stream().flatMap(crash -> crash.missing().stream()).distinct().toList();
  }

  /** Returns a line for each crash. */
  @Override
  public String toString() {
    return crashes.stream()
        .map(Crash::toString)
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
