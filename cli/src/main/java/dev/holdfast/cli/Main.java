package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.check.Durations;
import dev.holdfast.cli.access.TokenCommand;
import dev.holdfast.cli.config.ConfigCheckCommand;
import dev.holdfast.cli.config.ConfigCommand;
import dev.holdfast.cli.config.ConfigShowCommand;
import dev.holdfast.cli.copy.CopyCommand;
import dev.holdfast.cli.demo.DemoWorkerCommand;
import dev.holdfast.cli.each.EachCommand;
import dev.holdfast.cli.export.ExportCommand;
import dev.holdfast.cli.export.ImportCommand;
import dev.holdfast.cli.failures.FailuresCommand;
import dev.holdfast.cli.failures.FailuresDeleteCommand;
import dev.holdfast.cli.failures.FailuresMuteCommand;
import dev.holdfast.cli.failures.FailuresRetryCommand;
import dev.holdfast.cli.health.DoctorCommand;
import dev.holdfast.cli.health.MetricsCommand;
import dev.holdfast.cli.health.StatusCommand;
import dev.holdfast.cli.jobs.BulkCommand;
import dev.holdfast.cli.jobs.CancelCommand;
import dev.holdfast.cli.jobs.DeleteCommand;
import dev.holdfast.cli.jobs.EnqueueCommand;
import dev.holdfast.cli.jobs.ExplainCommand;
import dev.holdfast.cli.jobs.ListCommand;
import dev.holdfast.cli.jobs.LogsCommand;
import dev.holdfast.cli.jobs.ReplaceCommand;
import dev.holdfast.cli.jobs.ResumeCommand;
import dev.holdfast.cli.jobs.RetryCommand;
import dev.holdfast.cli.jobs.RunNextCommand;
import dev.holdfast.cli.jobs.ShowCommand;
import dev.holdfast.cli.jobs.SignalCommand;
import dev.holdfast.cli.maintenance.BackupCommand;
import dev.holdfast.cli.maintenance.CleanupDeadCommand;
import dev.holdfast.cli.maintenance.CleanupOldCommand;
import dev.holdfast.cli.maintenance.MaintainCommand;
import dev.holdfast.cli.maintenance.RecoverCommand;
import dev.holdfast.cli.maintenance.RecoveriesCommand;
import dev.holdfast.cli.maintenance.RestoreCommand;
import dev.holdfast.cli.maintenance.ReviewCommand;
import dev.holdfast.cli.maintenance.VerifyBackupCommand;
import dev.holdfast.cli.manual.CompletionCommand;
import dev.holdfast.cli.manual.ManCommand;
import dev.holdfast.cli.nodes.DrainCommand;
import dev.holdfast.cli.nodes.ForgetCommand;
import dev.holdfast.cli.nodes.QuietCommand;
import dev.holdfast.cli.nodes.StartCommand;
import dev.holdfast.cli.nodes.StopCommand;
import dev.holdfast.cli.nodes.WorkersCommand;
import dev.holdfast.cli.options.ConfigOption;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.queues.LimitTypeCommand;
import dev.holdfast.cli.queues.LimitsCommand;
import dev.holdfast.cli.queues.QueuePauseCommand;
import dev.holdfast.cli.queues.QueueResumeCommand;
import dev.holdfast.cli.queues.QueueSetCommand;
import dev.holdfast.cli.queues.QueuesCommand;
import dev.holdfast.cli.schedules.ScheduleCommand;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Display;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.top.TopCommand;
import dev.holdfast.cli.work.ServeCommand;
import dev.holdfast.cli.work.WorkCommand;
import dev.holdfast.config.ConfigException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.SystemTime;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code holdfast}. */
public final class Main {
  private static final int VFORK_UNTIL = 21;

  private Main() {}

