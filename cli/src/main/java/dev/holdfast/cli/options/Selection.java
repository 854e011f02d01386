package dev.holdfast.cli.options;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.FilterParameters;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select jobs; a job must satisfy all of them. */
public final class Selection {
  private static final int PAGE = 100;
  private static final String TIME =
      " Time: 2026-03-01T02:00:00Z, 2026-03-01, or an age such as 2h.";

  /** A parameter as its messages name it. */
  private static final Pattern PARAMETER = Pattern.compile("the parameter '([a-z_]+)'");

  @Option(
      names = {"--state", "--status"},
      paramLabel = "STATE",
      split = ",",
      description = "Selects jobs in these states: ${COMPLETION-CANDIDATES}.")
  private List<JobState> states = List.of();

  @Option(
      names = "--not-state",
      paramLabel = "STATE",
      split = ",",
      description = "Excludes these states.")
  private List<JobState> notStates = List.of();

  @Mixin private Scope scope = new Scope();

  @Option(
      names = "--not-type",
      paramLabel = "TYPE",
      description = "Excludes this type; repeatable.")
  private List<String> notTypes = List.of();

  @Option(
      names = "--not-queue",
      paramLabel = "QUEUE",
      description = "Excludes this queue; repeatable.")
  private List<String> notQueues = List.of();

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Selects jobs with this tag; repeated, with all of them.")
  private List<String> tags = List.of();

  @Option(
      names = "--any-tag",
      paramLabel = "TAG",
      description = "Selects jobs with one of these tags; repeatable.")
  private List<String> anyTags = List.of();

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description =
          "Selects jobs with this value in a field, such as payload.customer.id=42,"
              + " metadata.region=eu or requires.gpu=true; repeatable.")
  private List<String> where = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Selects jobs that were enqueued since then." + TIME)
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Selects jobs that were enqueued before.")
  private @Nullable String until;

  @Option(
      names = "--finished-since",
      paramLabel = "TIME",
      description = "Selects jobs that finished since then.")
  private @Nullable String finishedSince;

  @Option(
      names = "--finished-until",
      paramLabel = "TIME",
      description = "Selects jobs that finished before.")
  private @Nullable String finishedUntil;

  @Option(
      names = "--failure",
      paramLabel = "KIND",
      split = ",",
      description = "Selects jobs whose failure is of one of these kinds, such as TIMEOUT.")
  private List<String> failures = List.of();

  @Option(
      names = "--failure-text",
      paramLabel = "TEXT",
      description = "Selects jobs whose failure's message contains this text.")
  private @Nullable String failureText;

  @Option(
      names = "--attempts",
      paramLabel = "RANGE",
      description = "Selects jobs with so many attempts: 3, >1, >=2, <5, <=5 or 2..5.")
  private @Nullable String attempts;

  @Option(
      names = "--priority",
      paramLabel = "RANGE",
      description = "Selects jobs with such a priority.")
  private @Nullable String priority;

  @Option(
      names = "--waited",
      paramLabel = "RANGE",
      description = "Selects jobs that waited so long from being due to their start, such as >5s.")
  private @Nullable String waited;

  @Option(
      names = "--ran",
      paramLabel = "RANGE",
      description = "Selects finished jobs whose last attempt took so long, such as 1m..5m.")
  private @Nullable String ran;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Selects jobs with this idempotency key.")
  private @Nullable String key;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Selects jobs that nodes of this name run, or ran last.")
  private @Nullable String node;

  @Option(
      names = "--created-by",
      paramLabel = "NAME",
      description = "Selects jobs that this user or program enqueued.")
  private @Nullable String createdBy;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "Selects the jobs of this schedule.")
  private @Nullable String schedule;

  /** Returns whether no option was given. */
  public boolean isEmpty() {
    return scope.isEmpty() && parameters().isEmpty();
  }

  /**
   * Returns the filter; without {@code --state} it selects the states {@code otherwise}.
   *
   * @throws InvalidRequestException listing every mistake
   */
  public JobFilter filter(Set<JobState> otherwise) {
    JobFilter filter;
    try {
      filter = FilterParameters.read(parameters(), Set.of());
    } catch (InvalidRequestException wrong) {
      throw new InvalidRequestException(
          PARAMETER.matcher(wrong.getMessage()).replaceAll(name -> option(name.group(1))), wrong);
    }
    JobFilter restricted = scope.restrict(filter);
    if (states.isEmpty() && !otherwise.isEmpty()) {
      Set<JobState> left = EnumSet.copyOf(otherwise);
      left.removeAll(notStates);
      if (left.isEmpty()) {
        throw new InvalidRequestException(
            "--not-state excludes every state that this command applies to");
      }
      return restricted.states(left);
    }
    return restricted;
  }

  private static String option(String parameter) {
    return switch (parameter) {
      case "wait" -> "--waited";
      case "run" -> "--ran";
      case "worker" -> "--node";
      default -> "--" + parameter.replace('_', '-');
    };
  }

  private Map<String, List<String>> parameters() {
    Map<String, List<String>> given = new LinkedHashMap<>();
    put(given, "state", states.stream().map(Enum::name).toList());
    put(given, "not_state", notStates.stream().map(Enum::name).toList());
    put(given, "not_type", notTypes);
    put(given, "not_queue", notQueues);
    put(given, "tag", tags);
    put(given, "any_tag", anyTags);
    put(given, "where", where);
    put(given, "since", since);
    put(given, "until", until);
    put(given, "finished_since", finishedSince);
    put(given, "finished_until", finishedUntil);
    put(given, "failure", failures);
    put(given, "failure_text", failureText);
    put(given, "attempts", attempts);
    put(given, "priority", priority);
    put(given, "wait", waited);
    put(given, "run", ran);
    put(given, "key", key);
    put(given, "worker", node);
    put(given, "created_by", createdBy);
    put(given, "schedule", schedule);
    return given;
  }

  private static void put(Map<String, List<String>> given, String name, @Nullable String value) {
    if (value != null) {
      given.put(name, List.of(value));
    }
  }

  private static void put(Map<String, List<String>> given, String name, List<String> values) {
    if (!values.isEmpty()) {
      given.put(name, values);
    }
  }

  /** Passes all matching jobs to {@code page}, a page at a time, in the order of the filter. */
  public static void forEachPage(
      JobQueue queue, JobFilter filter, long limit, Consumer<List<Job>> page) {
    Optional<PageCursor> after = Optional.empty();
    for (long left = limit; left > 0; ) {
      PageRequest request = new PageRequest((int) Math.min(left, PAGE), after);
      Page<Job> jobs = queue.list(filter, request);
      page.accept(jobs.items());
      left -= jobs.items().size();
      after = jobs.next();
      if (after.isEmpty()) {
        return;
      }
    }
  }
}
