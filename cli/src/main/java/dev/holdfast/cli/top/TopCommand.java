package dev.holdfast.cli.top;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Display;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Redaction;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast top}. */
@Command(
    name = "top",
    header = "Shows queues, running jobs, nodes and dead letters on a live screen.",
    description = {
      "%nKeys: Tab chooses a pane, the arrows a row, Enter opens a job, p pauses a queue or resumes"
          + " it after a question, s sorts, / filters, . freezes the screen, ? shows all keys, q"
          + " and Ctrl-C quit with 0. It reads at most 100 running jobs and dead letters."
    })
public final class TopCommand implements Callable<Integer> {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

  /** The size of the frame for what is no terminal. */
  private static final Display.Size FRAME = new Display.Size(120, 60);

  private final DbOption db;
  private final Console console;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "The time between two readings of the queue. Default: 2s.")
  private Duration interval = Duration.ofSeconds(2);

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Shows only rows with this text, in capitals or not.")
  private String filter = "";

  @Option(names = "--once", description = "Prints one frame as text instead.")
  private boolean isOnce;

  @Mixin private Secrets secrets = new Secrets();

  /** Creates the command. */
  public TopCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (interval.compareTo(INTERVAL_MIN) < 0) {
      throw new InvalidRequestException(
          "--interval must be at least 100ms, was " + interval.toMillis() + "ms");
    }
    if (!isOnce && !console.display().isTerminal()) {
      throw new InvalidRequestException(
          "top needs a terminal: --once prints one frame, and --watch of other commands many");
    }
    Redaction redaction = secrets.redaction(db);
    Screen screen = new Screen(redaction, filter);
    try (OpenQueue opened = db.openExistingQueue()) {
      if (isOnce) {
        screen.show(Snapshot.read(opened.queue(), console.time()));
        print(screen);
        return ExitCodes.OK;
      }
      return new LiveTerminal(console, opened.queue(), redaction, screen, interval).run();
    }
  }

  private void print(Screen screen) {
    Display display = console.display();
    Display.Size size = display.isTerminal() ? display.size() : FRAME;
    screen.lines(size.columns(), size.rows(), "", false).forEach(console::line);
  }
}
