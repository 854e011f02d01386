package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.NodeConfig;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Requirements;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.StorageException;
import dev.holdfast.Transition;
import dev.holdfast.cli.each.RunSpools;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.cli.terminal.SignalStop;
import dev.holdfast.cli.terminal.Signals;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.FileSchedules;
import dev.holdfast.config.Flag;
import dev.holdfast.config.Keys;
import dev.holdfast.config.Settings;
import dev.holdfast.handlers.exec.AllowedPrograms;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.exec.ExecPayload;
import dev.holdfast.handlers.exec.Spool;
import dev.holdfast.handlers.http.AllowedUrls;
import dev.holdfast.handlers.http.HttpHandler;
import dev.holdfast.handlers.http.HttpPayload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast work}. */
@Command(
    name = "work",
    header = "Runs jobs of the built-in types 'exec' and 'http' until it is told to stop.",
    description = {
      "%nThe payload of an exec job is {\"argv\": [\"program\", \"argument\", …], \"cwd\"?,"
          + " \"env\"?, \"stdin\"?}; there is no shell. Its result is {\"exit_code\", \"stdout\","
          + " \"stderr\", \"truncated\"} with the last 64 KiB of each. An exit code other than 0"
          + " fails the attempt. The command sees HOLDFAST_JOB and HOLDFAST_TOKEN in its"
          + " environment.",
      "%nThe payload of an http job is {\"url\", \"method\"?, \"headers\"?, \"body\"?,"
          + " \"timeout\"?, \"expect\"?}. Its result is {\"status\", \"headers\", \"body\","
          + " \"truncated\", \"millis\"}. 408, 425, 429, 5xx and a failing network fail the"
          + " attempt, any other status but 2xx fails the job. The request carries the job's id as"
          + " Idempotency-Key.",
      "%nSIGTERM, SIGINT and SIGHUP: no more jobs are taken, running ones may go on for the"
          + " grace period and are ended then (TERM, after 5 s KILL); their jobs go back without"
          + " using up an attempt. A second signal kills them."
    })
