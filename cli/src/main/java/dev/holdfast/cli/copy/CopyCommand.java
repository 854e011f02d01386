package dev.holdfast.cli.copy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast copy}. */
@Command(
    name = "copy",
    header = "Moves a queue to another database while it is in use.",
    description = {
      "%nCopies everything while the queue is in use, drains the nodes, fences the old database"
          + " off so that no program can write to it any more, copies the rest, compares both,"
          + " and opens the new one. Programs that write to the old one get an error with the new"
          + " address. If the copy is interrupted, repeat it or take it back with --undo.",
      "%nTokens, webhooks and alerts are not copied. If this database has tokens and the new one"
          + " has none, nothing is copied, as a server of the new database would allow everything"
          + " to everybody."
    })
public final class CopyCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      description = "The target: the path of a file, or a URL. It is created, or must be empty.")
  private @Nullable String target;

  @Option(
      names = "--drain-timeout",
      paramLabel = "D",
      description =
          "Maximum time for running jobs to finish. The others are stopped and run again there."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration drain = Duration.ofMinutes(1);

  @Option(
      names = "--leave-open",
      description =
          "Copies even if this queue has tokens and the target has none. Until it has one, a"
              + " server of the target allows everything to everybody on its machine.")
  private boolean mayLeaveOpen;

  @Option(names = "--undo", description = "Takes back an unfinished copy: the queue stays here.")
  private boolean isUndoing;

  public CopyCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (isUndoing == (target != null)) {
      throw new InvalidRequestException("specify either --to ADDRESS or --undo");
    }
    try (Holdfast source = db.openExisting()) {
      if (target == null) {
        QueueCopy.undo(source);
        console.say("the queue stays here; its nodes were told to run");
      } else {
        copy(source, target);
      }
    }
    return ExitCodes.OK;
  }

  private void copy(Holdfast source, String address) throws InterruptedException {
    try (Holdfast opened = Holdfast.open(address)) {
      QueueCopy move = new QueueCopy(source, opened, mayLeaveOpen, Person.name(), console);
      List<JobId> again = move.run(drain);
      again.forEach(id -> console.say("job %s was running and will run again".formatted(id)));
      console.say(
          "the queue has moved to '%s'%s; restart its programs with that address"
              .formatted(
                  opened.queue().status().database().name(),
                  again.isEmpty()
                      ? ""
                      : "; " + Text.count(again.size(), "job") + " will run again"));
    }
  }
}
