package dev.holdfast.cli.work;

import dev.holdfast.config.Flag;
import dev.holdfast.config.Keys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for running jobs in this process. */
final class WorkerOptions {
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
      names = "--fail-fast",
      description =
          "Ends when the database cannot be reached at the start, instead of waiting for it.")
  private boolean failsFast;

  @Option(
      names = "--allow-http",
      paramLabel = "URL",
      split = ",",
      description =
          "What jobs may call: scheme and host, with port and path if need be; '*' for all. Where"
              + " others can enqueue – a database on a server, holdfast serve – a type of which"
              + " nothing is allowed is left to other nodes; on a file, all of it is allowed then."
              + " Default: as configured.")
  private List<String> allowHttp = List.of();

  @Option(
      names = "--allow-exec",
      paramLabel = "PROGRAM",
      split = ",",
      description =
          "What jobs may run, by the first word of their commands; '*' for all. A relative path"
              + " starts from the folder of this process. Needed where others can enqueue, as"
              + " --allow-http. Default: as configured.")
  private List<String> allowExec = List.of();

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description =
          "How much is logged: off, error, warn, info, debug or trace. Default: as configured, else"
              + " $$LOG_LEVEL, else warn.")
  private @Nullable String logLevel;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "How a line is logged: text or json. Default: as configured, else text.")
  private @Nullable String logFormat;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description = "Where lines are logged. Default: as configured, else standard error.")
  private @Nullable String logFile;

  /** Returns true if the process ends when it cannot reach the database at the start. */
  boolean failsFast() {
    return failsFast;
  }

  /** Returns the options that were given; they override the configuration. */
  List<Flag> flags() {
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
    Flag.ifGiven(Keys.LOG_LEVEL, "--log-level", logLevel).ifPresent(flags::add);
    Flag.ifGiven(Keys.LOG_FORMAT, "--log-format", logFormat).ifPresent(flags::add);
    Flag.ifGiven(Keys.LOG_FILE, "--log-file", logFile).ifPresent(flags::add);
    return flags;
  }
}
