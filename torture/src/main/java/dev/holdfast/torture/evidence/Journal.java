package dev.holdfast.torture.evidence;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A producer's log of its requests and their results, on disk before and after each call. So each
 * of its jobs is known to be acknowledged, requested with an unknown outcome, or never requested.
 */
public final class Journal implements AutoCloseable {
  /** The ending of the files. */
  public static final String ENDING = ".journal";

  /** The prefix of the names of producers. */
  public static final String PRODUCER = "producer-";

  private static final String ASK = "ask";
  private static final String ANSWER = "answer";

  private final LineFile file;
  private int calls;

  /** Creates a journal at {@code path}. */
  public Journal(Path path) {
    this.file = new LineFile(path, Durability.POWER_CUT);
  }

  /**
   * One call to enqueue.
   *
   * @param at the moment before the call
   * @param tasks the requested jobs
   * @param answers the job that was returned for each task; empty if the outcome is unknown
   */
  public record Call(Moment at, List<Task> tasks, List<JobId> answers) {
    /** Returns whether the call returned. */
    public boolean isAnswered() {
      return !answers.isEmpty();
    }
  }

  /** Logs that these are about to be enqueued in one call. */
  public void asks(List<Task> tasks) {
    calls++;
    Moment now = Moment.now();
    file.append(
        String.join(
            "\n",
            tasks.stream()
                .map(
                    task ->
                        "%s %d %d %d %s"
                            .formatted(ASK, calls, now.ticks(), now.micros(), task.text()))
                .toList()));
  }

  /** Logs the result of the call. */
  public void isAnswered(List<Enqueued> answers) {
    String ids = String.join(" ", answers.stream().map(answer -> answer.id().toString()).toList());
    file.append("%s %d %s".formatted(ANSWER, calls, ids));
  }

  @Override
  public void close() {
    file.close();
  }

  /** Returns the calls of a journal, in order. */
  public static List<Call> read(Path path) {
    Map<Integer, Call> calls = new HashMap<>();
    List<Integer> order = new ArrayList<>();
    for (String line : LineFile.read(path)) {
      String[] fields = line.split(" ", -1);
      int number = Integer.parseInt(fields[1]);
      if (fields[0].equals(ASK)) {
        Moment at = new Moment(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        Call call =
            calls.computeIfAbsent(
                number,
                first -> {
                  order.add(first);
                  return new Call(at, new ArrayList<>(), new ArrayList<>());
                });
        call.tasks().add(Task.parse(fields, 4));
      } else {
        Call call = requireNonNull(calls.get(number));
        for (int i = 2; i < fields.length; i++) {
          call.answers().add(JobId.parse(fields[i]));
        }
      }
    }
    return order.stream().map(calls::get).toList();
  }
}
