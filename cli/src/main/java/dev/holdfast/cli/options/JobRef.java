package dev.holdfast.cli.options;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A job as people type it: its id, or the beginning of its id if no other job's id begins so. The
 * first 8 digits are alike for all jobs that were enqueued within about a minute.
 */
public final class JobRef {
  /** The fewest digits of an id that are taken for its beginning. */
  static final int DIGITS_MIN = 4;

  private static final int DIGITS = 32;
  private static final int SHOWN = 4;
  private static final Pattern BEGINNING = Pattern.compile("(?:[0-9a-f]-?){4,31}");

  private final String text;
  private final Optional<JobId> whole;

  private JobRef(String text, Optional<JobId> whole) {
    this.text = text;
    this.whole = whole;
  }

  /**
   * Parses what was typed.
   *
   * @throws InvalidRequestException unless it is an id or may be the beginning of one
   */
  public static JobRef parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return BEGINNING.matcher(lower).matches()
        ? new JobRef(lower, Optional.empty())
        : new JobRef(lower, Optional.of(JobId.parse(text)));
  }

  /** Returns the ids of these jobs; see {@link #id}. */
  public static List<JobId> ids(List<JobRef> jobs, JobQueue queue) {
    return jobs.stream().map(job -> job.id(queue)).toList();
  }

  /**
   * Returns the id. A whole id is not looked up.
   *
   * @throws NotFoundException if no id begins so
   * @throws InvalidRequestException if several do; the message lists some of them
   */
  public JobId id(JobQueue queue) {
    return whole.orElseGet(() -> find(queue));
  }

  private JobId find(JobQueue queue) {
    String digits = text.replace("-", "");
    PageCursor last = PageCursor.of(id(digits + "f".repeat(DIGITS - digits.length())));
    List<JobId> found =
        queue.list(JobFilter.all(), new PageRequest(SHOWN + 1, Optional.of(last))).items().stream()
            .map(Job::id)
            .filter(id -> id.toString().replace("-", "").startsWith(digits))
            .toList();
    if (found.isEmpty()) {
      throw new NotFoundException("there is no job whose id begins with " + text);
    }
    if (found.size() > 1) {
      throw new InvalidRequestException(
          "%s begins the ids of several jobs: %s%s; type more of the id"
              .formatted(
                  text,
                  found.stream()
                      .limit(SHOWN)
                      .map(JobId::toString)
                      .collect(Collectors.joining(", ")),
                  found.size() > SHOWN ? " and more" : ""));
    }
    return found.get(0);
  }

  private static JobId id(String digits) {
    return new JobId(
        new UUID(
            Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16)));
  }

  /** Returns what was typed, in lower case. */
  @Override
  public String toString() {
    return text;
  }
}
