package dev.holdfast.torture.evidence;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.Optional;

/**
 * A job as its producer asks for it.
 *
 * @param id its identity, given by the producer so that it can repeat the call
 * @param deed what it does in the end
 * @param queue its lane
 * @param priority higher runs first
 * @param delayMillis not before this long after the enqueue
 * @param maxAttempts how many attempts it has
 * @param key its idempotency key, if it has one
 * @param work its payload
 */
public record Task(
    JobId id,
    Deed deed,
    String queue,
    int priority,
    long delayMillis,
    int maxAttempts,
    Optional<String> key,
    Work work) {
  private static final int FIELDS = 11;
  private static final String NO_KEY = "-";

  /** What Holdfast is asked for. */
  public NewJob toNewJob() {
    NewJob job =
        NewJob.of(deed.type(), work)
            .withId(id)
            .on(queue)
            .priority(priority)
            .maxAttempts(maxAttempts);
    NewJob later = delayMillis > 0 ? job.in(Duration.ofMillis(delayMillis)) : job;
    return key.map(later::unique).orElse(later);
  }

  /** The fields, for a line. */
  String text() {
    return String.join(
        " ",
        id.toString(),
        deed.name(),
        queue,
        Integer.toString(priority),
        Long.toString(delayMillis),
        Integer.toString(maxAttempts),
        key.orElse(NO_KEY),
        Long.toString(work.runMillis()),
        Integer.toString(work.times()),
        Long.toString(work.delayMillis()),
        Boolean.toString(work.stubborn()));
  }

  /** Reads what {@link #text} wrote, from the field at {@code first} on. */
  static Task parse(String[] fields, int first) {
    if (fields.length != first + FIELDS) {
      throw new IllegalArgumentException("not a task: " + String.join(" ", fields));
    }
    int next = first;
    return new Task(
        JobId.parse(fields[next++]),
        Deed.valueOf(fields[next++]),
        fields[next++],
        Integer.parseInt(fields[next++]),
        Long.parseLong(fields[next++]),
        Integer.parseInt(fields[next++]),
        Optional.of(fields[next++]).filter(key -> !key.equals(NO_KEY)),
        new Work(
            Long.parseLong(fields[next++]),
            Integer.parseInt(fields[next++]),
            Long.parseLong(fields[next++]),
            Boolean.parseBoolean(fields[next])));
  }
}
