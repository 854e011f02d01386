package dev.holdfast.test;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Assertions about the jobs of a queue, whatever their state. Each narrows the jobs, and fails if
 * none is left; the failure shows those that there were.
 */
public final class QueueAssert {
  private static final int SHOWN = 20;
  private static final PageRequest FIRST = PageRequest.first(Limits.PAGE_MAX);

  private final JobQueue queue;
  private final List<Job> jobs;
  private final String what;

  QueueAssert(JobQueue queue) {
    this(queue, List.of(), "a job");
  }

  private QueueAssert(JobQueue queue, List<Job> jobs, String what) {
    this.queue = queue;
    this.jobs = jobs;
    this.what = what;
  }

  /** Asserts that a job of this type was enqueued. */
  public QueueAssert enqueued(String type) {
    List<Job> all = all();
    return new QueueAssert(queue, all, "a job")
        .narrowed("of type '" + type + "'", job -> job.type().equals(type));
  }

  /** Asserts that no job of this type was enqueued. */
  public QueueAssert notEnqueued(String type) {
    List<Job> found = all().stream().filter(job -> job.type().equals(type)).toList();
    if (!found.isEmpty()) {
      throw new AssertionError(
          "expected no job of type '%s', but there is%n%s".formatted(type, shown(found)));
    }
    return this;
  }

  /**
   * Asserts that the payload of one of these jobs contains {@code part}: an object contains another
   * if it has its fields with values that contain the other's; anything else contains what is equal
   * to it.
   *
   * @param part anything that can be written as JSON, such as {@code Map.of("to", "ada")}
   */
  public QueueAssert withPayload(Object part) {
    JsonPart wanted = JsonPart.of(part);
    return narrowed("with " + wanted + " in its payload", job -> wanted.isIn(job.payload()));
  }

  /** Asserts that one of these jobs is in this queue. */
  public QueueAssert inQueue(String name) {
    return narrowed("in queue '" + name + "'", job -> job.queue().equals(name));
  }

  /** Asserts that one of these jobs is in this state. */
  public QueueAssert inState(JobState state) {
    return narrowed("in state " + state, job -> job.state() == state);
  }

  /** Asserts that these jobs are so many. */
  public QueueAssert times(int number) {
    if (jobs.size() != number) {
      throw new AssertionError(
          "expected %s %d times, but there are %d:%n%s"
              .formatted(what, number, jobs.size(), shown(jobs)));
    }
    return this;
  }

  private QueueAssert narrowed(String how, Predicate<Job> matches) {
    List<Job> left = jobs.stream().filter(matches).toList();
    if (left.isEmpty()) {
      throw new AssertionError(
          "expected %s %s, but there is%n%s".formatted(what, how, shown(jobs)));
    }
    return new QueueAssert(queue, left, what + " " + how);
  }

  private List<Job> all() {
    List<Job> all = new ArrayList<>();
    Page<Job> page = queue.list(JobFilter.all(), FIRST);
    all.addAll(page.items());
    while (page.next().isPresent()) {
      page = queue.list(JobFilter.all(), FIRST.after(page.next().get()));
      all.addAll(page.items());
    }
    return all;
  }

  private static String shown(List<Job> jobs) {
    if (jobs.isEmpty()) {
      return "  no job at all";
    }
    String lines =
        jobs.stream()
            .limit(SHOWN)
            .map(
                job ->
                    "  %s in queue '%s', %s: %s"
                        .formatted(job.type(), job.queue(), job.state(), job.payload()))
            .collect(Collectors.joining(System.lineSeparator()));
    return jobs.size() > SHOWN ? lines + "%n  and %d more".formatted(jobs.size() - SHOWN) : lines;
  }
}
