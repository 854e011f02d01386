package dev.holdfast.cli;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.StorageException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast enqueue}. */
@Command(
    name = "enqueue",
    header = "Enqueues a job, or many, and prints their ids.",
    description = {
      "%nWhen an id is printed, its job is durable. With --batch each line of the file is a JSON"
          + " object with the fields of these options: type, payload, queue, priority, delay, key,"
          + " group, max_attempts, timeout; what it leaves out, the options say. Up to 10,000"
          + " lines are enqueued all or none, more in such portions."
    })
final class EnqueueCommand implements Callable<Integer> {
  private static final Duration WAIT_MAX = Duration.ofDays(10_000);

  private final DbOption db;
  private final Console console;

  @Option(names = "--type", paramLabel = "TYPE", description = "The handler's name.")
  private @Nullable String type;

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description = "The payload, or the file that has it (@- is standard input). Default: null.")
  private String payload = "null";

  @Option(names = "--queue", paramLabel = "QUEUE", description = "The queue. Default: default.")
  private String queue = NewJob.DEFAULT_QUEUE;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first. Default: 0.")
  private int priority;

  @Option(
      names = "--delay",
      paramLabel = "D",
      description = "Not before this long from now, such as 30s or 2h.")
  private @Nullable Duration delay;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Idempotency key: a known one answers the first job.")
  private @Nullable String key;

  @Option(names = "--group", paramLabel = "GROUP", description = "What the job belongs to.")
  private @Nullable String group;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "Attempts before it has failed. Default: as configured for its type, else 4.")
  private @Nullable Integer maxAttempts;

  @Option(names = "--timeout", paramLabel = "D", description = "How long one attempt may run.")
  private @Nullable Duration timeout;

  @Option(
      names = "--requires",
      paramLabel = "JSON",
      description =
          "Capabilities that a worker must have, such as {\"gpu\": true, \"memory\": {\">=\": 16}}.")
  private @Nullable String requires;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description = "Enqueues a job for each line of a file (- is standard input).")
  private @Nullable String batch;

  @Option(
      names = "--wait",
      description = "Waits for the end; the exit code is 1 if any did not complete.")
  private boolean isWaiting;

  @Option(
      names = "--json",
      description =
          "Prints one JSON object a line: id and duplicate; with --wait the whole job at its end.")
  private boolean isJson;

  EnqueueCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (batch != null) {
      return enqueueBatch(batch);
    }
    NewJob job = template().job();
    try (Holdfast holdfast = db.open()) {
      List<JobId> ids = print(holdfast.enqueue(List.of(job)));
      return isWaiting ? await(holdfast, ids) : ExitCodes.OK;
    }
  }

  private JobTemplate template() throws IOException {
    return new JobTemplate(
        type,
        Json.read("the payload", payload()),
        queue,
        priority,
        delay,
        key,
        group,
        maxAttempts,
        timeout,
        requires == null ? null : Json.read("the requirements", requires),
        db.configuration().settings());
  }

  private String payload() throws IOException {
    if (!payload.startsWith("@")) {
      return payload;
    }
    try (InputStream content = open(payload.substring(1))) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private InputStream open(String file) {
    try {
      return file.equals("-") ? console.in() : Files.newInputStream(Path.of(file));
    } catch (IOException | RuntimeException failure) {
      throw new InvalidRequestException(
          "the file '%s' cannot be read: %s".formatted(file, failure), failure);
    }
  }

  private int enqueueBatch(String file) throws IOException, InterruptedException {
    List<JobId> awaited = new ArrayList<>();
    try (InputStream content = open(file);
        Holdfast holdfast = db.open()) {
      JobLines lines = new JobLines(content, template());
      for (List<NewJob> part = lines.next(); !part.isEmpty(); part = lines.next()) {
        List<JobId> ids = print(holdfast.enqueue(part));
        if (isWaiting) {
          awaited.addAll(ids);
        }
      }
      return isWaiting ? await(holdfast, awaited) : ExitCodes.OK;
    }
  }

  private List<JobId> print(List<Enqueued> answers) throws IOException {
    for (Enqueued answer : answers) {
      if (!isJson) {
        console.line(answer.id().toString());
      } else if (!isWaiting) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", answer.id().toString());
        fields.put("duplicate", answer.duplicate());
        console.line(Json.write(fields));
      }
    }
    console.out().flush(); // before waiting
    return answers.stream().map(Enqueued::id).toList();
  }

  private int await(Holdfast holdfast, List<JobId> ids) throws InterruptedException {
    List<Job> jobs;
    try {
      jobs = holdfast.await(ids, WAIT_MAX).get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new StorageException("waiting failed: " + failure.getCause(), failure);
    }
    int exitCode = ExitCodes.OK;
    for (Job job : jobs) {
      if (isJson) {
        console.line(Json.write(Json.of(job)));
      }
      if (job.state() != JobState.COMPLETED) {
        exitCode = ExitCodes.FAILED;
        String why = job.failure().map(failure -> ": " + failure.message()).orElse("");
        console.say("job %s is %s%s".formatted(job.id(), job.state(), why));
      }
    }
    return exitCode;
  }
}