  /** Runs the command given by the arguments and exits with its code. */
  public static void main(String[] args) {
    if (Runtime.version().feature() < VFORK_UNTIL) {
      // Starts commands 1.5 times as fast as the default, by one process less; newer JDKs warn.
      System.setProperty("jdk.lang.Process.launchMechanism", "VFORK");
    }
    Console console =
        new Console(
            System.getenv(),
            new BufferedInputStream(new FileInputStream(FileDescriptor.in)), // a pipe cannot seek
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            Display.isErrTerminal(System.getenv()),
            Display.ofOutput(System.getenv()),
            new SystemTime());
    System.exit(run(console, Runtime.getRuntime()::halt, args));
  }

  /**
   * Runs the command given by the arguments.
   *
   * @param halt ends the process at once, on a signal
   * @return the exit code
   */
  static int run(Console given, Consumer<Integer> halt, String... args) {
    OutputStream out = new BufferedOutputStream(given.out(), 1 << 13);
    Console console = given.out(out);
    int code = commandLine(console, given, halt).execute(args);
    try {
      out.flush();
    } catch (IOException failure) {
      return cannotWrite(console, failure);
    }
    return code;
  }

  /**
   * Creates the command line with all commands. {@code each} writes to the output directly, the
   * others line by line.
   */
  static CommandLine commandLine(Console console, Console direct, Consumer<Integer> halt) {
    ConfigOption config = new ConfigOption(console);
    DbOption db = new DbOption(config, console);
    CommandLine line = new CommandLine(new RootCommand(config, db, console));
    line.addSubcommand(new EnqueueCommand(db, console));
    CommandLine each = new CommandLine(new EachCommand(db, direct, halt));
    each.setStopAtPositional(true);
    line.addSubcommand(each);
    line.addSubcommand(new WorkCommand(db, console, halt));
    line.addSubcommand(new ServeCommand(db, console, halt));
    line.addSubcommand(TokenCommand.line(db, console));
    line.addSubcommand(new ListCommand(db, console));
    line.addSubcommand(new ShowCommand(db, console));
    line.addSubcommand(new StatusCommand(db, console));
    line.addSubcommand(new MetricsCommand(db, console));
    line.addSubcommand(new TopCommand(db, console));
    line.addSubcommand(failures(db, console));
    line.addSubcommand(BulkCommand.line(db, console));
    line.addSubcommand(new CancelCommand(db, console));
    line.addSubcommand(new RetryCommand(db, console));
    line.addSubcommand(new DeleteCommand(db, console));
    line.addSubcommand(new ReplaceCommand(db, console));
    line.addSubcommand(new SignalCommand(db, console));
    line.addSubcommand(new LogsCommand(db, console));
    line.addSubcommand(new ExplainCommand(db, console));
    line.addSubcommand(new DoctorCommand(db, console));
    line.addSubcommand(new RecoverCommand(db, console));
    line.addSubcommand(new RecoveriesCommand(db, console));
    line.addSubcommand(new CleanupDeadCommand(db, console));
    line.addSubcommand(new CleanupOldCommand(db, console));
    line.addSubcommand(new ResumeCommand(db, console));
    line.addSubcommand(workers(db, console));
    line.addSubcommand(new DrainCommand(db, console));
    line.addSubcommand(queues(db, console));
    line.addSubcommand(ScheduleCommand.line(db, console));
    CommandLine limits = new CommandLine(new LimitsCommand(db, console));
    line.addSubcommand(limits.addSubcommand(new LimitTypeCommand(db, console)));
    line.addSubcommand(new RunNextCommand(db, console));
    line.addSubcommand(MaintainCommand.line(db, console));
    line.addSubcommand(BackupCommand.line(db, console));
    line.addSubcommand(new VerifyBackupCommand(db, console));
    line.addSubcommand(new RestoreCommand(db, console));
    line.addSubcommand(new ReviewCommand(db, console));
    line.addSubcommand(new ExportCommand(db, console));
    line.addSubcommand(new ImportCommand(db, console));
    line.addSubcommand(new CopyCommand(db, console));
    line.addSubcommand(new CompletionCommand(console));
    line.addSubcommand(new ManCommand(console));
    CommandLine demo = new CommandLine(new DemoCommand(console));
    demo.addSubcommand(new DemoWorkerCommand(db, console));
    line.addSubcommand(demo);
    line.addSubcommand(configuration(db, console));
    configure(line, console);
    return line;
  }

