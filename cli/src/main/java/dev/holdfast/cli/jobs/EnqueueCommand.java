package dev.holdfast.cli.jobs;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.TraceContext;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.JobTemplate;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.PayloadText;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.StorageException;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.EnqueuedJson;
import dev.holdfast.http.wire.JobJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast enqueue}. */
@Command(
    name = "enqueue",
    header = "Enqueues one or more jobs and prints their ids.",
    description = {
      "%nOnce an id is printed, its job is durable. With --batch each line of the file is a JSON"
          + " object with the fields type, payload, queue, priority, delay, key, group,"
          + " max_attempts, timeout, requires, tags, metadata; the options set the defaults. Up to"
          + " 10,000 lines are enqueued all or none; more are split into such batches."
    })
public final class EnqueueCommand implements Callable<Integer> {
  private static final Duration WAIT_MAX = Duration.ofDays(10_000);

  private final DbOption db;
  private final Console console;

  @Option(names = "--type", paramLabel = "TYPE", description = "The handler's name.")
  private @Nullable String type;

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description = "The payload as JSON, or @FILE (@- for standard input). Default: null.")
  private String payload = "null";

  @Option(names = "--queue", paramLabel = "QUEUE", description = "The queue. Default: default.")
  private String queue = NewJob.DEFAULT_QUEUE;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first. Default: 0.")
  private int priority;

  @Option(
      names = "--delay",
      paramLabel = "D",
      description = "Delay before the job may run, such as 30s or 2h.")
  private @Nullable Duration delay;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Idempotency key: a known key returns the first job.")
  private @Nullable String key;

  @Option(names = "--group", paramLabel = "GROUP", description = "The group of the job.")
  private @Nullable String group;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "Maximum number of attempts. Default: as configured for its type, else 4.")
  private @Nullable Integer maxAttempts;

  @Option(names = "--timeout", paramLabel = "D", description = "Maximum run time of an attempt.")
  private @Nullable Duration timeout;

  @Option(
      names = "--after",
      paramLabel = "ID",
      split = ",",
      description = "Waits until this job has completed; repeatable.")
  private List<JobRef> after = List.of();

  @Option(
      names = "--if-failed",
      paramLabel = "cancel|run",
      description = "What to do if a job of --after fails or is cancelled. Default: cancel.")
  private OnPredecessorFailure ifFailed = OnPredecessorFailure.CANCEL;

  @Option(
      names = "--until-signal",
      paramLabel = "NAME",
      description = "Waits for this signal (holdfast signal ID NAME).")
  private @Nullable String signal;

  @Option(
      names = "--signal-timeout",
      paramLabel = "D",
      description = "Maximum wait for the signal. Default: 7d.")
  private Duration signalTimeout = Duration.ofDays(7);

  @Option(
      names = "--if-late",
      paramLabel = "fail|run",
      description = "What to do if the signal does not arrive in time. Default: fail.")
  private OnSignalTimeout ifLate = OnSignalTimeout.FAIL;

  @Option(
      names = "--requires",
      paramLabel = "JSON",
      description =
          "Required capabilities of the worker, such as {\"gpu\": true, \"memory\": {\">=\": 16}}.")
  private @Nullable String requires;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "A tag, to find the job by; repeatable.")
  private List<String> tags = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "JSON",
      description = "Facts about the job, a JSON object such as {\"region\": \"eu\"}.")
  private @Nullable String metadata;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description = "Enqueues a job for each line of a file (- for standard input).")
  private @Nullable String batch;

  @Option(
      names = "--wait",
      description =
          "Waits until the jobs have finished; the exit code is 1 if any did not complete.")
  private boolean isWaiting;

  @Mixin private Secrets secrets = new Secrets();

  @Option(
      names = "--json",
      description =
          "Prints one JSON object a line: id and duplicate; with --wait the finished job.")
  private boolean isJson;

  public EnqueueCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (batch != null) {
      return enqueueBatch(batch);
    }
    NewJob single = template().job();
    try (OpenQueue opened = db.openQueue()) {
      JobQueue jobQueue = opened.queue();
      NewJob job = complete(single, JobRef.ids(after, jobQueue));
      List<JobId> ids = print(jobQueue.enqueue(List.of(job)));
      return isWaiting ? await(jobQueue, ids) : ExitCodes.OK;
    }
  }

  /** Adds the settings that all jobs of a batch share. */
  private NewJob complete(NewJob job, List<JobId> predecessors) {
    NewJob traced = trace().map(job::trace).orElse(job);
    NewJob later = predecessors.isEmpty() ? traced : traced.after(ifFailed, predecessors);
    return signal == null ? later : later.untilSignal(signal, signalTimeout, ifLate);
  }

  private Optional<TraceContext> trace() {
    Map<String, String> env = console.env();
    return TraceContext.of(
        env.get(TraceContext.TRACEPARENT.toUpperCase(Locale.ROOT)),
        env.get(TraceContext.TRACESTATE.toUpperCase(Locale.ROOT)));
  }

  private JobTemplate template() throws IOException {
    return new JobTemplate(
        type,
        PayloadText.read(payload, console),
        queue,
        priority,
        delay,
        key,
        group,
        maxAttempts,
        timeout,
        requires == null ? null : Json.read("the requirements", requires),
        tags,
        metadata == null ? null : Json.read("the metadata", metadata),
        db.configuration().settings());
  }

  private int enqueueBatch(String file) throws IOException, InterruptedException {
    List<JobId> awaited = new ArrayList<>();
    try (InputStream content = PayloadText.open(file, console);
        OpenQueue opened = db.openQueue()) {
      JobQueue jobQueue = opened.queue();
      List<JobId> predecessors = JobRef.ids(after, jobQueue);
      JobLines lines = new JobLines(content, template());
      for (List<NewJob> part = lines.next(); !part.isEmpty(); part = lines.next()) {
        List<JobId> ids =
            print(jobQueue.enqueue(part.stream().map(job -> complete(job, predecessors)).toList()));
        if (isWaiting) {
          awaited.addAll(ids);
        }
      }
      return isWaiting ? await(jobQueue, awaited) : ExitCodes.OK;
    }
  }

  private List<JobId> print(List<Enqueued> answers) throws IOException {
    for (Enqueued answer : answers) {
      if (!isJson) {
        console.line(answer.id().toString());
      } else if (!isWaiting) {
        console.line(Json.write(EnqueuedJson.of(answer)));
      }
    }
    console.out().flush(); // before waiting
    return answers.stream().map(Enqueued::id).toList();
  }

  private int await(JobQueue jobQueue, List<JobId> ids) throws InterruptedException {
    List<Job> jobs;
    try {
      jobs = jobQueue.await(ids, WAIT_MAX).get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new StorageException("waiting failed: " + failure.getCause(), failure);
    }
    int exitCode = ExitCodes.OK;
    Redaction redaction = secrets.redaction(db);
    for (Job job : jobs) {
      if (isJson) {
        console.line(Json.write(JobJson.of(job, redaction)));
      }
      if (job.state() != JobState.COMPLETED) {
        exitCode = ExitCodes.FAILED;
        String why =
            job.failure().map(failure -> ": " + redaction.of(failure, job).message()).orElse("");
        console.say("job %s is %s%s".formatted(job.id(), job.state(), why));
      }
    }
    return exitCode;
  }
}