final class WorkCommand implements Callable<Integer> {
  private static final int PAGE = 100;
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private final DbOption db;
  private final Console console;
  private final Consumer<Integer> halt;
  private final Semaphore ends = new Semaphore(0);
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  @Option(
      names = "--queues",
      paramLabel = "QUEUE",
      split = ",",
      description = "The queues to serve. Default: as configured, else all.")
  private List<String> queues = List.of();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description =
          "How many jobs run at once. Default: as configured, else the number of processors.")
  private @Nullable String concurrency;

  @Option(
      names = "--until-empty",
      description =
          "Ends when no such job is pending, running, or waiting for a retry; those that require"
              + " what this worker lacks don't count. The exit code is 1 if any failed here.")
  private boolean isUntilEmpty;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The node's name. Default: as configured, else work.")
  private @Nullable String name;

  @Option(
      names = "--grace",
      paramLabel = "D",
      description = "How long jobs may go on after a signal. Default: as configured, else 20s.")
  private @Nullable String grace;

  @Option(
      names = "--capability",
      paramLabel = "NAME=VALUE",
      description =
          "What this worker can do, for jobs that require it; repeatable. The value is a text, a"
              + " number, true, false, or several of these separated by a vertical bar. Default: as"
              + " configured.")
  private List<String> capabilities = List.of();

  @Option(
      names = "--allow-http",
      paramLabel = "URL",
      split = ",",
      description =
          "What jobs may call: scheme and host, with port and path if need be; '*' for all. For a"
              + " database on a server as --allow-exec: a type of which nothing is allowed is left"
              + " to other nodes. Default: as configured.")
  private List<String> allowHttp = List.of();

  @Option(
      names = "--allow-exec",
      paramLabel = "PROGRAM",
      split = ",",
      description =
          "What jobs may run, by the first word of their commands; '*' for all. This or"
              + " --allow-http must be given for a database on a server. Default: as configured.")
  private List<String> allowExec = List.of();

  WorkCommand(DbOption db, Console console, Consumer<Integer> halt) {
    this.db = db;
    this.console = console;
    this.halt = halt;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = db.configure(flags());
    Settings settings = configuration.settings();
    NodeConfig node = settings.node();
    try (Holdfast holdfast = db.open()) {
      ExecHandler commands =
          new ExecHandler(
              new RunSpools(db.folder(), spool(holdfast)), programs(settings), console.time());
      HttpHandler calls = new HttpHandler(urls(settings), console.time());
      Set<String> types = types(settings);
      if (types.contains(ExecHandler.TYPE)) {
        holdfast.handle(
            ExecHandler.TYPE,
            ExecPayload.class,
            commands,
            settings.type(ExecHandler.TYPE).handler());
      }
      if (types.contains(HttpHandler.TYPE)) {
        holdfast.handle(
            HttpHandler.TYPE, HttpPayload.class, calls, settings.type(HttpHandler.TYPE).handler());
      }
      holdfast.onAcknowledged(
          (acknowledgements, stale) -> {
            acknowledgements.forEach(end -> count(end.transition().kind()));
            ends.release();
          });
      if (configuration.file().isPresent()) {
        declareSchedules(settings, holdfast);
      }
      SignalStop stop =
          new SignalStop(holdfast, commands, node.grace(), false, console, this::summarize, halt);
      try (Signals signals = Signals.handle(stop)) {
        holdfast.start(node);
        while (!holdfast.isClosed()
            && (!isUntilEmpty || commands.running().size() > 0 || hasWork(holdfast, node, types))) {
          ends.tryAcquire(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
      } finally {
        stop.awaitHalt();
      }
    }
    summarize();
    return failed.get() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void declareSchedules(Settings settings, Holdfast holdfast) {
    FileSchedules.Applied applied = FileSchedules.apply(settings.schedules(), holdfast.schedules());
    applied
        .declared()
        .forEach(
            (name, declared) -> {
              if (declared != Declared.UNCHANGED) {
                console.say(
                    "schedule '%s' was %s"
                        .formatted(name, declared.name().toLowerCase(Locale.ROOT)));
              }
            });
    applied
        .leftOver()
        .forEach(
            name ->
                console.say(
                    "schedule '%s' was declared by a configuration file and is not in this one; it goes on firing: remove it with holdfast schedule apply --prune"
                        .formatted(name)));
  }

  /** A file belongs to this user; a server's database is written by others. */
  private Set<String> types(Settings settings) {
    Set<String> types = new TreeSet<>();
    if (db.isFile() || !settings.allowExec().isEmpty()) {
      types.add(ExecHandler.TYPE);
    }
    if (db.isFile() || !settings.allowHttp().isEmpty()) {
      types.add(HttpHandler.TYPE);
    }
    if (types.isEmpty()) {
      throw new InvalidRequestException(
          "whoever may write into this database would decide what runs here: name the programs that"
              + " may with --allow-exec, and the URLs that may be called with --allow-http; '*' is"
              + " for all");
    }
    return types;
  }

  private AllowedPrograms programs(Settings settings) {
    return db.isFile() ? AllowedPrograms.all() : AllowedPrograms.of(settings.allowExec());
  }

  private AllowedUrls urls(Settings settings) {
    return db.isFile() ? AllowedUrls.all() : AllowedUrls.of(settings.allowHttp());
  }

  private List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    Flag.ifGiven(Keys.WORKER_NAME, "--name", name).ifPresent(flags::add);
    Flag.ifGiven(Keys.WORKER_QUEUES, "--queues", queues.isEmpty() ? null : String.join(",", queues))
        .ifPresent(flags::add);
    Flag.ifGiven(Keys.WORKER_CONCURRENCY, "--jobs", concurrency).ifPresent(flags::add);
    Flag.ifGiven(Keys.WORKER_GRACE, "--grace", grace).ifPresent(flags::add);
    Flag.ifGiven(
            Keys.WORKER_CAPABILITIES,
            "--capability",
            capabilities.isEmpty() ? null : String.join(",", capabilities))
        .ifPresent(flags::add);
    Flag.ifGiven(
            Keys.WORKER_ALLOW_EXEC,
            "--allow-exec",
            allowExec.isEmpty() ? null : String.join(",", allowExec))
        .ifPresent(flags::add);
    Flag.ifGiven(
            Keys.WORKER_ALLOW_HTTP,
            "--allow-http",
            allowHttp.isEmpty() ? null : String.join(",", allowHttp))
        .ifPresent(flags::add);
    return flags;
  }

  private void count(Transition.Kind end) {
    if (end == Transition.Kind.COMPLETE) {
      completed.incrementAndGet();
    } else if (end == Transition.Kind.FAIL) {
      failed.incrementAndGet();
    }
  }

  private void summarize() {
    console.say("completed %d, failed %d".formatted(completed.get(), failed.get()));
  }

  /** The folder for the output of commands, without what killed workers left there. */
  private Path spool(Holdfast holdfast) {
    try {
      Path spool = PrivateFiles.createFolder(db.folder().resolve("spool"));
      for (Spool.Name name : Spool.names(spool)) {
        if (holdfast.find(name.job()).filter(job -> isRunning(job, name.token())).isEmpty()) {
          name.delete(spool);
        }
      }
      return spool;
    } catch (IOException failure) {
      throw new StorageException(
          "no folder for the output of commands: " + failure.getMessage(), failure);
    }
  }

  private static boolean isRunning(Job job, long token) {
    return job.state() == JobState.RUNNING && job.token() == token;
  }

  private static boolean hasWork(Holdfast holdfast, NodeConfig node, Set<String> types) {
    List<Optional<String>> served =
        node.queues().isEmpty()
            ? List.of(Optional.empty())
            : node.queues().stream().map(Optional::of).toList();
    return served.stream()
        .anyMatch(queue -> types.stream().anyMatch(type -> hasWork(holdfast, node, queue, type)));
  }

  /** One look at all three states: a job that goes from one to the next is in none of three. */
  private static boolean hasWork(
      Holdfast holdfast, NodeConfig node, Optional<String> queue, String type) {
    JobFilter filter =
        JobFilter.in(JobState.RUNNING, JobState.PENDING, JobState.SCHEDULED).type(type);
    filter = queue.map(filter::queue).orElse(filter);
    Optional<PageRequest> request = Optional.of(PageRequest.first(PAGE));
    while (request.isPresent()) {
      Page<Job> page = holdfast.list(filter, request.get());
      if (page.items().stream().anyMatch(job -> isWork(job, node))) {
        return true;
      }
      request = page.next().map(PageRequest.first(PAGE)::after);
    }
    return false;
  }

  /**
   * What waits for its time is none, unless it failed and is to be tried again; nor is what another
   * worker must do, as this one lacks something for it.
   */
  private static boolean isWork(Job job, NodeConfig node) {
    boolean isDue = job.state() != JobState.SCHEDULED || job.failure().isPresent();
    return isDue
        && job.requires()
            .map(Requirements::parse)
            .map(asked -> asked.filter(all -> all.areMetBy(node.capabilities())).isPresent())
            .orElse(true);
  }
}