  private static void configure(CommandLine line, Console console) {
    line.getSubcommands().values().forEach(Main::layOut);
    line.registerConverter(Duration.class, Durations::parse);
    line.registerConverter(JobRef.class, JobRef::parse);
    line.registerConverter(Instant.class, Instant::parse);
    line.setColorScheme(
        Help.defaultColorScheme(console.display().isColoured() ? Ansi.ON : Ansi.OFF));
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(console.out(), true, UTF_8));
    line.setErr(new PrintWriter(console.err(), true, UTF_8));
    line.setParameterExceptionHandler((failure, arguments) -> misused(console, failure));
    line.setExecutionExceptionHandler((failure, command, result) -> failed(console, failure));
  }

  private static CommandLine failures(DbOption db, Console console) {
    CommandLine failures = new CommandLine(new FailuresCommand(db, console));
    failures.addSubcommand(new FailuresRetryCommand(db, console));
    failures.addSubcommand(new FailuresDeleteCommand(db, console));
    return failures.addSubcommand(new FailuresMuteCommand(db, console));
  }

  private static CommandLine workers(DbOption db, Console console) {
    CommandLine workers = new CommandLine(new WorkersCommand(db, console));
    workers.addSubcommand(new QuietCommand(db, console));
    workers.addSubcommand(new StartCommand(db, console));
    workers.addSubcommand(new StopCommand(db, console));
    return workers.addSubcommand(new ForgetCommand(db, console));
  }

  private static CommandLine queues(DbOption db, Console console) {
    CommandLine queues = new CommandLine(new QueuesCommand(db, console));
    queues.addSubcommand(new QueueSetCommand(db, console));
    queues.addSubcommand(new QueuePauseCommand(db, console));
    return queues.addSubcommand(new QueueResumeCommand(db, console));
  }

  private static CommandLine configuration(DbOption db, Console console) {
    CommandLine configuration = new CommandLine(new ConfigCommand(console));
    configuration.addSubcommand(new ConfigShowCommand(db, console));
    return configuration.addSubcommand(new ConfigCheckCommand(db, console));
  }

  private static void layOut(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .synopsisHeading("%nUsage: ")
        .parameterListHeading("%nParameters:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
    command.getSubcommands().values().forEach(Main::layOut);
  }

  private static int misused(Console console, ParameterException failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    if (failure.getCause() instanceof HoldfastException known) {
      message = String.valueOf(known.getMessage());
    }
    if (failure instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      message += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    console.say(message.replaceAll("\\s*\\R\\s*", " ") + " (see " + command + " --help)");
    return ExitCodes.USAGE;
  }

  private static int failed(Console console, Exception failure) {
    if (console.variable("HOLDFAST_DEBUG").isPresent()) {
      failure.printStackTrace(new PrintWriter(console.err(), true, UTF_8));
    }
    if (failure instanceof HoldfastException known) {
      console.say(String.valueOf(known.getMessage()));
      return ExitCodes.of(known);
    }
    if (failure instanceof ConfigException mistaken) {
      mistaken.mistakes().forEach(mistake -> console.say(mistake.toString()));
      return ExitCodes.of(mistaken);
    }
    if (failure instanceof UncheckedIOException io) {
      return cannotWrite(console, io);
    }
    if (failure instanceof IOException io) {
      console.say("reading or writing failed: " + io.getMessage());
      return ExitCodes.IO;
    }
    console.say(
        "a bug in Holdfast: %s (set HOLDFAST_DEBUG=1 to see where, and report it)"
            .formatted(failure));
    return ExitCodes.BUG;
  }

  /** Reports that the output cannot be written, unless the reader has closed the pipe. */
  private static int cannotWrite(Console console, Exception failure) {
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return ExitCodes.PIPE_CLOSED;
    }
    console.say("the output cannot be written: " + failure.getMessage());
    return ExitCodes.IO;
  }
}
